// Package archive reads and writes backups.
//
// A backup is a zip archive of three kinds of parts: the database as it stood at one moment (nevermind.db), people's
// files under the SHA-256 of their content (files/HASH), and last of all a manifest that says what is in it
// (backup.json), so that an archive that was cut short is seen. zip gives each part a checksum.
//
// The package knows neither the engine of the store nor that of the files. The database is a file that is copied and
// that the caller knows how to check; the files are copied as they lie, encrypted where they are.
package archive

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"nevermind/bot"
)

// The names of an archive's parts; they are promises.
const (
	DatabaseName = "nevermind.db"
	filesPrefix  = "files/"
	manifestName = "backup.json"
)

// Format is the version of the archive's form. It grows when an older program could not read it.
const Format = 1

// mostManifest bounds a manifest in bytes; it names every file that is missing.
const mostManifest = 64 << 20

// Holdings is what a database holds, as a check of it has counted. The JSON names are promises.
type Holdings struct {
	Schema        int `json:"schema"` // the version of the stored form
	Orders        int `json:"orders"`
	People        int `json:"people"`
	Conversations int `json:"conversations"`
	Entries       int `json:"journal"`
	Tasks         int `json:"tasks"`
	Waiting       int `json:"waiting"` // tasks still in their lanes
	Dead          int `json:"dead"`    // dead letters
	Messages      int `json:"messages"`

	Files []string `json:"-"` // the hashes of the files that conversations name, sorted
}

// Files keeps people's files. OpenStored reads one as it lies, encrypted where it is, and Restore keeps what that has read, if it
// is the file of that hash.
type Files interface {
	OpenStored(ctx context.Context, hash string) (io.ReadCloser, error)
	Restore(ctx context.Context, hash string, r io.Reader) error
}

// Check verifies a database file and counts what it holds.
type Check func(ctx context.Context, path string) (Holdings, error)

// Manifest says what a backup holds. Whoever makes a backup fills in Made, Program and Holds; Pack counts the files.
type Manifest struct {
	Format  int       `json:"format"`
	Made    time.Time `json:"made"`    // when the snapshot was taken, by the program's clock
	Program string    `json:"program"` // the version that made it
	Holds   Holdings  `json:"holds"`
	Files   int       `json:"files"`                   // how many are enclosed
	Missing []string  `json:"missing_files,omitempty"` // hashes that conversations name and that were not there
}

// Pack writes an archive to w: the database at that path, every file that Holds names, and the manifest. A file that is
// not there is listed as missing and is no error. It stops where ctx ends.
func (m *Manifest) Pack(ctx context.Context, w io.Writer, database string, files Files) error {
	m.Format = Format
	z := zip.NewWriter(w)
	err := m.add(ctx, z, DatabaseName, func() (io.ReadCloser, error) { return os.Open(database) })
	for _, hash := range m.Holds.Files {
		if err != nil {
			return err
		}
		err = m.add(ctx, z, filesPrefix+hash, func() (io.ReadCloser, error) { return files.OpenStored(ctx, hash) })
		switch {
		case err == nil:
			m.Files++
		case errors.Is(err, bot.ErrNone):
			m.Missing, err = append(m.Missing, hash), nil
		}
	}
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	part, err := z.CreateHeader(&zip.FileHeader{Name: manifestName, Modified: m.Made})
	if err == nil {
		_, err = part.Write(append(text, '\n'))
	}
	return errors.Join(err, z.Close())
}

// add copies one part into the archive. It is not compressed: that would take the processor from a server beside it.
func (m *Manifest) add(ctx context.Context, z *zip.Writer, name string, open func() (io.ReadCloser, error)) error {
	in, err := open()
	if err != nil {
		return err
	}
	defer in.Close()
	part, err := z.CreateHeader(&zip.FileHeader{Name: name, Modified: m.Made, Method: zip.Store})
	if err == nil {
		_, err = io.Copy(part, contextReader{ctx, in})
	}
	return err
}

