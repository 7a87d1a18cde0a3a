package shop

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// errUTF16 is the fault of a spreadsheet saved as "Unicode text".
var errUTF16 = Faults{{Wrong: "this is UTF-16", Right: "save it as UTF-8"}}

// lineReader reads a file line by line and never holds more than the longest line that an order may have. A byte order mark
// of UTF-8 is skipped.
type lineReader struct {
	r    *bufio.Reader
	n    int   // the number of the last line read, from 1
	size int64 // bytes read so far
	buf  []byte
}

// newLineReader looks at the first bytes; the error is Faults for a file in UTF-16.
func newLineReader(r io.Reader) (*lineReader, error) {
	l := &lineReader{r: bufio.NewReaderSize(r, 64<<10)}
	head, err := l.r.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read: %w", err)
	}
	if bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF}) {
		return nil, errUTF16
	}
	if bytes.Equal(head, []byte("\ufeff")) {
		n, _ := l.r.Discard(3)
		l.size += int64(n)
	}
	return l, nil
}

// next returns the next line that is not empty, without its end, good until the next call; io.EOF after the last. A line
// longer than an order may be is a Faults error, and the one after it can be read.
func (l *lineReader) next() ([]byte, error) {
	for {
		text, err := l.line()
		if err != nil {
			return nil, err
		}
		if text = bytes.TrimRight(text, "\r"); len(bytes.TrimSpace(text)) > 0 {
			return text, nil
		}
	}
}

// line reads up to the next line end. The rest of a line that is too long is read and dropped, so that the next one is
// whole.
func (l *lineReader) line() ([]byte, error) {
	l.buf = l.buf[:0]
	l.n++
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		l.size += int64(len(part))
		// Two more bytes than an order may have: the line end may be CR LF.
		if long = long || len(l.buf)+len(part) > maxText+2; !long {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read: %w", err)
		case long:
			return nil, Faults{{Wrong: "the line is too long", Right: "an order has 1 MiB at most"}}
		case err != nil && len(l.buf) == 0:
			return nil, io.EOF
		}
		return bytes.TrimSuffix(l.buf, []byte("\n")), nil
	}
}

// first is the first byte that is not white space, in the first few kilobytes; 0 where there is none.
func (l *lineReader) first() byte {
	head, _ := l.r.Peek(4096)
	if head = bytes.TrimSpace(head); len(head) > 0 {
		return head[0]
	}
	return 0
}
