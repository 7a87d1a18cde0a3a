package rest_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"nevermind/bot"
)

// page is a page of cases as it was answered.
type page struct {
	Cases []struct{ ID, State string }
	Next  string `json:"next_cursor"`
}

func (s *fixture) page(query string) page {
	s.t.Helper()
	w := s.ask("GET", "/v1/cases?"+query, "")
	var p page
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 200 {
		s.t.Fatalf("%s: %d %s (%v)", query, w.Code, w.Body, err)
	}
	return p
}

func (s *fixture) theCase(order string) map[string]any {
	s.t.Helper()
	var c map[string]any
	w := s.ask("GET", "/v1/cases/C-"+order, "")
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil || w.Code != 200 {
		s.t.Fatalf("%d %s (%v)", w.Code, w.Body, err)
	}
	return c
}

// TestCasesOfAllKinds: requests to cancel and disputes are listed one after the other, whatever the page's size.
func TestCasesOfAllKinds(t *testing.T) {
	s := newFixture(t)
	for _, order := range []string{"80", "81", "82"} {
		s.open(order)
		s.ask("PUT", "/v1/orders/9"+order, strings.Replace(anOrder("9"+order), `"processing"`, `"delivered"`, 1))
		s.tellThe("dispute", "9"+order, bot.Buyer, "dispute_opened",
			bot.Facts{"order": "9" + order, "id": "C-9" + order, "kind": "return", "amount": "24.90 USD",
				"asked": "24.90 USD", "claim_amount": "24.90 USD", "problem": "unwanted", "story": "too large", "way": "return",
				"claim_kind": "return"})
	}
	for limit := 1; limit <= 7; limit++ {
		var seen []string
		for cursor := ""; ; {
			p := s.page(fmt.Sprint("limit=", limit, "&cursor=", url.QueryEscape(cursor)))
			for _, c := range p.Cases {
				seen = append(seen, c.ID)
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
		if want := []string{"C-80", "C-81", "C-82", "C-980", "C-981", "C-982"}; !slices.Equal(seen, want) {
			t.Errorf("%d a page: got %v, want %v", limit, seen, want)
		}
	}
	if got := s.page("state=awaiting_seller").Cases; len(got) < 3 {
		t.Errorf("in one state: got %v", got)
	}
	if c := s.theCase("981"); c["kind"] != "return" || c["reason"] != "unwanted" || c["note"] != "too large" {
		t.Errorf("got %v", c)
	}
}

func TestCasesByPage(t *testing.T) {
	s := newFixture(t)
	for i := range 7 {
		s.open(fmt.Sprint(80 + i))
	}
	s.tell("82", bot.Buyer, "withdrawn", nil)
	var seen []string
	cursor := ""
	for pages := 0; ; pages++ {
		p := s.page("limit=2&cursor=" + url.QueryEscape(cursor))
		for _, c := range p.Cases {
			seen = append(seen, c.ID)
		}
		if pages == 1 { // what changes between two pages does no harm
			s.open("70")
			s.tell("83", bot.Buyer, "withdrawn", nil)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	if want := []string{"C-80", "C-81", "C-82", "C-83", "C-84", "C-85", "C-86"}; !slices.Equal(seen, want) {
		t.Errorf("got %v, want %v", seen, want)
	}
	for query, want := range map[string]int{"state=withdrawn": 2, "state=awaiting_seller": 6, "order=84": 1, "order=none": 0,
		"order=82&state=awaiting_seller": 0, "state=none": 0} {
		if got := len(s.page(query).Cases); got != want {
			t.Errorf("%s: got %d cases, want %d", query, got, want)
		}
	}
	if w := s.ask("GET", "/v1/cases?order=none", ""); w.Body.String() != `{"cases":[],"next_cursor":""}`+"\n" {
		t.Errorf("none: got %s", w.Body)
	}
}
