package telegram

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// opened is an adapter on a fake, that receives into inbox until the test ends.
func newTestAdapter(t *testing.T, fake *telegramtest.Server, change func(*Config)) *Adapter {
	t.Helper()
	cfg := Config{Token: fake.Token, API: fake.URL(), Client: fake.Reach(), Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	a, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// inbox is a function that takes messages.
type inboxFunc func(ctx context.Context, m bot.Message) error

func (in inboxFunc) Receive(ctx context.Context, m bot.Message) error { return in(ctx, m) }

// running lets an adapter receive until the test ends.
func runAdapter(t *testing.T, a *Adapter, in bot.Inbox) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		if err := a.Run(ctx, in); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); all.Wait() })
}

func newDelivery(text string) bot.Delivery {
	return bot.Delivery{ID: "task-1", Attempt: 1, Reply: bot.Reply{Room: "telegram:11", Mode: bot.New, Text: text}}
}

// TestSendFails holds each way a send can fail to its own path.
func TestSendFails(t *testing.T) {
	late := func(d time.Duration) error { return bot.Later{After: d} }
	unclear := errors.New("unclear")
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		mode  bot.Mode
		want  error // unclear: none of the kinds
	}{
		"fine":                      {telegramtest.Fault{}, bot.New, nil},
		"told to wait":              {telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 7", RetryAfter: 7 * time.Second}, bot.New, late(7 * time.Second)},
		"told by a proxy":           {telegramtest.Fault{Code: 429, Raw: "<html>"}, bot.New, late(time.Second)},
		"blocked":                   {telegramtest.Fault{Code: 403, Words: "Forbidden: bot was blocked by the user"}, bot.New, bot.ErrGone},
		"deactivated":               {telegramtest.Fault{Code: 403, Words: "Forbidden: user is deactivated"}, bot.New, bot.ErrGone},
		"kicked":                    {telegramtest.Fault{Code: 403, Words: "Forbidden: bot was kicked from the group chat"}, bot.New, bot.ErrGone},
		"no such chat":              {telegramtest.Fault{Code: 400, Words: "Bad Request: chat not found"}, bot.New, bot.ErrGone},
		"not taken":                 {telegramtest.Fault{Code: 400, Words: "Bad Request: message is too long"}, bot.New, bot.ErrRefused},
		"token revoked":             {telegramtest.Fault{Code: 401, Words: "Unauthorized"}, bot.New, late(time.Minute)},
		"server error":              {telegramtest.Fault{Code: 500, Words: "Internal Server Error"}, bot.New, bot.ErrNotSent},
		"gateway":                   {telegramtest.Fault{Code: 502, Raw: "<html>bad gateway</html>"}, bot.New, unclear},
		"cut before it was done":    {telegramtest.Fault{Cut: true}, bot.New, unclear},
		"cut after it was done":     {telegramtest.Fault{CutAfter: true}, bot.New, unclear},
		"black hole":                {telegramtest.Fault{Hole: true}, bot.New, unclear},
		"edit without a change":     {telegramtest.Fault{Code: 400, Words: "Bad Request: message is not modified: specified new message content…"}, bot.Edit, nil},
		"edited message gone":       {telegramtest.Fault{Code: 400, Words: "Bad Request: message to edit not found"}, bot.Edit, bot.ErrCardGone},
		"edited message locked":     {telegramtest.Fault{Code: 400, Words: "Bad Request: message can't be edited"}, bot.Edit, bot.ErrCardGone},
		"stripped message gone":     {telegramtest.Fault{Code: 400, Words: "Bad Request: message to edit not found"}, bot.Strip, bot.ErrCardGone},
		"stripped without a change": {telegramtest.Fault{Code: 400, Words: "Bad Request: message is not modified"}, bot.Strip, nil},
	} {
		fake := telegramtest.Open(t)
		fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		a := newTestAdapter(t, fake, nil)
		d := newDelivery("hello")
		if c.mode != bot.New {
			ref, err := a.Send(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			d.Reply.Mode, d.Ref, d.Reply.Text = c.mode, ref, "changed"
		}
		fake.Fault = func(telegramtest.Call) telegramtest.Fault { return c.fault }
		patient := 10 * time.Second
		if c.fault.Hole {
			patient = 200 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), patient)
		_, err := a.Send(ctx, d)
		cancel()
		var wantLate, gotLate bot.Later
		switch {
		case errors.Is(c.want, unclear):
			for _, kind := range []error{nil, bot.ErrGone, bot.ErrRefused, bot.ErrNotSent, bot.ErrCardGone} {
				if errors.Is(err, kind) {
					t.Errorf("%s: got %v, want an error of no kind", name, err)
				}
			}
		case errors.As(c.want, &wantLate):
			if !errors.As(err, &gotLate) || gotLate != wantLate {
				t.Errorf("%s: got %v, want %v", name, err, c.want)
			}
		case !errors.Is(err, c.want):
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "AAfake") {
			t.Errorf("%s: the token is in the error: %v", name, err)
		}
	}
}

