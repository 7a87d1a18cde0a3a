package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/store/bolt"
)

// before is a store as it was left before orders had quantities, parcels and payments, and what that version said of each
// order in it. It is never written again.
const before = "testdata/before_whole_orders/"

// orderBefore is what the version before said of an order that it had stored.
type orderBefore struct {
	Document json.RawMessage   // as GET showed it
	Amounts  map[string]string // what went back, by the lines chosen with commas between; "" is the whole order
	Check    string            // what the shop's check answered
}

func unzipped(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// storeBefore opens the store of the version before, with what that version said of its orders.
func storeBefore(t *testing.T) (*bolt.Store, map[string]orderBefore) {
	t.Helper()
	var said map[string]orderBefore
	if err := json.Unmarshal(unzipped(t, before+"orders.json.gz"), &said); err != nil || len(said) < 50 {
		t.Fatal(len(said), err)
	}
	path := filepath.Join(t.TempDir(), "nevermind.db")
	if err := os.WriteFile(path, unzipped(t, before+"orders.db.gz"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, said
}

// TestOrdersOfTheVersionBefore: an order that the version before had stored is shown to the byte as it was, its lines bring
// back what they brought, the shop's check answers the same, and the shop's old put of it changes nothing.
func TestOrdersOfTheVersionBefore(t *testing.T) {
	s, said := storeBefore(t)
	amounts := 0
	for id, was := range said {
		o, err := s.Order(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got := shop.Encode(o); !sameJSON(t, got, was.Document) {
			t.Errorf("%s is shown as\n%s\nwant\n%s", id, got, was.Document)
		}
		if got := o.CheckOutcome(nil); got != was.Check {
			t.Errorf("%s: the check answers %s, want %s", id, got, was.Check)
		}
		for lines, want := range was.Amounts {
			amounts++
			parts, _ := o.Named(bot.Facts{"lines": lines})
			if got := o.RefundOf(parts, bot.RefundTerms{}).Amount.String(); got != want {
				t.Errorf("%s: lines %q bring back %s, want %s", id, lines, got, want)
			}
		}
		put, err := shop.Decode(was.Document, nil)
		if err != nil {
			t.Fatalf("%s: its old put: %v", id, err)
		}
		merged, newer := bot.MergePut(o, put)
		if got := shop.Encode(merged); !newer || !sameJSON(t, got, was.Document) {
			t.Errorf("%s put again is\n%s\nwant\n%s", id, got, was.Document)
		}
		if names := merged.Events(&o); len(names) > 0 {
			t.Errorf("%s put again tells of %s", id, strings.Join(names, ", "))
		}
	}
	if amounts < 70 {
		t.Errorf("only %d amounts are compared", amounts)
	}
}

// sameJSON compares two documents to the byte, but for spaces between.
func sameJSON(t *testing.T, got, want []byte) bool {
	t.Helper()
	var a, b bytes.Buffer
	if err := json.Compact(&a, got); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&b, want); err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(a.Bytes(), b.Bytes())
}
