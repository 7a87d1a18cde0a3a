package casefile

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// ErrChanged is the error for a file that is not as it was sealed; look for it with errors.Is.
var ErrChanged = errors.New("the file is not as it was sealed")

// Report is what a case file says of itself once it has been found whole.
type Report struct {
	Record   Record
	Seal     string // to be compared with the one in the chat
	Files    int
	Withheld int // parts that are for others and show only their hash
}

// Verify checks a sealed case file, without any server: the seal over every byte, the chain, and the hash of every file and
// page. The error is ErrChanged where anything was changed, added or left out. A whole file made up anew passes; only the
// seal in the chat, or another side's last line, shows that.
func Verify(file io.ReaderAt, size int64) (Report, error) {
	seal, err := checkSeal(file, size)
	if err != nil {
		return Report{}, err
	}
	z, err := zip.NewReader(file, size)
	if err != nil {
		return Report{}, changedError("it is no archive: %v", err)
	}
	rep := Report{Seal: seal}
	text, err := readEntry(z, recordName)
	if err != nil {
		return Report{}, err
	}
	if err := json.Unmarshal(text, &rep.Record); err != nil || rep.Record.Form != recordForm {
		return Report{}, changedError("%s is no record of a case", recordName)
	}
	if rep.Withheld, err = rep.Record.check(); err != nil {
		return Report{}, err
	}
	rep.Files, err = rep.Record.checkFiles(z)
	return rep, err
}

// changedError is ErrChanged with what is wrong.
func changedError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrChanged, fmt.Sprintf(format, args...))
}

// checkSeal compares the seal at the end with the hash of all bytes before it.
func checkSeal(file io.ReaderAt, size int64) (string, error) {
	if size < sealSize {
		return "", changedError("it is too short")
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, size-sealSize)); err != nil {
		return "", err
	}
	told := make([]byte, sealSize)
	if _, err := file.ReadAt(told, size-sealSize); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if seal := hex.EncodeToString(h.Sum(nil)); seal != string(told) {
		return "", changedError("the seal does not fit: it is no case file, or some byte of it was changed")
	}
	return string(told), nil
}

// readEntry is a file of the archive as a whole.
func readEntry(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, changedError("%s is missing", name)
	}
	defer f.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, changedError("%s cannot be read: %v", name, err)
	}
	return text, nil
}

// check goes along the chain, item by item and part by part, and returns how many parts are withheld.
func (r *Record) check() (withheld int, err error) {
	last := chainStart(r.Key, r.Opened)
	if r.Start != last {
		return 0, changedError("the chain does not begin with this case")
	}
	for n := range r.Items {
		i := &r.Items[n]
		if i.N != n+1 || i.Prev != last || i.Hash != i.computeHash() {
			return 0, changedError("line %d was changed, or one is missing before it", n+1)
		}
		for k := range i.Parts {
			p := &i.Parts[k]
			// A part of the viewer's must fit its hash; one of others' must show nothing.
			mine := slices.Contains(strings.Fields(p.For), string(r.Viewer))
			switch {
			case mine && p.computeHash() != p.Hash:
				return 0, changedError("the %s of line %d were changed", p.Name, n+1)
			case !mine && p.Text != "":
				return 0, changedError("line %d shows what was withheld", n+1)
			case !mine:
				withheld++
			}
		}
		last = i.Hash
	}
	if r.Head != last {
		return 0, changedError("lines are missing at the end")
	}
	return withheld, nil
}

// checkFiles compares every file in the archive with its hash: there is none too many and none too few.
func (r *Record) checkFiles(z *zip.Reader) (files int, err error) {
	expected := map[string]string{}
	for _, f := range r.files() {
		if !slices.Contains(r.Missing, f.Hash) {
			expected[f.Path()] = f.Hash
		}
	}
	files = len(expected)
	for name, hash := range r.Pages {
		expected[name] = hash
	}
	for _, f := range z.File {
		if f.Name == recordName {
			continue
		}
		text, err := readEntry(z, f.Name)
		if err != nil {
			return 0, err
		}
		want, named := expected[f.Name]
		// A name that comes twice is found at its second time.
		delete(expected, f.Name)
		if !named || hashOf(string(text)) != want {
			return 0, changedError("%s is not what the record names", path.Base(f.Name))
		}
	}
	for name := range expected {
		return 0, changedError("%s is missing", path.Base(name))
	}
	return files, nil
}
