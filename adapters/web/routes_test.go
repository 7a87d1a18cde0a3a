package web

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

const hello = `{"id":"web:0123456789","room":"web:buyer:b-1","account":"web:buyer:b-1","text":"hi","press":"","reply_to":"T-9"}`

func TestMessageIsAnsweredOnlyOnceStored(t *testing.T) {
	s := lamp(t)
	srv := s.open(t)
	if status, body := ask(t, "POST", srv.URL+"/api/messages", hello); status != 200 {
		t.Fatalf("message: got %d %s, want 200", status, body)
	}
	m := s.got[0]
	if m.ID != "web:0123456789" || m.Room != "web:buyer:b-1" || m.Account != "web:buyer:b-1" || m.Text != "hi" ||
		m.ReplyTo != "T-9" || !m.At.Equal(noon) {
		t.Errorf("received: got %+v", m)
	}
	for err, want := range map[error]int{bot.ErrBusy: 503, errors.New("disk full"): 500} {
		s.fail = err
		if status, body := ask(t, "POST", srv.URL+"/api/messages", hello); status != want || strings.Contains(body, "disk") {
			t.Errorf("message while %q: got %d %s, want %d and no inner words", err, status, body, want)
		}
	}
}

func TestBadRequests(t *testing.T) {
	s := lamp(t)
	srv := s.open(t)
	message := func(old, with string) string { return strings.Replace(hello, old, with, 1) }
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		want               int
	}{
		"another site's name":     {"GET", "/", "", []string{"Host", "evil.example"}, 421},
		"a name that looks local": {"GET", "/api/people", "", []string{"Host", "127.0.0.1.evil.example"}, 421},
		"a form post":             {"POST", "/api/messages", hello, []string{"Content-Type", "text/plain"}, 415},
		"another site's post":     {"POST", "/api/messages", hello, []string{"Origin", "http://evil.example"}, 415},
		"no origin at all":        {"POST", "/api/messages", hello, []string{"Origin", "null"}, 415},
		"another method":          {"PUT", "/api/messages", hello, nil, 405},
		"not JSON":                {"POST", "/api/messages", "{", nil, 400},
		"two values":              {"POST", "/api/messages", hello + hello, nil, 400},
		"an unknown field":        {"POST", "/api/messages", message(`"text"`, `"txt"`), nil, 400},
		"too long":                {"POST", "/api/messages", message("hi", strings.Repeat("x", maxBody)), nil, 413},
		"no id of its own":        {"POST", "/api/messages", message("web:0123456789", "tg:0123456789"), nil, 400},
		"nothing said":            {"POST", "/api/messages", message("hi", " "), nil, 400},
		"somebody else's room":    {"POST", "/api/messages", message(`"web:buyer:b-1"`, `"web:buyer:b-2"`), nil, 403},
		"a buyer at the desk":     {"POST", "/api/messages", message(`"web:buyer:b-1"`, `"web:desk"`), nil, 403},
		"a file never put":        {"POST", "/api/messages", message(`"press":""`, `"press":"","files":["00"]`), nil, 400},
		"another site's file":     {"PUT", "/api/files?name=a.txt", "hello", []string{"Origin", "http://evil.example"}, 403},
		"a page as a file":        {"PUT", "/api/files?name=a.jpg", "<!doctype html><script>alert(1)</script>", nil, 415},
		"too large a file":        {"PUT", "/api/files?name=a.txt", strings.Repeat("x", bot.LargestFile+1), nil, 413},
		"no such file":            {"GET", "/api/files/" + strings.Repeat("0", 64), "", nil, 404},
		"no hash at all":          {"GET", "/api/files/..%2f..%2fetc", "", nil, 404},
		"no such room":            {"GET", "/api/rooms/slack:C1", "", nil, 404},
		"no such case":            {"GET", "/api/cases/C-0", "", nil, 404},
		"no such flow":            {"GET", "/api/flows/nope.svg", "", nil, 404},
		"no such move":            {"POST", "/api/clock", `{"move":"-1h"}`, nil, 400},
		"no such order":           {"POST", "/api/shop", `{"order":"1","act":"ship"}`, nil, 404},
		"not from this stage":     {"POST", "/api/shop", `{"order":"8123","act":"deliver"}`, nil, 409},
		"no such refund":          {"POST", "/api/shop", `{"order":"8123","act":"settle","task":"T-2"}`, nil, 409},
	} {
		t.Run(name, func(t *testing.T) {
			if status, body := ask(t, c.method, srv.URL+c.path, c.body, c.header...); status != c.want {
				t.Errorf("%s %s: got %d %s, want %d", c.method, c.path, status, body, c.want)
			}
		})
	}
	if len(s.got)+len(s.did) > 0 {
		t.Errorf("bad requests did something: %v %v", s.got, s.did)
	}
}

