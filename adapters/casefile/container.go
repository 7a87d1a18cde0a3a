package casefile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
)

// The sizes of an archive's fixed parts, in bytes, and how many files one has at most: a list is read only where it is no longer.
const (
	localSize      = 30
	listedSize     = 46
	endSize        = 22
	descriptorSize = 16
	mostFiles      = 20_000
)

// number is how an archive writes numbers.
var number = binary.LittleEndian

// The flags that our writer sets: sizes follow the file, the name is UTF-8.
const ourFlags = 0x8 | 0x800

// checkEnd looks at the end of an archive: a seal and nothing else behind the list of files, and no more of them than can be
// read. No archive of ours needs the form for those above 4 GB.
func checkEnd(file io.ReaderAt, size int64) error {
	var end [endSize]byte
	if _, err := file.ReadAt(end[:], size-sealSize-endSize); err != nil || size > math.MaxUint32 ||
		string(end[:4]) != "PK\x05\x06" || number.Uint16(end[20:]) != sealSize {
		return changedError("it is no archive of ours")
	}
	if number.Uint16(end[10:]) > mostFiles {
		return changedError("it lists more files than any case has")
	}
	return nil
}

// checkLayout looks at what other programs may read in an archive, beside what its list says: its files stand one behind the
// other in the order of the list, each under the same name as there, with nothing between them and nothing besides, no links,
// no programs, and no second names.
func checkLayout(file io.ReaderAt, size int64, files []*zip.File) error {
	at, list := int64(0), int64(0)
	for _, f := range files {
		list += listedSize + int64(len(f.Name))
		if f.Flags&^ourFlags != 0 || f.ExternalAttrs != 0 || f.Comment != "" || len(f.Extra) > 0 {
			return changedError("%q is not listed as a plain file", f.Name)
		}
		next, err := checkLocal(file, at, f)
		if err != nil {
			return err
		}
		at = next
	}
	if at+list+endSize+sealSize != size {
		return changedError("something stands in it beside its files")
	}
	return nil
}

// checkLocal looks at what stands before a file and behind it, and says where the next one begins.
func checkLocal(file io.ReaderAt, at int64, f *zip.File) (next int64, err error) {
	head := make([]byte, localSize+len(f.Name))
	begins, err := f.DataOffset()
	if err != nil || begins != at+int64(len(head)) {
		return 0, changedError("%q is not where it should be", f.Name)
	}
	if _, err := file.ReadAt(head, at); err != nil || string(head[localSize:]) != f.Name ||
		int(number.Uint16(head[26:])) != len(f.Name) || number.Uint16(head[6:]) != f.Flags || number.Uint16(head[8:]) != f.Method {
		return 0, changedError("%q is called otherwise where it stands", f.Name)
	}
	sums := number.AppendUint32(nil, f.CRC32)
	sums = number.AppendUint32(sums, uint32(f.CompressedSize64))
	sums = number.AppendUint32(sums, uint32(f.UncompressedSize64))
	next = begins + int64(f.CompressedSize64)
	if f.Flags&0x8 == 0 {
		if !bytes.Equal(head[14:26], sums) {
			return 0, changedError("%q has another size where it stands", f.Name)
		}
		return next, nil
	}
	var behind [descriptorSize]byte
	if _, err := file.ReadAt(behind[:], next); err != nil || !slices.Equal(behind[:], append([]byte("PK\x07\x08"), sums...)) {
		return 0, changedError("%q has another size where it stands", f.Name)
	}
	return next + descriptorSize, nil
}

// How many bytes there are, at least, for each value and for each list or object of a record: what has fewer would take many
// times its size to read.
const (
	bytesOfValue = 8
	bytesOfGroup = 32
	denseEnough  = 4096 // values and groups that any record may have
)

// dense says whether a JSON text holds far more values than one of ours of its size.
func dense(text string) bool {
	values, groups, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			values++
		case c == '{' || c == '[':
			groups++
		}
	}
	return values > len(text)/bytesOfValue+denseEnough || groups > len(text)/bytesOfGroup+denseEnough
}

// limitedPage is a page while it is made; one that grows beyond any page is given up.
type limitedPage struct{ bytes.Buffer }

// Write fails where the page is larger than any.
func (p *limitedPage) Write(b []byte) (int, error) {
	if p.Len()+len(b) > mostRead {
		return 0, io.ErrShortWrite
	}
	return p.Buffer.Write(b)
}
