package casefile

import (
	"archive/zip"
	"bytes"
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
	SignedBy string // the public key of the house that has signed it, in base64; empty for a file of a version that did not sign
	Files    int
	Withheld int // parts that are for others and show only their hash
}

// Verify checks a sealed case file, without any server: the seal over every byte, the signature over the record, the chain,
// and the hash of every file and page; the page to read is made again from the record and compared. The error is ErrChanged
// where anything was changed, added or left out. A whole file made up anew passes, but under another house's key: compare
// SignedBy with the key that the shop publishes, the seal with the one in the chat, or the last line with another side's.
//
// It needs a few times as much memory as the record, however the archive is made: nothing in it may be compressed, and nothing
// but the files that are listed may stand in it, so that every program unpacks the same.
func Verify(file io.ReaderAt, size int64) (Report, error) {
	seal, err := checkSeal(file, size)
	if err != nil {
		return Report{}, err
	}
	z, err := openArchive(file, size)
	if err != nil {
		return Report{}, err
	}
	rep := Report{Seal: seal}
	text, err := readEntry(z, recordName)
	if err != nil {
		return Report{}, err
	}
	if dense(string(text)) || json.Unmarshal(text, &rep.Record) != nil || !namedOnce(text) {
		return Report{}, changedError("%s is no record of a case", recordName)
	}
	switch rep.Record.Form {
	case unsignedForm:
	case signedForm:
		if rep.SignedBy, err = checkSignature(z, text); err != nil {
			return Report{}, err
		}
	default:
		return Report{}, changedError("%s is of another form than this version knows", recordName)
	}
	if rep.Withheld, err = rep.Record.check(); err != nil {
		return Report{}, err
	}
	if err = rep.Record.checkPage(); err != nil {
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

// openArchive opens an archive whose files are stored as they are, each once: what it names is in it, and no more.
func openArchive(file io.ReaderAt, size int64) (*zip.Reader, error) {
	if err := checkEnd(file, size); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, changedError("it is no archive: %v", err)
	}
	seen, total := map[string]bool{}, uint64(0)
	for _, f := range z.File {
		switch total += f.UncompressedSize64; {
		case seen[f.Name]:
			return nil, changedError("%q is in it twice", f.Name)
		case f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 || total > uint64(size):
			return nil, changedError("%q is not stored as it is", f.Name)
		}
		seen[f.Name] = true
	}
	return z, checkLayout(file, size, z)
}

// namedOnce says whether no object of a JSON text has duplicate keys, upper and lower case being the same: JSON parsers differ in
// which of the two counts. It looks at the names alone, so that it needs next to no memory.
func namedOnce(text []byte) bool {
	var open []map[string]bool // what is open, with the names that have come in it
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '{', '[':
			open = append(open, nil)
		case '}', ']':
			open = open[:len(open)-1]
		case '"':
			begins := at
			for at++; text[at] != '"'; at++ {
				if text[at] == '\\' {
					at++
				}
			}
			if rest := bytes.TrimLeft(text[at+1:], " \t\r\n"); len(rest) == 0 || rest[0] != ':' {
				continue
			}
			var name string
			if json.Unmarshal(text[begins:at+1], &name) != nil {
				return false
			}
			name = strings.ToLower(strings.ToUpper(name))
			in := &open[len(open)-1]
			if (*in)[name] {
				return false
			}
			if *in == nil {
				*in = map[string]bool{}
			}
			(*in)[name] = true
		}
	}
	return true
}

// mostRead is the size of the largest record or page that is read, in bytes; files of people are hashed as they pass.
const mostRead = 64 << 20

// readEntry is a file of the archive as a whole.
func readEntry(z *zip.Reader, name string) ([]byte, error) {
	at := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == name })
	if at < 0 {
		return nil, changedError("%s is missing", name)
	}
	if z.File[at].UncompressedSize64 > mostRead {
		return nil, changedError("%s is larger than any record or page", name)
	}
	f, err := z.File[at].Open()
	if err != nil {
		return nil, changedError("%s cannot be read: %v", name, err)
	}
	defer f.Close()
	text := make([]byte, z.File[at].UncompressedSize64)
	if _, err := io.ReadFull(f, text); err != nil {
		return nil, changedError("%s cannot be read: %v", name, err)
	}
	// The sum is checked where the file ends.
	if n, err := f.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return nil, changedError("%s cannot be read: %v", name, err)
	}
	return text, nil
}

// hashEntry is the hash of a file of the archive, however large it is.
func hashEntry(f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", changedError("%q cannot be read", f.Name)
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil { //nolint:gosec // a stream that is hashed and kept nowhere, however large
		return "", changedError("%q cannot be read: %v", f.Name, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// check goes along the chain, item by item and part by part, and returns how many parts are withheld.
func (r *Record) check() (withheld int, err error) {
	last := chainStart(r.Key, r.Opened)
	if r.Start != last {
		return 0, changedError("the chain does not begin with this case")
	}
	if !slices.Contains(viewers, r.Viewer) {
		return 0, changedError("it is for nobody who takes part in a case")
	}
	for n := range r.Items {
		i := &r.Items[n]
		if i.N != n+1 || i.Prev != last || i.Hash != i.computeHash() {
			return 0, changedError("line %d was changed, or one is missing before it", n+1)
		}
		for k := range i.Parts {
			p := &i.Parts[k]
			if !p.plain() {
				return 0, changedError("line %d has a part that no case file has", n+1)
			}
			// A part of the viewer's must fit its hash; one of others' must show nothing.
			mine := slices.Contains(strings.Fields(p.For), string(r.Viewer))
			switch {
			case mine && p.computeHash() != p.Hash:
				return 0, changedError("the %q of line %d were changed", p.Name, n+1)
			case !mine && p.Text != "":
				return 0, changedError("line %d shows what was withheld", n+1)
			case !mine:
				withheld++
			case dense(p.Text):
				return 0, changedError("the %q of line %d cannot be read", p.Name, n+1)
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
		if name != pageName && name != checkName {
			return 0, changedError("%q is no page of ours", name)
		}
		expected[name] = hash
	}
	for _, f := range z.File {
		if f.Name == recordName || f.Name == signatureName && r.Form == signedForm {
			continue
		}
		got, err := hashEntry(f)
		if err != nil {
			return 0, err
		}
		if want, named := expected[f.Name]; !named || got != want {
			return 0, changedError("%q is not what the record names", path.Base(f.Name))
		}
		delete(expected, f.Name)
	}
	for name := range expected {
		return 0, changedError("%q is missing", path.Base(name))
	}
	return files, nil
}

// checkPage makes the page to read again from the record. One that was made with another version's template cannot be made
// here; that it is the house's own its signature shows.
func (r *Record) checkPage() error {
	if r.Form != signedForm || r.Template != hashOf(pageText) {
		return nil
	}
	pages := r.Pages
	defer func() { r.Pages = pages }()
	r.Pages = nil // as it was when the page was made
	page, err := r.renderPage()
	if err != nil || hashOf(string(page)) != pages[pageName] {
		return changedError("%s does not say what the record says", pageName)
	}
	return nil
}