// TestNotSent holds that nobody to talk to is certain not to have heard.
func TestNotSent(t *testing.T) {
	a, err := New(Config{Token: "1:x", API: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Send(t.Context(), newDelivery("hello"))
	if !errors.Is(err, bot.ErrNotSent) || strings.Contains(err.Error(), "1:x") {
		t.Errorf("got %v, want ErrNotSent without the token", err)
	}
}

// TestCards posts a card, edits it in place, and takes its buttons away.
func TestCards(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, nil)
	d := newDelivery("Where it stands")
	d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Withdraw"}}
	ref, err := a.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	d.Ref, d.Reply.Mode, d.Reply.Text, d.Reply.Title = ref, bot.Edit, "It moved", "Order 8"
	for range 2 { // the same edit twice is one
		if again, err := a.Send(t.Context(), d); err != nil || again != ref {
			t.Fatalf("edit: got %q, %v", again, err)
		}
	}
	if m := chat.Last(); m.Text != "Order 8\nIt moved" || m.Edits != 1 || len(m.Labels()) != 1 || len(m.Entities) != 1 {
		t.Errorf("after the edit: got %+v", m)
	}
	d.Reply.Mode = bot.Strip
	if _, err := a.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if m := chat.Last(); m.Text != "Order 8\nIt moved" || len(m.Labels()) != 0 {
		t.Errorf("after the strip: got %+v", m)
	}
}

// shelf remembers in memory.
type memoryValues struct {
	mu     sync.Mutex
	values map[string][]byte
}

func (s *memoryValues) Value(_ context.Context, name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.values[name]; ok {
		return v, nil
	}
	return nil, bot.ErrNone
}

func (s *memoryValues) SetValue(_ context.Context, name string, v []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values == nil {
		s.values = map[string][]byte{}
	}
	s.values[name] = v
	return nil
}

// TestLongTextGoesOn holds that a text of several messages goes on where it stopped, over a restart too, and says
// nothing twice.
func TestLongTextGoesOn(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	n := 0
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		if c.Method != "sendMessage" {
			return telegramtest.Fault{}
		}
		if n++; n == 2 {
			return telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 1", RetryAfter: time.Second}
		}
		return telegramtest.Fault{}
	}
	memory := &memoryValues{}
	d := newDelivery(strings.Repeat("A sentence of some length. ", 400))
	d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Go on"}}
	a := newTestAdapter(t, fake, func(c *Config) { c.Values = memory })
	if _, err := a.Send(t.Context(), d); !errors.Is(err, bot.ErrNotSent) {
		t.Fatalf("got %v, want ErrNotSent", err)
	}
	a = newTestAdapter(t, fake, func(c *Config) { c.Values = memory })
	d.Attempt = 2
	ref, err := a.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, m := range chat.Heard() {
		words = append(words, m.Text)
		if (len(m.Labels()) > 0) != (refOf(int64(m.ID)) == ref) {
			t.Errorf("message %d has buttons %q; the last is %s", m.ID, m.Labels(), ref)
		}
	}
	if got := strings.Count(strings.Join(words, " "), "sentence"); got != 400 || len(words) != 3 {
		t.Errorf("got %d sentences in %d messages, want 400 in 3", got, len(words))
	}
	if got := string(memory.values[sendStateName]); strings.Contains(got, "task-1") {
		t.Errorf("what is said is not forgotten: %s", got)
	}
}

// TestTwins counts a message that may have arrived twice, and takes the twin's buttons away when it is found.
func TestDuplicateCards(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	cut := true
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		f := telegramtest.Fault{CutAfter: cut && c.Method == "sendMessage"}
		cut = cut && !f.CutAfter
		return f
	}
	meter := &countingMeter{}
	a := newTestAdapter(t, fake, func(c *Config) { c.Meter = meter })
	runAdapter(t, a, inboxFunc(func(context.Context, bot.Message) error { return nil }))
	d := newDelivery("Accept?")
	d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Accept"}}
	if _, err := a.Send(t.Context(), d); err == nil {
		t.Fatal("a cut connection is no error")
	}
	d.Attempt = 2
	ref, err := a.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	twin := chat.Heard()[0]
	if refOf(int64(twin.ID)) == ref || meter.of("twins") != 0 {
		t.Fatalf("got %d twins counted, want none: the house has counted it", meter.of("twins"))
	}
	chat.PressData(twin.ID, "tok")
	if !fake.Until(func() bool { return len(chat.Heard()[0].Labels()) == 0 }) {
		t.Error("the twin keeps its buttons")
	}
	if len(chat.Last().Labels()) != 1 {
		t.Error("the card has lost its buttons")
	}
	d.ID = "told to wait in another life"
	if _, err := a.Send(t.Context(), d); err != nil || meter.of("twins") != 0 {
		t.Errorf("got %d twins counted, want none; %v", meter.of("twins"), err)
	}
	d.ID, d.Unsure = "cut off in another life", true
	if _, err := a.Send(t.Context(), d); err != nil || meter.of("twins") != 1 {
		t.Errorf("got %d twins counted, want 1; %v", meter.of("twins"), err)
	}
}

// counts is a meter that can be asked.
type countingMeter struct {
	bot.Unmetered
	mu sync.Mutex
	n  map[string]int
}

func (c *countingMeter) Count(what, _ string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[what] += n
}

func (c *countingMeter) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n[what]
}

// TestBelowItsCard holds that what a record says besides its card is shown as an answer to that card, the words alone, and
// that a card which was deleted is no reason to lose it.
func TestReplyUnderItsCard(t *testing.T) {
	fake := telegramtest.Open(t)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, func(c *Config) { c.Blobs = &memoryBlobs{} })
	d := newDelivery(strings.Repeat("A long letter. ", 400))
	d.Under, d.Reply.Files = "4711", []bot.File{{Name: "lamp.jpg", Type: "image/jpeg", Size: 9, Hash: "x"}}
	for _, d := range []bot.Delivery{d, newDelivery("A talk.")} {
		if _, err := a.Send(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, c := range fake.Calls("sendMessage") {
		got = append(got, string(c.Params["reply_parameters"]))
	}
	if len(got) != 3 || !strings.Contains(got[0], `"message_id":4711`) || !strings.Contains(got[0], `"allow_sending_without_reply":true`) || got[1] != "" || got[2] != "" {
		t.Errorf("got %q, want the first alone below the card", got)
	}
}
