package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"nevermind/store/archive"
)

// backupCommand writes a backup (store/archive) of a store that may be in use.
type backupCommand struct {
	File    string `arg:"" help:"The file to write: a zip archive."`
	Replace bool   `help:"Write over a file that is there already."`
}

// Run copies everything as it stands at one moment, verifies the copy and only then gives it its
// name: a file of that name is always a whole backup.
func (c backupCommand) Run(ctx context.Context, p *program) error {
	if _, err := os.Lstat(c.File); err == nil && !c.Replace {
		return fmt.Errorf("%s is there already: name another file, or say --replace", c.File)
	}
	folder, forget, err := scratchFolder(filepath.Dir(c.File))
	if err != nil {
		return err
	}
	note, err := c.write(ctx, p, folder)
	if err = errors.Join(err, forget()); err != nil {
		return err
	}
	for _, hash := range note.Missing {
		fmt.Fprintf(p.err, "a file that a conversation names is not there: %s\n", hash)
	}
	fmt.Fprintf(p.out, "%s holds %s and %s, as of %s\n", c.File, holdings(note.Holds), count(note.Files, "file"),
		note.Made.Format(time.RFC3339))
	return nil
}

// write makes the backup in a scratch folder beside its place: a snapshot, its check, and the
// archive, which is packed into a pipe while it is written and synced.
func (c backupCommand) write(ctx context.Context, p *program, folder string) (*archive.Manifest, error) {
	store := filepath.Join(folder, archive.DatabaseName)
	made, err := p.snapshot(ctx, store)
	if err != nil {
		return nil, err
	}
	note := &archive.Manifest{Made: made, Program: versionName()}
	if note.Holds, err = p.checkDatabase(ctx, store); err != nil {
		return nil, fmt.Errorf("the copy is not sound, so nothing was kept: %w", err)
	}
	blobs, err := p.set.files()
	if err != nil {
		return nil, err
	}
	whole := filepath.Join(folder, "backup.zip")
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(note.Pack(ctx, writer, store, blobs)) }()
	err = archive.WriteFile(ctx, whole, reader)
	reader.Close() //nolint:errcheck // a pipe
	if err != nil {
		return nil, fmt.Errorf("write the backup: %w", err)
	}
	return note, c.name(whole)
}

// name gives a finished backup its name; without --replace never over anything.
func (c backupCommand) name(whole string) (err error) {
	if c.Replace {
		err = os.Rename(whole, c.File)
	} else if err = os.Link(whole, c.File); err != nil && !errors.Is(err, fs.ErrExist) { // no links here
		err = os.Rename(whole, c.File)
	}
	return errors.Join(err, archive.SyncFolder(filepath.Dir(c.File)))
}

// scratchName begins the names of our own folders for what is half done.
const scratchName = ".nevermind-copy-"

// scratchFolder makes a folder of our own beside what is to be written, on the same disk, so that a
// rename is enough at the end. One that a killed command left a day ago is removed: it holds
// people's data.
func scratchFolder(beside string) (folder string, forget func() error, err error) {
	left, err := filepath.Glob(filepath.Join(beside, scratchName+"*"))
	if err != nil {
		left = nil // a name that is no pattern
	}
	for _, old := range left {
		if info, err := os.Lstat(old); err == nil && info.IsDir() && time.Since(info.ModTime()) > 24*time.Hour {
			if err := os.RemoveAll(old); err != nil {
				return "", nil, fmt.Errorf("remove what a killed command has left: %w", err)
			}
		}
	}
	folder, err = os.MkdirTemp(beside, scratchName)
	return folder, func() error { return os.RemoveAll(folder) }, err
}

// holdings is what a store holds, in words.
func holdings(r archive.Holdings) string {
	people := "1 person"
	if r.People != 1 {
		people = fmt.Sprint(r.People, " people")
	}
	return fmt.Sprintf("%s, %s, %s", count(r.Orders, "order"), people, count(r.Conversations, "conversation"))
}

// houseTime is the header under which a snapshot says at what time, by the program's clock, it was
// taken.
const houseTime = "Nevermind-Time"

// snapshot writes the database as it stands now to a new file, whoever has it open, and returns the
// time of that moment by the program's clock, which in a demo may have been moved.
func (p *program) snapshot(ctx context.Context, path string) (made time.Time, err error) {
	client, done, err := p.dial(ctx, plan{old: true})
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, done()) }()
	answer, err := post(ctx, client, "/backup", nil, "ask for a copy")
	if err != nil {
		return made, err
	}
	defer answer.Body.Close()
	if made, err = time.Parse(time.RFC3339Nano, answer.Header.Get(houseTime)); err != nil {
		return made, errors.New("whoever has the store open is of another version: stop it, or use its program")
	}
	if err := archive.WriteFile(ctx, path, answer.Body); err != nil {
		return made, fmt.Errorf("the copy broke off: %w", err)
	}
	return made, nil
}

// chunkTime is how long whoever asked for a copy may leave a piece of it lying: the store grows meanwhile.
const chunkTime = 30 * time.Second

// backup writes a snapshot of the database to whoever asked. Where it breaks off after the first
// byte the connection is cut, so that half a copy is not taken for a whole one.
func (h *house) backup(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(houseTime, h.engine.Now().Format(time.RFC3339Nano))
	out := &deadlineWriter{ResponseWriter: w, control: http.NewResponseController(w)}
	err := h.store.Backup(r.Context(), out)
	switch {
	case err != nil && out.written:
		panic(http.ErrAbortHandler) // so that half a copy is not taken for a whole one
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// deadlineWriter gives each piece of an answer chunkTime to be taken, and remembers whether one
// was.
type deadlineWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	written bool
}

func (c *deadlineWriter) Write(b []byte) (int, error) {
	if err := c.control.SetWriteDeadline(time.Now().Add(chunkTime)); err != nil {
		return 0, err
	}
	c.written = true
	return c.ResponseWriter.Write(b)
}
