package web

import (
	"net/http"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestSituationIsPlayed: a situation is a fresh order and words that its people might have typed.
func TestSituationIsPlayed(t *testing.T) {
	s := lamp(t)
	srv := s.open(t)
	if status, body := ask(t, http.MethodGet, srv.URL+"/api/situations", ""); status != http.StatusOK ||
		strings.Count(body, `"name"`) != 6 {
		t.Fatalf("the list: got %d %s, want six situations", status, body)
	}
	status, body := ask(t, http.MethodPost, srv.URL+"/api/situations",
		`{"name":"broken_lamp","buyer":"buyer:b-1","seller":"seller:s-1"}`)
	if status != http.StatusOK || len(s.did) != 1 || !strings.HasSuffix(s.did[0], "Glass table lamp") {
		t.Fatalf("got %d %s, the shop did %q; want a fresh order", status, body, s.did)
	}
	var said []string
	for _, m := range s.got {
		if m.Room != "web:buyer:b-1" || m.Account != "web:buyer:b-1" {
			t.Errorf("%q was said in %s by %s, want the buyer's own", m.Text, m.Room, m.Account)
		}
		said = append(said, m.Text)
	}
	if len(said) != 4 || said[0] != "start again" || len(said[1]) != 16 || said[3] != "It is damaged" {
		t.Errorf("said %q, want a fresh start, the order's number, and what is wrong", said)
	}
	for _, wrong := range []string{`{"name":"nothing","buyer":"buyer:b-1","seller":"seller:s-1"}`,
		`{"name":"broken_lamp","buyer":"support:mira","seller":"x"}`} {
		if status, _ := ask(t, http.MethodPost, srv.URL+"/api/situations", wrong); status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", wrong, status)
		}
	}
}

// TestBoard: what runs out, whose move it is, and what is lost.
func TestBoard(t *testing.T) {
	s := lamp(t)
	s.ledger = []bot.Countdown{{Key: "case/8123/0", ID: "C-7Q2M9K4D", Order: "8123", Name: "seller_answer", At: noon, From: noon,
		Window: bot.Window{BusinessDays: 2},
		Zone:   "Asia/Shanghai", Then: "cancelling", Whose: []bot.Party{bot.Seller}, Says: "The seller loses.",
		Parties: map[bot.Party]bot.PersonID{bot.Buyer: "buyer:b-1"}}}
	status, body := ask(t, http.MethodGet, s.open(t).URL+"/api/deadlines", "")
	for _, want := range []string{`"id":"C-7Q2M9K4D"`, `"length":"2bd"`, `"zone":"Asia/Shanghai"`, `"whose":["seller"]`,
		`"says":"The seller loses."`, `"name":"Ana García"`} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("got %d %s, want %s in it", status, body, want)
		}
	}
}
