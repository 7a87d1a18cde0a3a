package rest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestReport: what came of requests, by one breakdown or all, and what is wrong with a call is named.
func TestReport(t *testing.T) {
	s := newFixture(t)
	s.open("80")
	s.open("81")
	s.tell("81", bot.Seller, "seller_accepted", nil)
	var r bot.Report
	w := s.ask("GET", "/v1/reports?from=2026-11-20&to=2026-11-21&by=seller", "")
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != 200 {
		t.Fatalf("%d %s (%v)", w.Code, w.Body, err)
	}
	if r.All.Asked != 2 || r.All.Answered != 1 || r.All.Agreed != 1 || len(r.By) != 1 || r.By["seller"][0].Name != "s-1" {
		t.Errorf("got %s", w.Body)
	}
	if w := s.ask("GET", "/v1/reports?from=2026-11-21", ""); !strings.Contains(w.Body.String(), `"asked":0`) {
		t.Errorf("of another time: got %s", w.Body)
	}
	for query, field := range map[string]string{"from=yesterday": "from", "from=2026-11-21&to=2026-11-20": "to", "by=mood": "by"} {
		w := s.ask("GET", "/v1/reports?"+query, "")
		if w.Code != 422 || !strings.Contains(w.Body.String(), "query."+field) {
			t.Errorf("%s: got %d %s", query, w.Code, w.Body)
		}
	}
}
