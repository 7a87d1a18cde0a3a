package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/shop/rest"
	"nevermind/bot"
)

// before is the API as it was before orders had quantities, parcels and payments: its document, and its examples with their
// answers. It is never written again.
const before = "testdata/before_whole_orders/"

// TestExamplesOfTheVersionBefore: each example of the version before is answered as it was then, to the byte. Only the rules of
// the field that applied to a move of a case may be more than they were; their names are left out where they are new.
func TestExamplesOfTheVersionBefore(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl here")
	}
	text, err := os.ReadFile(before + "examples.json")
	must(t, err)
	var examples []rest.Example
	must(t, json.Unmarshal(text, &examples))
	s := newFixture(t)
	server := httptest.NewServer(s.api)
	defer server.Close()
	s.open("8123456789012345")
	s.tell("8123456789012345", bot.Seller, "seller_accepted", nil)
	for _, try := range examples {
		c := exec.CommandContext(t.Context(), "bash", "-c", try.Command)
		c.Env = append(os.Environ(), "NEVERMIND="+server.URL, "NEVERMIND_API_KEY="+key, "TASK_ID="+s.pending("cancel_order"))
		out, err := c.Output()
		must(t, err)
		got := withoutNewRules(secrets.ReplaceAllString(indented(string(out)), "…"), try.Answer)
		if got != try.Answer {
			t.Errorf("%s\ngot\n%s\nwant\n%s", try.Command, got, try.Answer)
		}
	}
}

// ruleList is the list of rules of one move of a case, indented.
var ruleList = regexp.MustCompile(`"rule": \[[^\]]*\]`)

// withoutNewRules takes from each list of rules in an answer what is not in the list in its place in the answer of before.
func withoutNewRules(answer, before string) string {
	were, n := ruleList.FindAllString(before, -1), -1
	return ruleList.ReplaceAllStringFunc(answer, func(list string) string {
		if n++; n >= len(were) {
			return list
		}
		var kept []string
		for line := range strings.SplitSeq(list, "\n") {
			rule := strings.TrimSuffix(strings.TrimSpace(line), ",")
			if !strings.HasPrefix(rule, `"S`) && !strings.HasPrefix(rule, `"Q`) || strings.Contains(were[n], rule) {
				kept = append(kept, strings.TrimSuffix(line, ","))
			}
		}
		for k := 1; k < len(kept)-2; k++ {
			kept[k] += ","
		}
		return strings.Join(kept, "\n")
	})
}

// TestDocumentOfTheVersionBefore: what a client was generated from is still there. Fields may have been added, none that is
// needed; words may be others.
func TestDocumentOfTheVersionBefore(t *testing.T) {
	text, err := os.ReadFile(before + "openapi.json")
	must(t, err)
	var was, now any
	must(t, json.Unmarshal(text, &was))
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/v1/openapi.json", nil)
	r.Header.Set("Authorization", "Bearer "+key)
	newFixture(t).api.ServeHTTP(w, r)
	must(t, json.Unmarshal(w.Body.Bytes(), &now))
	stillThere(t, "", was, now)
}

// stillThere checks that a value of a JSON document contains another.
func stillThere(t *testing.T, name string, was, now any) {
	switch was := was.(type) {
	case map[string]any:
		now, ok := now.(map[string]any)
		if !ok {
			t.Errorf("%s is an object no more", name)
			return
		}
		for key, inner := range was {
			if key != "description" && key != "summary" && key != "version" && key != "examples" {
				stillThere(t, name+"/"+key, inner, now[key])
			}
		}
		if _, needed := now["required"]; needed && was["required"] == nil {
			t.Errorf("%s needs a field that it did not need", name)
		}
	case []any:
		list, _ := now.([]any)
		for n, inner := range was {
			if _, ok := inner.(map[string]any); ok && n < len(list) {
				stillThere(t, fmt.Sprintf("%s[%d]", name, n), inner, list[n])
			} else if !slices.ContainsFunc(list, func(v any) bool { return fmt.Sprint(v) == fmt.Sprint(inner) }) {
				t.Errorf("%s[%d] %v is gone", name, n, inner)
			}
		}
		if len(list) != len(was) && strings.HasSuffix(name, "/required") {
			t.Errorf("%s: got %v, want %v", name, list, was)
		}
	default:
		if was != now {
			t.Errorf("%s: got %v, want %v", name, now, was)
		}
	}
}
