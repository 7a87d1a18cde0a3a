package policies

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// page is docs/policy.md, which operators read.
func page(t *testing.T) string {
	text, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPageNamesEveryKey: the page for operators names every key that a file may have, and no other.
func TestPageNamesEveryKey(t *testing.T) {
	written := map[string]bool{}
	for _, row := range rows(page(t)) {
		for _, m := range code.FindAllStringSubmatch(row[0], -1) {
			written[m[1]] = true
		}
	}
	known := keys(t)
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if !written[key] {
			t.Errorf("docs/policy.md has no row for %s", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(written)) {
		if !known[key] {
			t.Errorf("docs/policy.md has a row for %s, which no file may have", key)
		}
	}
}

// TestPageSaysTheDefaults: the page's defaults and rules are the built-in pack's.
func TestPageSaysTheDefaults(t *testing.T) {
	base, faults := read(builtin, nil)
	if faults != nil {
		t.Fatal(faults)
	}
	seen := 0
	for _, row := range rows(page(t)) {
		if len(row) < 4 {
			continue
		}
		key := code.FindStringSubmatch(row[0])[1]
		section, name, _ := strings.Cut(key, ".")
		switch section {
		case "windows":
			seen++
			e := base.Windows[name]
			if got, want := canonical(bare(row[1])), e.Value; got != want {
				t.Errorf("%s: the page says %s, the pack %s", key, got, want)
			}
			if got, want := bare(row[2]), strings.Join(e.Source, ", "); got != want {
				t.Errorf("%s: the page's rules are %s, the pack's %s", key, got, want)
			}
		case "refunds":
			seen++
			r := base.Refunds[name]
			low, high, _ := strings.Cut(bare(row[1]), "–")
			if canonical(low) != r.Min || canonical(high) != r.Max || bare(row[2]) != strings.Join(r.Source, ", ") {
				t.Errorf("%s: the page says %s–%s by %s, the pack %+v", key, low, high, row[2], r)
			}
		}
	}
	if want := len(base.Windows) + len(base.Refunds); seen != want {
		t.Errorf("the page has %d windows and refunds, the pack %d", seen, want)
	}
	if base.Second.Value != "none" || base.Appeal.Value != "none" || base.Lines.Value != "single" {
		t.Error("the page says otherwise of second_person_above, appeal or lines")
	}
}

// TestPagesExampleLoads: the page's own file is one that can be used.
func TestPagesExampleLoads(t *testing.T) {
	n := 0
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page(t), -1) {
		n++
		pack, err := Read([]byte(block[1]))
		if err != nil {
			t.Errorf("%v\n%s", err, block[1])
			continue
		}
		if gaps := Gaps(pack.Policy); len(gaps) > 0 {
			t.Errorf("%q\n%s", gaps, block[1])
		}
	}
	if n == 0 {
		t.Error("the page has no example")
	}
}

var code = regexp.MustCompile("`([^`]+)`")

// rows are the rows of the page's tables that begin with a key.
func rows(text string) (all [][]string) {
	_, text, _ = strings.Cut(text, "## Every key")
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		all = append(all, cells)
	}
	return all
}

// keys are all that a file may have: the sections, the windows, the ways of paying, and what stands inside.
func keys(t *testing.T) map[string]bool {
	base, faults := read(builtin, nil)
	if faults != nil {
		t.Fatal(faults)
	}
	known := map[string]bool{"withdrawal": true} // the short way in an override
	for _, name := range sections {
		known[name] = true
	}
	for name := range base.Windows {
		known["windows."+name] = true
	}
	for name := range base.Refunds {
		known["refunds."+name] = true
	}
	for _, inside := range []any{entry{}, refund{}, reason{}, proof{}, reply{}, days{}, roles{}, fee{}, claim{}, override{}} {
		for f := range fields(reflect.TypeOf(inside)) {
			known[f] = true
		}
	}
	delete(known, "windows")
	delete(known, "refunds") // each of their keys has its row
	return known
}

// fields are the names of a struct's own fields in a file.
func fields(of reflect.Type) map[string]bool {
	all := map[string]bool{}
	for i := range of.NumField() {
		if name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); name != "" {
			all[name] = true
		}
	}
	return all
}

func bare(cell string) string { return strings.ReplaceAll(cell, "`", "") }

// canonical is a span as a sheet keeps it; other words stay as they are.
func canonical(s string) string {
	w, wrong, _ := parseSpan(s)
	if wrong != "" {
		return s
	}
	return spanText(w)
}
