package console_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/console"
	"nevermind/bot"
	"nevermind/store/blob"
	"nevermind/store/bolt"
)

// desk is a talk with one question and two answers.
var desk = bot.Flow{
	Name: "desk", About: "A talk to try the terminal with.", First: "asking", Talk: true,
	After:  bot.Waits{{Full: "patience", Event: "time_passed", Again: true}},
	Hear:   []bot.Hear{func(*bot.View, *bot.Message) (bot.Event, bool) { return bot.Event{Name: "greeted"}, true }},
	Always: bot.Moves{"person_asked": bot.Go("asking"), "time_passed": bot.Stay(), "greeted": bot.Go("asking")},
	States: bot.States{
		"asking": {
			Tell:  bot.To{bot.Here: "Tea or coffee?"},
			Offer: bot.Offers{bot.Buyer: {{Event: "tea_chosen", Label: "Tea"}, {Event: "coffee_chosen", Label: "Coffee"}}},
			Then:  bot.Moves{"tea_chosen": bot.Go("brewing"), "coffee_chosen": bot.Stay().Saying(bot.To{bot.Here: "There is none."})},
		},
		"brewing": {
			Tell:  bot.To{bot.Here: "Tea it is."},
			Offer: bot.Offers{bot.Buyer: {{Event: "started_again", Label: "Again"}}},
			Then:  bot.Moves{"started_again": bot.Go("asking")},
		},
	},
}

func TestTalk(t *testing.T) {
	h := open(t)
	h.know("b-1", "Ana")
	s := h.sit("b-1")
	s.want("You are Ana (b-1).")
	s.types("hello")
	s.want("│ Tea or coffee?", "│ [1] Tea  [2] Coffee")
	s.types("2")
	s.want("│ There is none.")
	s.types("tea")
	s.want("Tea it is.", "[1] Again")
	s.types("/quit")
	s.over(nil)

	back := h.sit("b-1")
	back.want("you: hello", "Tea it is.", "[1] Again")
	back.types("[1]")
	back.want("Tea or coffee?")
	back.ends()
	back.over(nil)
}

