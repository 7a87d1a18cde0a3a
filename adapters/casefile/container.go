package casefile

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
)

// endSize is how long the end of a list of files is without its comment; mostFiles how many it may list to be read at all.
const (
	endSize   = 22
	mostFiles = 20_000
)

// number is how an archive writes numbers.
var number = binary.LittleEndian

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
