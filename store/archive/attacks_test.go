package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"nevermind/store/blob"
)

// forgedPart is a part of a backup that somebody has made up.
type forgedPart struct {
	head zip.FileHeader
	text io.Reader
}

// forgedBackup packs parts; a manifest that says what is wanted comes last, unless there is one among them.
func forgedBackup(t *testing.T, files int, parts ...forgedPart) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	note, err := json.Marshal(Manifest{Format: Format, Files: files})
	must(t, err)
	parts = append(parts, forgedPart{zip.FileHeader{Name: manifestName}, bytes.NewReader(note)})
	for _, p := range parts {
		w, err := z.CreateHeader(&p.head)
		must(t, err)
		_, err = io.Copy(w, p.text)
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

// TestForgedBackups: what is no backup of ours, or unpacks to more than it is, is refused before anything is written.
func TestForgedBackups(t *testing.T) {
	zeros := func(n int64) io.Reader { return io.LimitReader(endless{}, n) }
	database := forgedPart{zip.FileHeader{Name: DatabaseName}, strings.NewReader("a database")}
	file := filesPrefix + strings.Repeat("a", 64)
	linked := zip.FileHeader{Name: DatabaseName}
	linked.SetMode(fs.ModeSymlink | 0o777)
	bomb := forgedBackup(t, 0, forgedPart{zip.FileHeader{Name: DatabaseName}, zeros(1 << 20)})
	for name, text := range map[string][]byte{
		"a packed database": forgedBackup(t, 0, forgedPart{zip.FileHeader{Name: DatabaseName, Method: zip.Deflate}, zeros(64 << 20)}),
		"a packed file":     forgedBackup(t, 1, database, forgedPart{zip.FileHeader{Name: file, Method: zip.Deflate}, zeros(64 << 20)}),
		"a packed manifest": forgedBackup(t, 0, database,
			forgedPart{zip.FileHeader{Name: "x", Method: zip.Deflate}, zeros(64 << 20)}),
		"two manifests": forgedBackup(t, 0, database, forgedPart{zip.FileHeader{Name: manifestName},
			strings.NewReader(`{"format":1,"files":0,"made":"2020-01-01T00:00:00Z"}`)}),
		"two databases": forgedBackup(t, 0, database, database),
		"the same file twice": forgedBackup(t, 2, database, forgedPart{zip.FileHeader{Name: file}, zeros(1)},
			forgedPart{zip.FileHeader{Name: file}, zeros(1)}),
		"another path":        forgedBackup(t, 0, database, forgedPart{zip.FileHeader{Name: "../../x"}, zeros(1)}),
		"another case":        forgedBackup(t, 0, database, forgedPart{zip.FileHeader{Name: "NEVERMIND.DB"}, zeros(1)}),
		"a file below a file": forgedBackup(t, 1, database, forgedPart{zip.FileHeader{Name: file + "/x"}, zeros(1)}),
		"a hash of other signs": forgedBackup(t, 1, database,
			forgedPart{zip.FileHeader{Name: filesPrefix + strings.Repeat("A", 64)}, zeros(1)}),
		"a link": forgedBackup(t, 0, forgedPart{linked, strings.NewReader("/etc/passwd")}),
		"two names of one part": overlapping(forgedBackup(t, 1, forgedPart{zip.FileHeader{Name: DatabaseName}, zeros(1 << 20)},
			forgedPart{zip.FileHeader{Name: file}, zeros(1 << 20)})),
		"a size that is a lie": lying(bomb),
	} {
		before := memory()
		a, err := opened(t, text)
		if err == nil {
			folder := t.TempDir()
			_, err = a.Extract(t.Context(), folder, func(context.Context, string) (Holdings, error) { return Holdings{}, nil })
			if blobs, err2 := blob.Folder(t.TempDir()); err == nil && err2 == nil {
				err = a.Unpack(t.Context(), blobs)
			}
			if info, err := os.Stat(filepath.Join(folder, DatabaseName)); err == nil && info.Size() > int64(len(text)) {
				t.Errorf("%s: %d bytes were written of an archive of %d", name, info.Size(), len(text))
			}
		}
		if err == nil {
			t.Errorf("%s: was taken, want it refused", name)
		}
		if used := memory() - before; used > 16<<20 {
			t.Errorf("%s: %d bytes were used", name, used)
		}
	}
}

// TestBackupOfManyNames: a list of a great many files costs no more than it is long.
func TestBackupOfManyNames(t *testing.T) {
	var parts []forgedPart
	for n := range 70_000 {
		parts = append(parts, forgedPart{zip.FileHeader{Name: filesPrefix + fmt.Sprintf("%064x", n)}, strings.NewReader("")})
	}
	text := forgedBackup(t, 70_000, parts...)
	before := memory()
	if _, err := opened(t, text); err == nil {
		t.Error("it was taken without a database")
	}
	if used := memory() - before; used > 8*uint64(len(text)) {
		t.Errorf("%d bytes were used of an archive of %d", used, len(text))
	}
}

// TestCutShort: a file of another size than its archive says is no file of that hash.
func TestCutShort(t *testing.T) {
	text, _, _ := packed(t)
	at := bytes.Index(text, []byte("a letter"))
	text[at] ^= 1
	a, err := opened(t, text)
	must(t, err)
	blobs, err := blob.Folder(t.TempDir())
	must(t, err)
	if err := a.Unpack(t.Context(), blobs); !errors.Is(err, zip.ErrChecksum) {
		t.Errorf("got %v, want ErrChecksum", err)
	}
}

// endless is a file of zeros without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// overlapping has the second part of an archive begin where its first does.
func overlapping(text []byte) []byte {
	first := bytes.Index(text, []byte("PK\x01\x02"))
	second := first + bytes.Index(text[first+4:], []byte("PK\x01\x02")) + 4
	copy(text[second+42:second+46], text[first+42:first+46])
	return text
}

// lying says of the first part that it is larger than the whole archive.
func lying(text []byte) []byte {
	first := bytes.Index(text, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(text[first+20:], 1<<31)
	binary.LittleEndian.PutUint32(text[first+24:], 1<<31)
	return text
}
