package export

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// ErrChanged is an export that is not as it was written: cut short, or changed anywhere.
var ErrChanged = errors.New("the export is not as it was written")

// begins is how every line of an export begins.
const begins = `{"kind":"`

// Begins says whether a file that begins so is an export. An export whose very beginning is damaged is none.
func Begins(head []byte) bool { return bytes.HasPrefix(head, []byte(begins)) }

// summed counts the lines that go through it, and sums them.
type summed struct {
	to    io.Writer
	sum   hash.Hash
	lines int
}

func newSummed(to io.Writer) *summed { return &summed{to: to, sum: sha256.New()} }

// Write takes whole lines or parts of one.
func (s *summed) Write(p []byte) (int, error) {
	s.lines += bytes.Count(p, []byte("\n"))
	s.sum.Write(p)
	return s.to.Write(p)
}

// end is the last line of what went through.
func (s *summed) end() endLine {
	return endLine{Kind: "end", Lines: s.lines, Sum: hex.EncodeToString(s.sum.Sum(nil))}
}

// Check reads an export to its end and returns how many lines it has before the last. ErrChanged: it was cut short or changed, by
// accident. Whoever changes it on purpose can make the sum anew.
func Check(r io.Reader) (lines int, err error) {
	in, s := bufio.NewReaderSize(r, 64<<10), newSummed(io.Discard)
	for {
		line, err := in.ReadSlice('\n')
		last := bytes.HasPrefix(line, []byte(begins+`end"`))
		switch {
		case last && err == nil:
			return s.lines, checkEnd(in, line, s.end())
		case errors.Is(err, io.EOF):
			return s.lines, fmt.Errorf("%w: it is cut short, its last line is missing", ErrChanged)
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return s.lines, err
		}
		s.Write(line) //nolint:errcheck // goes nowhere
		for errors.Is(err, bufio.ErrBufferFull) {
			line, err = in.ReadSlice('\n')
			s.Write(line) //nolint:errcheck // goes nowhere
		}
	}
}

// checkEnd holds the last line against what it has to be, to the byte.
func checkEnd(behind *bufio.Reader, line []byte, want endLine) error {
	var got endLine
	var exact bytes.Buffer
	if json.Unmarshal(line, &got) != nil || json.NewEncoder(&exact).Encode(got) != nil || !bytes.Equal(line, exact.Bytes()) {
		return fmt.Errorf("%w: its last line cannot be read", ErrChanged)
	}
	switch _, err := behind.ReadByte(); {
	case got.Lines != want.Lines:
		return fmt.Errorf("%w: it has %d lines, and had %d", ErrChanged, want.Lines, got.Lines)
	case got.Sum != want.Sum:
		return fmt.Errorf("%w: its sum is another", ErrChanged)
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("%w: something stands behind its last line", ErrChanged)
	}
	return nil
}

// Orders reads of an export the lines that are orders, as the shop's API takes them, and leaves the others empty, so that lines
// keep their numbers.
func Orders(r io.Reader) io.Reader {
	out, w := io.Pipe()
	go func() { w.CloseWithError(writeOrders(w, bufio.NewReaderSize(r, 64<<10))) }()
	return out
}

func writeOrders(w io.Writer, in *bufio.Reader) error {
	for {
		line, err := in.ReadBytes('\n')
		if bytes.HasPrefix(line, []byte(begins+`order"`)) {
			line = asPut(line)
		} else {
			line = nil
		}
		if err != nil {
			return err // EOF too: every line of a whole export has an end
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
}

// asPut takes off an order's line what the shop never says of one. A line that cannot be read stays as it is.
func asPut(line []byte) []byte {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(line, &fields) != nil {
		return line
	}
	for _, ours := range []string{"kind", "book", "heard", "version"} {
		delete(fields, ours)
	}
	put, err := json.Marshal(fields)
	if err != nil {
		return line
	}
	return put
}
