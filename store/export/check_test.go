package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"nevermind/bot"
)

// fewRecords hands out some records.
type fewRecords []bot.Record

func (f fewRecords) Each(_ context.Context, each func(bot.Record) error) error {
	for _, r := range f {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// exported is an export of some orders and people, the last of whom has a name longer than any buffer.
func exported(t *testing.T) []byte {
	t.Helper()
	var all fewRecords
	for i := range 20 {
		id := fmt.Sprint(i)
		all = append(all, bot.Record{Order: &bot.Order{ID: id, Total: bot.Money{Minor: 100, Currency: "USD"}}},
			bot.Record{Person: &bot.Person{ID: bot.PersonID("buyer:" + id), Name: "Ana Torres"}})
	}
	all = append(all, bot.Record{Person: &bot.Person{ID: "buyer:long", Name: strings.Repeat("long ", 40_000)}})
	var out bytes.Buffer
	if err := Write(t.Context(), &out, all, shopShape); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestFlippedBits: one flipped bit anywhere in an export is noticed, or its first line says no more that it is one.
func TestFlippedBits(t *testing.T) {
	sound := exported(t)
	if lines, err := Check(bytes.NewReader(sound)); err != nil || lines != 42 {
		t.Fatalf("%d lines: %v", lines, err)
	}
	flips := 300
	if os.Getenv("NEVERMIND_DRILLS") != "" {
		flips = 10_000
	}
	dice, noticed := rand.New(rand.NewPCG(14, 13)), 0
	ends := bytes.LastIndexByte(sound[:len(sound)-1], '\n')
	for i := range flips {
		at, flipped := dice.IntN(len(sound)), bytes.Clone(sound)
		switch { // most of it is the long name
		case i%4 == 1:
			at = dice.IntN(6000)
		case i%4 == 2:
			at = ends + dice.IntN(len(sound)-ends)
		}
		flipped[at] ^= 1 << dice.IntN(8)
		if _, err := Check(bytes.NewReader(flipped)); !errors.Is(err, ErrChanged) {
			t.Errorf("byte %d, %q: %v", at, flipped[max(0, at-20):at+1], err)
			continue
		}
		noticed++
	}
	t.Logf("%d of %d noticed", noticed, flips)
}

// TestCutOrLonger: an export that was cut anywhere, that lacks a line, or behind which something stands is noticed.
func TestCutOrLonger(t *testing.T) {
	sound := exported(t)
	lines := bytes.SplitAfter(sound, []byte("\n"))
	for name, text := range map[string][]byte{
		"nothing": nil, "a line less": bytes.Join(append(lines[:3:3], lines[4:]...), nil),
		"two changed places": bytes.Join(append([][]byte{lines[1], lines[0]}, lines[2:]...), nil),
		"its end twice":      append(bytes.Clone(sound), lines[len(lines)-2]...), "a byte more": append(bytes.Clone(sound), '\n'),
		"two exports": append(bytes.Clone(sound), sound...),
	} {
		if _, err := Check(bytes.NewReader(text)); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for cut := 0; cut < len(sound); cut += 1 + cut/50 {
		if _, err := Check(bytes.NewReader(sound[:cut])); !errors.Is(err, ErrChanged) {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	if _, err := Check(bytes.NewReader(sound[:len(sound)-1])); !errors.Is(err, ErrChanged) {
		t.Errorf("cut by its last byte: %v", err)
	}
}

// TestBrokenOffHasNoEnd: an export of a store that cannot be read to its end has no last line.
func TestBrokenOffHasNoEnd(t *testing.T) {
	var out bytes.Buffer
	if err := Write(t.Context(), &out, brokenRecords{}, shopShape); !errors.Is(err, bot.ErrBroken) {
		t.Fatal(err)
	}
	if _, err := Check(&out); !errors.Is(err, ErrChanged) {
		t.Errorf("an export that broke off: %v", err)
	}
}

type brokenRecords struct{}

func (brokenRecords) Each(_ context.Context, each func(bot.Record) error) error {
	return errors.Join(each(bot.Record{Person: &bot.Person{ID: "buyer:1"}}), bot.ErrBroken)
}

// TestOrdersOfAnExport: its orders are read, each on its own line.
func TestOrdersOfAnExport(t *testing.T) {
	read, err := io.ReadAll(Orders(bytes.NewReader(exported(t))))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(read), "\n"), "\n")
	if len(lines) != 43 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		if order := strings.HasPrefix(line, `{"buyer_id":`); order != (i > 0 && i < 41 && i%2 == 1) || !order && line != "" {
			t.Errorf("line %d: %.40q", i+1, line)
		}
	}
}
