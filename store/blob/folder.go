package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"nevermind/bot"
)

// Folder opens a folder of files, made where it is not there yet, readable to its owner alone.
func Folder(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, spoolName), 0o700); err != nil {
		return nil, err
	}
	return &Store{backend: folderBackend(dir), disk: diskSpace}, nil
}

// spoolName is the folder within it where files are spooled.
const spoolName = "incoming"

// folderBackend keeps a file as "<its first two letters>/<hash>" below this folder.
type folderBackend string

// spool lies within the folder, so that a rename from it stays on one disk.
func (d folderBackend) spool() string { return filepath.Join(string(d), spoolName) }

// path is where a file lies.
func (d folderBackend) path(hash string) string { return filepath.Join(string(d), hash[:2], hash) }

// place syncs the file, renames it to its place and syncs the folder: after that no crash undoes it, and none before it
// leaves half a file.
func (d folderBackend) place(_ context.Context, hash string, spooled *os.File, _ string) error {
	if err := spooled.Sync(); err != nil {
		return err
	}
	place := d.path(hash)
	if err := os.Mkdir(filepath.Dir(place), 0o700); err == nil {
		if err := syncFolder(string(d)); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	now := time.Now()
	if err := errors.Join(spooled.Close(), os.Chtimes(spooled.Name(), now, now),
		os.Rename(spooled.Name(), place)); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(place))
}

func (d folderBackend) open(_ context.Context, hash string) (io.ReadCloser, error) {
	f, err := os.Open(d.path(hash))
	return f, notExist(err)
}

func (d folderBackend) remove(_ context.Context, hash string) error {
	return notExist(os.Remove(d.path(hash)))
}

// age is the file's modification time, which place sets.
func (d folderBackend) age(_ context.Context, hash string) (time.Time, error) {
	info, err := os.Stat(d.path(hash))
	if err != nil {
		return time.Time{}, notExist(err)
	}
	return info.ModTime(), nil
}

// list walks the folder and removes spooled files that were left behind before the time.
func (d folderBackend) list(ctx context.Context, before time.Time, visit func(hash string, at time.Time) error) error {
	return filepath.WalkDir(string(d), func(name string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case e.IsDir():
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return ignoreGone(err)
		}
		if filepath.Base(filepath.Dir(name)) == spoolName && info.ModTime().Before(before) {
			return ignoreGone(os.Remove(name)) //nolint:gosec // the folder is the house's own
		}
		if !isHash(e.Name()) {
			return nil
		}
		return visit(e.Name(), info.ModTime())
	})
}

// notExist turns the system's error into bot.ErrNone.
func notExist(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return bot.ErrNone
	}
	return err
}

// ignoreGone lets a file be gone that another has removed meanwhile.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// syncFolder makes a rename in a folder durable.
func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
