package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// decisionsFolder holds one file for each decision, and README.md, their index.
const decisionsFolder = "../../docs/decisions"

var (
	decisionFile   = regexp.MustCompile(`^\d{3}-[a-z0-9-]+\.md$`)
	decisionTitle  = regexp.MustCompile(`\A# (\d{3}) (.+)\n`)
	decisionStatus = regexp.MustCompile(`(?m)^Status: (accepted|superseded by (\d{3}))$`)
	decisionDate   = regexp.MustCompile(`(?m)^Date: (\d{4}-\d{2}-\d{2})$`)
	indexLine      = regexp.MustCompile(`(?m)^\| \d{3} \| `)
	directModule   = regexp.MustCompile(`(?m)^\t(\S+) v\S+$`) // an indirect one has a comment behind it
)

// TestDecisionsAreIndexed holds that every record has a number, a title, a status and a date, that the index lists it with
// the same, once, and that a superseded record and the one that supersedes it name each other.
func TestDecisionsAreIndexed(t *testing.T) {
	index := readText(t, decisionsFolder, "README.md")
	records := decisionRecords(t)
	if got, want := len(indexLine.FindAllString(index, -1)), len(records); got != want {
		t.Errorf("the index has %d lines, want %d, one for each record", got, want)
	}
	numbers := map[string]string{}
	for name, text := range records {
		title := decisionTitle.FindStringSubmatch(text)
		status, date := decisionStatus.FindStringSubmatch(text), decisionDate.FindStringSubmatch(text)
		if !decisionFile.MatchString(name) || title == nil || status == nil || date == nil {
			t.Errorf("%s: wants a name NNN-title.md, a title `# NNN Title`, and lines `Status: …` and `Date: …`", name)
			continue
		}
		if first := numbers[title[1]]; first != "" || !strings.HasPrefix(name, title[1]+"-") {
			t.Errorf("%s: its title has the number %s, which is not its own (also in %q)", name, title[1], first)
		}
		numbers[title[1]] = name
		line := "\n| " + title[1] + " | [" + title[2] + "](" + name + ") | " + status[1] + " | " + date[1] + " | "
		if !strings.Contains(index, line) {
			t.Errorf("%s: the index has no line that begins %q", name, line[1:])
		}
		if later := status[2]; later != "" && !strings.Contains(recordOf(records, later), "\nSupersedes: ["+title[1]+"]("+name+")\n") {
			t.Errorf("%s: %s does not say that it supersedes it", name, later)
		}
	}
}

// TestDependenciesHaveReasons holds that the record of dependencies has a row for each direct dependency of go.mod, and none
// for a library that is gone.
func TestDependenciesHaveReasons(t *testing.T) {
	record, mod := recordOf(decisionRecords(t), "030"), readText(t, "../..", "go.mod")
	direct := directModule.FindAllStringSubmatch(mod, -1)
	if len(direct) == 0 {
		t.Fatal("go.mod lists no direct dependency: the test looks in the wrong place")
	}
	for _, m := range direct {
		if !strings.Contains(record, "`"+m[1]+"`") {
			t.Errorf("%s has no reason", m[1])
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| (`.+?`) \\|").FindAllStringSubmatch(record, -1) {
		for module := range strings.SplitSeq(row[1], ", ") {
			if !strings.Contains(mod, "\t"+strings.Trim(module, "`")+" v") {
				t.Errorf("%s has a reason, and go.mod does not list it", module)
			}
		}
	}
}

// decisionRecords gives the text of every record by its file's name.
func decisionRecords(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(decisionsFolder)
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]string{}
	for _, e := range entries {
		if e.Name() != "README.md" {
			records[e.Name()] = readText(t, decisionsFolder, e.Name())
		}
	}
	return records
}

// recordOf gives the text of the record with a number; nothing where there is none.
func recordOf(records map[string]string, number string) string {
	for name, text := range records {
		if strings.HasPrefix(name, number+"-") {
			return text
		}
	}
	return ""
}

func readText(t *testing.T, elem ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