func TestHostAllowed(t *testing.T) {
	for _, c := range []struct {
		host, listen string
		want         bool
	}{
		{"localhost:8080", "127.0.0.1", true}, {"127.0.0.1:8080", "", true}, {"[::1]:8080", "", true}, {"demo.localhost", "", true},
		{"192.168.1.5:8080", "127.0.0.1", false}, {"192.168.1.5:8080", "0.0.0.0", true}, {"192.168.1.5:8080", "192.168.1.5", true},
		{"box.lan:8080", "box.lan", true}, {"evil.example", "0.0.0.0", false}, {"", "0.0.0.0", false},
		{"localhost.evil.example", "", false},
	} {
		if got := hostAllowed(c.host, c.listen); got != c.want {
			t.Errorf("host %q where %q is listened on: got %v, want %v", c.host, c.listen, got, c.want)
		}
	}
}

func TestAnswers(t *testing.T) {
	srv := lamp(t).open(t)
	for path, wants := range map[string][]string{
		"/":               {"<title>Nevermind", "/assets/page.js"},
		"/assets/page.js": {"import"},
		"/api/people": {`"name":"Ana García"`, `"account":"web:support:mira"`, `"room":"web:desk"`,
			`"flow":"case"`, `"label":"My orders"`},
		"/api/rooms/web:buyer:b-1":    {`"text":"\u003cb\u003ecancel\u003c/b\u003e"`, `"ref":"T-9"`, `"card":true`},
		"/api/rooms/web:desk":         {`"bubbles":[]`},
		"/api/cases":                  {`"id":"C-7Q2M9K4D"`, `"state":"awaiting_seller"`},
		"/api/cases?person=buyer:b-2": {`"cases":[]`},
		"/api/cases/case%2F8123%2F0": {`"then":"refunding"`, `"window":"seller_answer"`, `"actor":"Ana García"`,
			`"rules":["S41"]`, `"state":"pending"`, `"title":"Bamboo lamp"`},
		"/api/cases/C-7Q2M9K4D":        {`"key":"case/8123/0"`},
		"/api/orders?person=buyer:b-1": {`"acts":["ship","cancel"]`, `"total":"24.90 USD"`, `"task":"T-1"`},
		"/api/flows/case.svg":          {"<svg>case</svg>"},
		"/api/clock": {`"now":"2026-11-20T12:00:00Z"`, `"next":"2026-11-21T12:00:00Z"`,
			`"to":"refunding"`},
	} {
		status, body := ask(t, "GET", srv.URL+path, "")
		for _, want := range wants {
			if status != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("GET %s: got %d %s, want %s in it", path, status, body, want)
			}
		}
	}
}

func TestShopActs(t *testing.T) {
	s := lamp(t)
	srv := s.open(t)
	for _, body := range []string{
		`{"order":"8123","act":"ship"}`, `{"order":"8123","act":"cancel"}`,
		`{"order":"8123","act":"settle","task":"T-1"}`, `{"order":"8123","act":"fail","task":"T-1"}`,
	} {
		if status, got := ask(t, "POST", srv.URL+"/api/shop", body); status != 200 {
			t.Errorf("shop %s: got %d %s, want 200", body, status, got)
		}
	}
	want := "ship 8123 LP000008123CN, cancel 8123, settle 8123 T-1 ok, settle 8123 T-1 failed"
	if got := strings.Join(s.did, ", "); got != want {
		t.Errorf("the shop did: got %s, want %s", got, want)
	}
}

func TestClockMoves(t *testing.T) {
	s := lamp(t)
	srv := s.open(t)
	for _, c := range []struct{ move, want string }{
		{"1h", "2026-11-20T13:00:00Z"}, {"next", "2026-11-21T12:00:00Z"}, {"next", "2026-11-21T12:00:00Z"},
		{"24h", "2026-11-22T12:00:00Z"},
	} {
		status, body := ask(t, "POST", srv.URL+"/api/clock", `{"move":"`+c.move+`"}`)
		if status != 200 || !strings.Contains(body, `"now":"`+c.want) {
			t.Errorf("clock %s: got %d %s, want %s", c.move, status, body, c.want)
		}
	}
	// On the way it stops at the talk's deadline and at the case's, each at its own time.
	if s.woken != 6 || len(s.fired) != 2 || !s.fired[0].At.Equal(noon.Add(time.Minute)) ||
		!s.fired[1].At.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("the engine was woken %d times and fired %v, want 6 times, and both deadlines one after the other", s.woken, s.fired)
	}
	again, err := OpenClock(t.Context(), s)
	if err != nil || again.Offset() != 48*time.Hour {
		t.Errorf("clock opened again: got %v ahead, %v, want 48h", again.Offset(), err)
	}
	s.fail = errors.New("disk full")
	if status, _ := ask(t, "POST", srv.URL+"/api/clock", `{"move":"1h"}`); status != 500 || !s.now().Equal(noon.Add(48*time.Hour)) {
		t.Errorf("a move that cannot be kept: got %d and %v, want 500 and no move", status, s.now())
	}
}
