package rest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"nevermind/adapters/shop/rest"
	"nevermind/bot"
)

var update = flag.Bool("update", false, "write docs/api.md and the answers of its examples")

const (
	examplesFile = "doc_examples.json"
	docsFile     = "../../../docs/api.md"
)

// secrets are what differs from run to run.
var secrets = regexp.MustCompile(`[A-Za-z0-9_-]{43}`)

// TestDocsExamples runs every example of docs/api.md in a shell, and each answers what stands there.
func TestDocsExamples(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl here")
	}
	s := newFixture(t)
	server := httptest.NewServer(s.api)
	defer server.Close()
	s.open("8123456789012345")
	s.tell("8123456789012345", bot.Seller, "seller_accepted", nil)
	answers := []string{}
	for _, try := range rest.Examples() {
		c := exec.CommandContext(t.Context(), "bash", "-c", try.Command)
		c.Env = append(os.Environ(), "NEVERMIND="+server.URL, "NEVERMIND_API_KEY="+key, "TASK_ID="+s.pending("cancel_order"))
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s: %v", try.Command, err)
		}
		answer := secrets.ReplaceAllString(indented(string(out)), "…")
		answers = append(answers, answer)
		if answer != try.Answer && !*update {
			t.Errorf("%s\ngot\n%s\nwant\n%s", try.Command, answer, try.Answer)
		}
	}
	if *update {
		text, err := json.MarshalIndent(answers, "", " ")
		must(t, err)
		must(t, os.WriteFile(examplesFile, append(text, '\n'), 0o600))
	}
}

// indented makes an answer of one value easier to read.
func indented(answer string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(answer), "", "  ") != nil {
		return strings.TrimSpace(answer) // lines of their own
	}
	return strings.TrimSpace(b.String())
}

// TestDocsAreCurrent holds docs/api.md to the API.
func TestDocsAreCurrent(t *testing.T) {
	s := newFixture(t)
	want, err := s.api.Markdown()
	must(t, err)
	if *update {
		must(t, os.WriteFile(docsFile, want, 0o600))
	}
	got, err := os.ReadFile(docsFile)
	must(t, err)
	if !bytes.Equal(got, want) {
		t.Error("docs/api.md is not what the API is: go test ./adapters/shop/rest -run Docs -update, twice")
	}
}

// TestPage: one page without scripts, and nothing from elsewhere.
func TestPage(t *testing.T) {
	s := newFixture(t)
	page, err := s.api.Page()
	must(t, err)
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest("GET", "/docs", nil))
	for _, bad := range []string{"<script", "src=", "href=\"http", "@import", "url("} {
		if strings.Contains(w.Body.String(), bad) {
			t.Errorf("the page has %s in it", bad)
		}
	}
	for _, try := range rest.Examples() {
		if line, _, _ := strings.Cut(try.Command, "\n"); !strings.Contains(w.Body.String(),
			strings.NewReplacer(`"`, "&#34;", "'", "&#39;").Replace(line)) {
			t.Errorf("the page lacks %s", line)
		}
	}
}
