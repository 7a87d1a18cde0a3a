package web

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nevermind/bot"
	"nevermind/flows/words"
)

// TestSituationIsPlayed: a situation is a fresh order and words that its people might have typed.
func TestSituationIsPlayed(t *testing.T) {
	s := lamp(t)
	srv := s.open(t)
	if status, body := ask(t, http.MethodGet, srv.URL+"/api/situations", ""); status != http.StatusOK ||
		strings.Count(body, `"name"`) != 6 {
		t.Fatalf("the list: got %d %s, want six situations", status, body)
	}
	status, body := ask(t, http.MethodPost, srv.URL+"/api/situations", `{"name":"broken_lamp"}`)
	want := []string{"join Marta Vidal", "join Harbour Lights", "put 17 Glass table lamp"}
	if status != http.StatusOK || !slices.Equal(s.did, want) {
		t.Fatalf("got %d %s, the shop did %q; want %q", status, body, s.did, want)
	}
	var said []string
	for _, m := range s.got {
		if !strings.HasPrefix(string(m.Room), "web:buyer:broken_lamp.17") || m.Account != string(m.Room) {
			t.Errorf("%q was said in %s by %s, want the buyer's own", m.Text, m.Room, m.Account)
		}
		said = append(said, m.Text)
	}
	if len(said) != 4 || said[0] != "start again" || len(said[1]) != 16 || said[3] != "It's damaged" {
		t.Errorf("said %q, want a fresh start, the order's number, and what is wrong", said)
	}
	if status, _ := ask(t, http.MethodPost, srv.URL+"/api/situations", `{"name":"nothing"}`); status != http.StatusNotFound {
		t.Errorf("an unknown one: got %d, want 404", status)
	}
	if status, _ := ask(t, http.MethodPost, srv.URL+"/api/start-over", `{}`); status != http.StatusOK ||
		s.did[len(s.did)-1] != "start over" {
		t.Errorf("starting over: got %d, the shop did %q", status, s.did)
	}
}

// TestFreshPeopleTakeThePlaceOfOld: of people who were made anew only the newest are shown.
func TestFreshPeopleTakeThePlaceOfOld(t *testing.T) {
	var got []bot.PersonID
	for _, p := range newest([]personLine{{ID: "buyer:b-1"}, {ID: "buyer:b-1.9"}, {ID: "buyer:b-1.10"}, {ID: "buyer:b-2"}}) {
		got = append(got, p.ID)
	}
	if want := []bot.PersonID{"buyer:b-1.10", "buyer:b-2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPageWords: the page is given the names of states and rules, and its own words in the reader's language with all the
// plural forms that the language has.
func TestPageWords(t *testing.T) {
	catalog, err := words.Read(fstest.MapFS{"ru.yaml": {Data: []byte(`
"All deadlines": "Все сроки"
"being cancelled": "отменяется"
"{n} hours": {one: "{n} час", few: "{n} часа", many: "{n} часов", other: "{n} часа"}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	d := New(Config{Words: catalog, Names: Names{States: map[string]string{"cancelling": "being cancelled"}}})
	s := lamp(t)
	d.Attach(s, counter{s})
	srv := httptest.NewServer(d)
	defer srv.Close()
	status, body := ask(t, http.MethodGet, srv.URL+"/api/words?language=ru", "")
	for _, want := range []string{`"cancelling":"being cancelled"`, `"All deadlines":"Все сроки"`, `"being cancelled":"отменяется"`,
		`["{n} часов","{n} час","{n} часа"`} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("got %d, want %s in %s", status, want, body)
		}
	}
	said, _ := Texts()
	for _, text := range []string{"Start over", "All deadlines", "{n} replies", "Refund of {amount}: sent",
		"Skip to the buyer’s message box",
		"A lamp came broken", "Cancel an order", "Message as the buyer"} {
		if !slices.Contains(said, text) {
			t.Errorf("Texts lacks %q", text)
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
	for _, want := range []string{`"id":"C-7Q2M9K4D"`, `"length":{"business_days":2}`, `"zone":"Asia/Shanghai"`,
		`"whose":["seller"]`, `"says":"The seller loses."`, `"name":"Ana García"`} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("got %d %s, want %s in it", status, body, want)
		}
	}
}
