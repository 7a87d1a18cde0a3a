package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// entries are the lines of a log.
func entries(t *testing.T, log string) (all []map[string]any) {
	t.Helper()
	for line := range strings.Lines(log) {
		entry := map[string]any{}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("not a line of JSON: %s", line)
		}
		all = append(all, entry)
	}
	return all
}

// find returns the first line with a message and attributes.
func find(t *testing.T, lines []map[string]any, msg string, has map[string]any) map[string]any {
	t.Helper()
	for _, l := range lines {
		with := maps.Clone(l)
		maps.Copy(with, has)
		if l["msg"] == msg && fmt.Sprint(with) == fmt.Sprint(l) {
			return l
		}
	}
	t.Fatalf("no line %q has %v:\n%v", msg, has, lines)
	return nil
}

// TestMetrics: what a conversation does is counted, and nothing about a person is a label.
func TestMetrics(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s, _ := serveOn(t, data, "--api-key", apiKey)
	command(t, order("900001", "b-canary"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	command(
		t,
		"900001\nCancel this order\n1\n1\n",
		"chat",
		"--as",
		"b-canary",
		"--data",
		data,
	).want(t, exitDone, "Thank you")
	text := ""
	last := `task="tell_shop"` // done
	for end := time.Now().Add(patience); !strings.Contains(text, last) && time.Now().Before(end); {
		_, text = fetch(t, s.url+"/metrics")
	}
	for _, want := range []string{
		`nevermind_turns_total{flow="reception",kind="message"}`, `nevermind_turns_total{flow="cancel",kind="press"}`,
		`nevermind_turns_total{flow="case",kind="told"} 1`,
		`nevermind_sends_total{adapter="console",end="done"}`, `nevermind_hands_total{end="done",task="tell_shop"}`,
		`nevermind_turn_seconds_count{flow="case"}`,
		`nevermind_commit_seconds_count `, `nevermind_store_schema `, `nevermind_ready{part="store"} 1`, `nevermind_dead_letters 0`,
		`nevermind_clock_trusted 1`, `nevermind_deadline_overdue_seconds 0`,
		`nevermind_build_info{`, `nevermind_store_bytes `, `go_goroutines `,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "# HELP nevermind_") && len(line) > 140 {
			t.Errorf("a help text is longer than a line: %s", line)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
	for _, leak := range []string{"canary", "900001"} {
		if strings.Contains(text, leak) {
			t.Errorf("the metrics hold %q", leak)
		}
	}
}

// TestMetricsLabels: a label that may be somebody's id is none, and there are never many.
func TestMetricsLabels(t *testing.T) {
	m := newMetrics()
	for _, of := range []string{"telegram:123", "12345", strings.Repeat("a", 60), "buyer@b", "8123", ""} {
		m.Count("twins", of, 1)
		m.Count("something new", of, 1)
		m.Took("send", of, time.Second)
	}
	for i := range 1000 {
		m.Count("dead", strings.Repeat("a", i%30+1)+strings.Repeat("b", i/30+1)[:min(i/30+1, 9)], 1)
	}
	w := httptest.NewRecorder()
	m.handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	body, err := io.ReadAll(w.Body)
	text := string(body)
	if err != nil || !strings.Contains(text, `nevermind_twins_total{adapter="other"} 6`) ||
		!strings.Contains(text, `nevermind_other_total{of="other",what="something new"} 6`) {
		t.Errorf("got %s (%v)", text, err)
	}
	if n := strings.Count(text, "nevermind_dead_total{"); n > mostLabels+1 {
		t.Errorf("%d labels", n)
	}
}

// TestOperationsTellAll: every metric and every setting is explained to those who run it.
func TestOperationsTellAll(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, of := range []map[string]metric{counters, histograms} {
		for _, m := range of {
			names = append(names, "`"+m.name)
		}
	}
	for _, name := range gaugeNames() {
		names = append(names, "`"+name)
	}
	for _, name := range promised {
		names = append(names, "`NEVERMIND_"+name+"`")
	}
	for _, name := range names {
		if !strings.Contains(string(text), name) {
			t.Errorf("docs/operations.md says nothing of %s`", name)
		}
	}
}

// gaugeNames are the gauges' names without what all metrics begin with.
func gaugeNames() (names []string) {
	descs := make(chan *prometheus.Desc, 100)
	gauges{}.Describe(descs)
	close(descs)
	for d := range descs {
		_, name, _ := strings.Cut(d.String(), `fqName: "nevermind_`)
		name, _, _ = strings.Cut(name, `"`)
		names = append(names, name)
	}
	return names
}

// TestLanesAreTold holds that the operator is told every kind of lane that there is.
func TestLanesAreTold(t *testing.T) {
	source, err := os.ReadFile("../../bot/task.go")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, row, _ := strings.Cut(string(docs), "`tasks_late_seconds{lane}`")
	row, _, _ = strings.Cut(row, "\n")
	kinds := regexp.MustCompile(`"([a-z]+):<`).FindAllStringSubmatch(string(source), -1)
	if len(kinds) < 7 {
		t.Fatalf("bot.Task.Lane names %d kinds of lane", len(kinds))
	}
	for _, kind := range kinds {
		if !strings.Contains(row, "`"+kind[1]+"`") {
			t.Errorf("docs/operations.md does not say what waits in the lane %q", kind[1])
		}
	}
}
