package drawing_test

import (
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/drawing"
)

// smallest is the least size in px at which a label is legible.
const smallest = 12

// TestDrawingsAreCurrent: drawings are made by hand and not by the build, so a changed flow must not be forgotten.
func TestDrawingsAreCurrent(t *testing.T) {
	known := map[string]bool{}
	for _, f := range flows.All().All {
		known[f.Name+".svg"] = true
		if !drawing.Current(f) {
			t.Errorf("the drawing of %s is not of the flow as it is; with Graphviz installed: go generate ./flows/drawing", f.Name)
		}
	}
	files, err := fs.ReadDir(os.DirFS("svg"), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[file.Name()] {
			t.Errorf("svg/%s draws no flow; remove it: go generate ./flows/drawing", file.Name())
		}
	}
}

// TestDrawingsAge: a drawing is no longer current once its flow has another arrow, and still is when only words differ.
func TestDrawingsAge(t *testing.T) {
	f := *flows.All().All[0]
	f.About += " Besides."
	if !drawing.Current(&f) {
		t.Error("other words make a drawing old")
	}
	f.States = bot.States{f.First: {Then: bot.Moves{"ended": bot.Go("end")}}, "end": {}}
	if drawing.Current(&f) {
		t.Error("another arrow leaves a drawing current")
	}
}

// TestDrawings: every state and every move can be lit, labels are legible, and there is nothing in a drawing that a
// page would follow, load or run.
func TestDrawings(t *testing.T) {
	for _, f := range flows.All().All {
		svg, _ := drawing.SVG(f.Name)
		classes := map[string]bool{}
		walk(t, f.Name, svg, func(e xml.StartElement) {
			for _, a := range e.Attr {
				switch {
				case a.Name.Local == "class":
					for _, c := range strings.Fields(a.Value) {
						classes[c] = true
					}
				case a.Name.Local == "font-size":
					if size, err := strconv.ParseFloat(a.Value, 64); err != nil || size < smallest {
						t.Errorf("%s: a label of size %s, want at least %d", f.Name, a.Value, smallest)
					}
				}
			}
		})
		for state := range f.States {
			if !classes["is-"+state] {
				t.Errorf("%s: the state %s cannot be lit", f.Name, state)
			}
		}
		for _, e := range f.Edges() {
			if class := e.From + "--" + e.Event + "--" + e.To; e.To != "" && e.To != e.From && !classes[class] {
				t.Errorf("%s: the arrow %s cannot be lit", f.Name, class)
			}
		}
	}
}

// walk visits every element of a drawing, and refuses what does not belong into one.
func walk(t *testing.T, name string, svg []byte, visit func(xml.StartElement)) {
	t.Helper()
	allowed := map[string]bool{"svg": true, "g": true, "title": true, "polygon": true, "path": true, "polyline": true, "text": true}
	unwanted := map[string]bool{"id": true, "style": true, "href": true}
	for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: not well formed: %v", name, err)
			return
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !allowed[e.Name.Local] {
			t.Errorf("%s: an element %s", name, e.Name.Local)
		}
		for _, a := range e.Attr {
			if unwanted[a.Name.Local] || strings.HasPrefix(a.Name.Local, "on") {
				t.Errorf("%s: an attribute %s", name, a.Name.Local)
			}
		}
		visit(e)
	}
}
