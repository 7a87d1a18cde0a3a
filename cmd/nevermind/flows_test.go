package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"nevermind/flows"
	"nevermind/flows/drawing"
)

var update = flag.Bool("update", false, "write flows/README.md anew")

func TestFlowsReadme(t *testing.T) {
	t.Parallel()
	const name = "../../flows/README.md"
	want := command(t, "", "flows")
	want.want(t, exitDone)
	if *update {
		if err := os.WriteFile(name, []byte(want.out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, []byte(want.out)) {
		t.Errorf("%s is not what the flows say; write it anew: make docs", name)
	}
}

func TestFlowsFormats(t *testing.T) {
	t.Parallel()
	r := command(t, "", "flows", "--format", "json")
	r.want(t, exitDone)
	var drawn []drawing.Flow
	if err := json.Unmarshal([]byte(r.out), &drawn); err != nil {
		t.Fatal(err)
	}
	for i, f := range flows.All().All {
		if drawn[i].Name != f.Name || len(drawn[i].States) != len(f.States) {
			t.Errorf("flow %d: got %s with %d states, want %s with %d", i, drawn[i].Name, len(drawn[i].States), f.Name, len(f.States))
		}
	}
	home := flows.All().Home
	command(t, "", "flows", "--format", "mermaid", home).want(t, exitDone, "stateDiagram-v2", "[*] --> ")
	command(t, "", "flows", home).want(t, exitDone, "## "+home)
}