// Archive is a backup that is read. Open makes it once it has seen that all parts are there; Extract and Unpack write
// its database and its files somewhere; Close closes the zip file.
type Archive struct {
	Manifest Manifest

	zip      *zip.ReadCloser
	database *zip.File
	files    []*zip.File
}

// Open opens a backup and refuses what is none, or not all of one. bot.ErrNewer: a later version made it. bot.ErrBroken:
// parts of it are missing.
func Open(name string) (*Archive, error) {
	z, err := zip.OpenReader(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%s is no backup of ours, or was cut short: %w", name, err)
	}
	a := &Archive{zip: z}
	info, err := os.Stat(name)
	if err == nil {
		err = a.read(uint64(info.Size()))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), z.Close())
	}
	return a, nil
}

// Close closes the archive's file.
func (a *Archive) Close() error { return a.zip.Close() }

// read finds the parts and holds them against the manifest. Each is there once and stored as it is, so that together they are no
// larger than the archive: what would unpack to more is refused before anything is written.
func (a *Archive) read(size uint64) error {
	seen, total := map[string]bool{}, uint64(0)
	for _, f := range a.zip.File {
		hash, isFile := strings.CutPrefix(f.Name, filesPrefix)
		switch total += f.UncompressedSize64; {
		case seen[f.Name]:
			return fmt.Errorf("%.80q is in it twice", f.Name)
		case f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 || f.UncompressedSize64 > size || total > size:
			return fmt.Errorf("%.80q is not stored as it is", f.Name)
		case !f.Mode().IsRegular():
			return fmt.Errorf("%.80q is no plain file", f.Name)
		}
		seen[f.Name] = true
		switch {
		case f.Name == DatabaseName && a.database == nil:
			a.database = f
		case f.Name == manifestName:
			if err := a.readManifest(f); err != nil {
				return err
			}
		case isFile && len(hash) == 64 && strings.Trim(hash, "0123456789abcdef") == "":
			a.files = append(a.files, f)
		default:
			return fmt.Errorf("%.80q does not belong into a backup", f.Name)
		}
	}
	switch {
	case a.Manifest.Format == 0 || a.database == nil:
		return errors.New("no backup of ours: it needs " + DatabaseName + " and " + manifestName)
	case a.Manifest.Format != Format:
		return fmt.Errorf("%w: its format is %d, this program knows %d", bot.ErrNewer, a.Manifest.Format, Format)
	case len(a.files) != a.Manifest.Files:
		return fmt.Errorf("%w: it holds %d files and says %d", bot.ErrBroken, len(a.files), a.Manifest.Files)
	}
	return nil
}

func (a *Archive) readManifest(f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, mostManifest))
	if err != nil {
		return fmt.Errorf("%w: %w", bot.ErrBroken, err)
	}
	return json.Unmarshal(text, &a.Manifest)
}

// Extract writes the database of a backup into a folder, checks it and holds it against the manifest. path is the new
// file. bot.ErrBroken: it is not what was packed.
func (a *Archive) Extract(ctx context.Context, folder string, check Check) (path string, err error) {
	in, err := a.database.Open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	path = filepath.Join(folder, DatabaseName)
	if err := WriteFile(ctx, path, in); err != nil {
		return "", err
	}
	found, err := check(ctx, path)
	if err != nil {
		return "", err
	}
	if found.Files = nil; !reflect.DeepEqual(found, a.Manifest.Holds) {
		return "", fmt.Errorf("%w: it holds %+v and says %+v", bot.ErrBroken, found, a.Manifest.Holds)
	}
	return path, nil
}

// Unpack puts people's files where files keeps them; those it has already stay.
func (a *Archive) Unpack(ctx context.Context, files Files) error {
	for _, f := range a.files {
		if err := unpack(ctx, f, files); err != nil {
			return fmt.Errorf("restore the file %s: %w", path.Base(f.Name), err)
		}
	}
	return nil
}

func unpack(ctx context.Context, f *zip.File, files Files) error {
	hash := path.Base(f.Name)
	if held, err := files.OpenStored(ctx, hash); err == nil {
		return held.Close()
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	return files.Restore(ctx, hash, in)
}
