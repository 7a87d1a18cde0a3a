package policies

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"
)

// before is what policies were before orders had quantities, parcels and payments: a shop's file, and what the built-in packs
// and that file came to, with their versions. It is never written again.
const before = "testdata/before_whole_orders/"

// policyBefore is a policy as the version before had read it: its own text, which the store keeps for replays.
type policyBefore struct {
	Version string
	Text    json.RawMessage
}

func policiesBefore(t *testing.T) (all map[string]policyBefore) {
	t.Helper()
	f, err := os.Open(before + "policies.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(&all); err != nil || len(all) != 3 {
		t.Fatal(len(all), err)
	}
	return all
}

// TestFileOfTheVersionBefore: a shop's file loads, and all that it said comes to what it came to then. A pack has further
// entries now.
func TestFileOfTheVersionBefore(t *testing.T) {
	file, err := os.ReadFile(before + "my-shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	pack, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	var was, now map[string]any
	if err := json.Unmarshal(policiesBefore(t)["my-shop"].Text, &was); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(pack.Text, &now); err != nil {
		t.Fatal(err)
	}
	var said map[string]any
	under, _ := Base("ebay")
	base, _ := read(under, nil)
	mine, faults := read(file, base)
	if faults != nil {
		t.Fatal(faults)
	}
	text, err := json.Marshal(mine)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &said); err != nil {
		t.Fatal(err)
	}
	if n := same(t, "", said, was, now); n < 90 {
		t.Errorf("only %d values of the file are compared", n)
	}
}

// same compares what a file says with what it came to before and comes to now, and counts the values.
func same(t *testing.T, name string, said, was, now any) (n int) {
	t.Helper()
	switch said := said.(type) {
	case map[string]any:
		was, _ := was.(map[string]any)
		now, _ := now.(map[string]any)
		for key, inner := range said {
			n += same(t, name+"."+key, inner, was[key], now[key])
		}
	case []any:
		was, _ := was.([]any)
		now, _ := now.([]any)
		if len(was) != len(said) || len(now) != len(said) {
			t.Errorf("%s: %d entries were %d, and are %d now", name, len(said), len(was), len(now))
			return 0
		}
		for k, inner := range said {
			n += same(t, name, inner, was[k], now[k])
		}
	default:
		if n = 1; was != now || was == nil {
			t.Errorf("%s: was %v, is %v now", name, was, now)
		}
	}
	return n
}

// TestStoredPoliciesOfTheVersionBefore: what a store keeps of a policy is read as it was, under the same version, so that old
// cases can be played again.
func TestStoredPoliciesOfTheVersionBefore(t *testing.T) {
	for name, was := range policiesBefore(t) {
		if pack, err := Load(was.Text, nil); err != nil || pack.Policy.Version != was.Version {
			t.Errorf("%s: got version %v, %v, want %s", name, pack, err, was.Version)
		}
	}
}