// A file goes along with a message, and is there when its sender comes back; one that is not taken sends nothing.
func TestAttach(t *testing.T) {
	h := open(t)
	h.know("b-1", "Ana")
	s := h.sit("b-1")
	s.want("You are Ana (b-1).")
	photo, page := filepath.Join(t.TempDir(), "my lamp.jpg"), filepath.Join(t.TempDir(), "page.jpg")
	for name, content := range map[string]string{photo: "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", page: "<!doctype html>"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.types("/attach " + photo)
	s.want("│ Tea or coffee?")
	s.types("/attach " + page)
	s.want("Not sent: only photos")
	s.types("/attach /no/such/file")
	s.want("Not sent: open /no/such/file")
	s.types("/quit")
	s.over(nil)
	back := h.sit("b-1")
	back.want("you: [photo my lamp.jpg, 1 kB]")
	back.ends()
	back.over(nil)
}

func blobs(t *testing.T) bot.Blobs {
	t.Helper()
	b, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestStranger(t *testing.T) {
	h := open(t)
	h.sit("b-404").over(console.ErrStranger)
}

func TestLinked(t *testing.T) {
	h := open(t)
	h.know("b-1", "Ana")
	s := h.sit("b-1")
	s.want("You are Ana")
	s.ends()
	s.over(nil)
	p, err := h.engine.Store().Person(t.Context(), "buyer:b-1")
	if err != nil || p.Name != "Ana" || len(p.Rooms) != 1 || p.Rooms[0] != "console:buyer:b-1" ||
		p.Accounts[0] != "console:buyer:b-1" {
		t.Errorf("the person after sitting down: got %+v (%v)", p, err)
	}
}

func TestServerGoes(t *testing.T) {
	h := open(t)
	h.know("b-1", "Ana")
	s := h.sit("b-1")
	s.want("You are Ana")
	h.stop()
	s.over(console.ErrOver)
}

func TestForeignMessages(t *testing.T) {
	h := open(t)
	for body, want := range map[string]int{
		`{"id":"1","room":"web:buyer:b-1","text":"x"}`:                                 http.StatusBadRequest,
		`{"room":"console:buyer:b-1","text":"x"}`:                                      http.StatusBadRequest,
		`{"id":"1","room":"console:buyer:b-1","text":"` + strings.Repeat("x", 300_000): http.StatusBadRequest,
		`not JSON`: http.StatusBadRequest,
		`{"id":"1","room":"console:buyer:b-1","text":"x"}`: http.StatusOK,
	} {
		answer, err := h.client.Post("http://nevermind/console/messages", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%.60s: got %d, want %d", body, answer.StatusCode, want)
		}
	}
}

// fixture is an engine on a real store with a console and nothing else.
type fixture struct {
	t      *testing.T
	engine *engine.Engine
	client *http.Client
	stop   func()
}

func open(t *testing.T) *fixture {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "nevermind.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	c := console.New()
	engine, err := engine.New(t.Context(), engine.Config{Blobs: blobs(t),
		Store: store, Now: time.Now, Adapters: []bot.Adapter{c},
		Flows:  &bot.Flows{All: []*bot.Flow{&desk}, Home: "desk", Form: "desk", More: "More", Less: "Less"},
		Policy: &bot.Policy{Windows: map[string]bot.Window{"patience": {Length: time.Hour}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Attach(engine)
	server := httptest.NewServer(c.Handler())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		engine.Run(ctx)
	}()
	stop := func() {
		cancel()
		<-done
		server.Close()
	}
	t.Cleanup(stop)
	to, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t: t, engine: engine, stop: stop, client: &http.Client{Transport: elsewhere{to.Host}}}
}

// elsewhere sends every request to one host, as the control socket does.
type elsewhere struct{ host string }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = e.host
	return http.DefaultTransport.RoundTrip(r)
}

func (h *fixture) know(id, name string) {
	h.t.Helper()
	if _, err := h.engine.PutPerson(h.t.Context(), bot.Person{ID: bot.NewPersonID(bot.Buyer, id), Name: name}); err != nil {
		h.t.Fatal(err)
	}
}

// seat is somebody at a terminal.
type seat struct {
	t     *testing.T
	in    *io.PipeWriter
	lines chan string
	end   chan error
}

func (h *fixture) sit(id string) *seat {
	in, typed := io.Pipe()
	screen, out := io.Pipe()
	s := &seat{t: h.t, in: typed, lines: make(chan string, 1000), end: make(chan error, 1)}
	terminal := console.Terminal{Client: h.client, In: in, Out: out}
	go func() {
		s.end <- terminal.Chat(h.t.Context(), bot.NewPersonID(bot.Buyer, id))
		out.Close()
	}()
	go func() {
		defer close(s.lines)
		for in := bufio.NewScanner(screen); in.Scan(); {
			s.lines <- in.Text()
		}
	}()
	return s
}

func (s *seat) types(line string) {
	s.t.Helper()
	if _, err := io.WriteString(s.in, line+"\n"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *seat) ends() { s.in.Close() }

// want reads on until every one of the texts has been seen, in this order.
func (s *seat) want(texts ...string) {
	s.t.Helper()
	var seen []string
	enough := time.After(time.Minute)
	for len(texts) > 0 {
		select {
		case line, ok := <-s.lines:
			if !ok {
				s.t.Fatalf("got %q, want %q", seen, texts)
			}
			seen = append(seen, line)
			if strings.Contains(line, texts[0]) {
				texts = texts[1:]
			}
		case <-enough:
			s.t.Fatalf("got %q, want %q", seen, texts)
		}
	}
}

func (s *seat) over(want error) {
	s.t.Helper()
	select {
	case got := <-s.end:
		if !errors.Is(got, want) {
			s.t.Errorf("the chat ended with %v, want %v", got, want)
		}
	case <-time.After(time.Minute):
		s.t.Error("the chat did not end")
	}
}
