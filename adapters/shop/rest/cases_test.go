package rest_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"nevermind/bot"
)

// page is a page of cases as it was answered.
type page struct {
	Cases []struct{ ID, State string }
	Next  string `json:"next_cursor"`
}

func (s *stand) page(query string) page {
	s.t.Helper()
	w := s.ask("GET", "/v1/cases?"+query, "")
	var p page
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 200 {
		s.t.Fatalf("%s: %d %s (%v)", query, w.Code, w.Body, err)
	}
	return p
}

func (s *stand) theCase(order string) map[string]any {
	s.t.Helper()
	var c map[string]any
	w := s.ask("GET", "/v1/cases/C-"+order, "")
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil || w.Code != 200 {
		s.t.Fatalf("%d %s (%v)", w.Code, w.Body, err)
	}
	return c
}

func TestCasesByPage(t *testing.T) {
	s := newStand(t)
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
	for query, want := range map[string]int{"state=withdrawn": 2, "state=awaiting_seller": 6, "order=84": 1, "order=none": 0, "order=82&state=awaiting_seller": 0, "state=none": 0} {
		if got := len(s.page(query).Cases); got != want {
			t.Errorf("%s: got %d cases, want %d", query, got, want)
		}
	}
	if w := s.ask("GET", "/v1/cases?order=none", ""); w.Body.String() != `{"cases":[],"next_cursor":""}`+"\n" {
		t.Errorf("none: got %s", w.Body)
	}
}
