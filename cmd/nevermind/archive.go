package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/store/blob"
	"nevermind/store/bolt"
)

// A backup is a zip archive: the database as it is, people's files under their hashes, and last of all what is in it, so
// that one cut short is seen. Each part carries a checksum.
const (
	archivedStore = "nevermind.db"
	archivedFiles = "files/"
	archivedNote  = "backup.json"
)

// backupNote says what a backup holds.
type backupNote struct {
	Format  int         `json:"format"` // 1
	Made    time.Time   `json:"made"`   // by the house's clock
	Program string      `json:"program"`
	Holds   bolt.Report `json:"holds"`
	Files   int         `json:"files"`
	Missing []string    `json:"missing_files,omitempty"` // hashes that conversations name and that were not there
}

// pack writes the archive: the database, then every file that it names.
func (n *backupNote) pack(ctx context.Context, w io.Writer, store string, blobs *blob.Store) error {
	z := zip.NewWriter(w)
	err := n.add(ctx, z, archivedStore, func() (io.ReadCloser, error) { return os.Open(store) })
	for _, hash := range n.Holds.Files {
		if err != nil {
			return err
		}
		err = n.add(ctx, z, archivedFiles+hash, func() (io.ReadCloser, error) { return blobs.Open(ctx, hash) })
		switch {
		case err == nil:
			n.Files++
		case errors.Is(err, bot.ErrNone):
			n.Missing, err = append(n.Missing, hash), nil
		}
	}
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	part, err := z.CreateHeader(&zip.FileHeader{Name: archivedNote, Modified: n.Made})
	if err == nil {
		_, err = part.Write(append(text, '\n'))
	}
	return errors.Join(err, z.Close())
}

// add copies one part into the archive, uncompressed: the work would be the server's neighbour's.
func (n *backupNote) add(ctx context.Context, z *zip.Writer, name string, open func() (io.ReadCloser, error)) error {
	in, err := open()
	if err != nil {
		return err
	}
	defer in.Close()
	part, err := z.CreateHeader(&zip.FileHeader{Name: name, Modified: n.Made, Method: zip.Store})
	if err == nil {
		_, err = io.Copy(part, reading{ctx, in})
	}
	return err
}

// archive is a backup that is read.
type archive struct {
	*zip.ReadCloser
	note  backupNote
	store *zip.File
	files []*zip.File
}

// openArchive opens a backup and refuses what is none, or not all of one.
func openArchive(name string) (*archive, error) {
	z, err := zip.OpenReader(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%s is no backup of ours, or was cut short: %w", name, err)
	}
	a := &archive{ReadCloser: z}
	if err := a.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), z.Close())
	}
	return a, nil
}

func (a *archive) read() error {
	for _, f := range a.File {
		hash, isFile := strings.CutPrefix(f.Name, archivedFiles)
		switch {
		case f.Name == archivedStore && a.store == nil:
			a.store = f
		case f.Name == archivedNote:
			if err := a.readNote(f); err != nil {
				return err
			}
		case isFile && len(hash) == 64 && strings.Trim(hash, "0123456789abcdef") == "":
			a.files = append(a.files, f)
		default:
			return fmt.Errorf("%.80q does not belong into a backup", f.Name)
		}
	}
	switch {
	case a.note.Format == 0 || a.store == nil:
		return errors.New("no backup of ours: it needs " + archivedStore + " and " + archivedNote)
	case a.note.Format != 1:
		return fmt.Errorf("%w: its format is %d, this program knows 1", bot.ErrNewer, a.note.Format)
	case len(a.files) != a.note.Files:
		return fmt.Errorf("%w: it holds %d files and says %d", bot.ErrBroken, len(a.files), a.note.Files)
	}
	return nil
}

func (a *archive) readNote(f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, 64<<20))
	if err != nil {
		return fmt.Errorf("%w: %w", bot.ErrBroken, err)
	}
	return json.Unmarshal(text, &a.note)
}

// extract writes the database of a backup into a folder and looks through it.
func (a *archive) extract(ctx context.Context, folder string) (path string, err error) {
	in, err := a.store.Open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	path = filepath.Join(folder, archivedStore)
	if err := keepFile(ctx, path, in); err != nil {
		return "", err
	}
	found, err := bolt.Check(ctx, path)
	if err != nil {
		return "", err
	}
	if found.Files = nil; fmt.Sprint(found) != fmt.Sprint(a.note.Holds) {
		return "", fmt.Errorf("%w: it holds %+v and says %+v", bot.ErrBroken, found, a.note.Holds)
	}
	return path, nil
}

// syncEvery is how many bytes of a large file are written before the disk is waited for: a server beside us waits for the
// same disk, and should never wait for all of it.
const syncEvery = 8 << 20

// keepFile writes a file of the owner's alone, durably.
func keepFile(ctx context.Context, path string, in io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(&steady{File: f}, reading{ctx, in})
	return errors.Join(err, f.Sync(), f.Close())
}

// steady syncs a file as it grows.
type steady struct {
	*os.File
	unsynced int
}

func (s *steady) Write(b []byte) (int, error) {
	n, err := s.File.Write(b)
	if s.unsynced += n; err == nil && s.unsynced >= syncEvery {
		s.unsynced, err = 0, s.Sync()
	}
	return n, err
}

// ReadFrom hides that of the file, which would write all at once.
func (s *steady) ReadFrom(r io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{s}, r, make([]byte, 256<<10))
}

// reading reads until ctx ends.
type reading struct {
	ctx context.Context
	in  io.Reader
}

func (r reading) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(b)
}

// syncFolder makes a rename in it durable.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every system can
	return dir.Close()
}
