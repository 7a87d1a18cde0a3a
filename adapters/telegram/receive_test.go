package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// house takes messages and remembers them; broken, it takes none.
type house struct {
	mu        sync.Mutex
	broken    bool
	heard     []bot.Message
	discarded []string
	slow      func(bot.Message)
}

func (h *house) Receive(_ context.Context, m bot.Message) error {
	if h.slow != nil {
		h.slow(m)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken {
		return errors.New("the disk is full")
	}
	for _, old := range h.heard {
		if old.ID == m.ID {
			return nil
		}
	}
	h.heard = append(h.heard, m)
	return nil
}

func (h *house) Discard(_ context.Context, id, _ string, raw []byte, _ string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken {
		return errors.New("the disk is full")
	}
	h.discarded = append(h.discarded, id+" "+string(raw))
	return nil
}

func (h *house) mend() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.broken = false
}

func (h *house) texts() (texts []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.heard {
		texts = append(texts, m.Text+m.Press)
	}
	return texts
}

// log keeps what the operator is told.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) has(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), words)
}

// TestPollAcknowledgesWhatIsStored holds that nothing is confirmed to Telegram before the house has it.
func TestPollAcknowledgesWhatIsStored(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	h := &house{broken: true}
	a := opened(t, fake, nil)
	for i := range 5 {
		chat.Type(fmt.Sprint(i))
	}
	running(t, a, h)
	fake.Until(func() bool { return a.Ready(t.Context()) == nil })
	if got := fake.Pending(); got != 5 {
		t.Fatalf("while the store is down: %d unconfirmed, want 5", got)
	}
	h.mend()
	if !fake.Until(func() bool { return fake.Pending() == 0 }) {
		t.Fatalf("%d are not confirmed", fake.Pending())
	}
	if got := h.texts(); !slices.Equal(got, []string{"0", "1", "2", "3", "4"}) {
		t.Errorf("got %q, want them in order", got)
	}
}

// TestPollHoldsUpNobody holds that neither a slow chat nor an update that cannot be read holds up anybody else.
func TestPollHoldsUpNobody(t *testing.T) { synctest.Test(t, pollHoldsUpNobody) }

func pollHoldsUpNobody(t *testing.T) {
	fake := telegramtest.Within(t)
	slow, other := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}), fake.Private(telegramtest.Person{ID: 12, Name: "Ben"})
	release := make(chan struct{})
	h := &house{slow: func(m bot.Message) {
		if m.Room == "telegram:11" && m.Press == "" {
			<-release
		}
	}}
	a := opened(t, fake, nil)
	first := slow.Type("slow")
	slow.Type("behind it")
	poison := fake.Push(`{"update_id":UPDATE_ID,"message":{"message_id":"not a number"}}`)
	running(t, a, h)
	for i := range 3 {
		other.Type(fmt.Sprint("quick ", i))
		if !fake.Until(func() bool { return len(h.texts()) == i+1 }) {
			t.Fatalf("a slow chat holds up the others: got %q", h.texts())
		}
	}
	slow.PressData(1, "a press overtakes")
	if !fake.Until(func() bool { return slices.Contains(h.texts(), "a press overtakes") }) {
		t.Fatal("a press waits behind a message")
	}
	h.mu.Lock()
	if want := fmt.Sprintf("tg:%d:%d ", telegramtest.BotID, poison); len(h.discarded) != 1 || !strings.HasPrefix(h.discarded[0], want) {
		t.Errorf("discarded %q, want %q once", h.discarded, want)
	}
	h.mu.Unlock()
	if got := fake.Pending(); got < 6 {
		t.Errorf("%d unconfirmed; update %d is not stored yet, so nothing from it on may be", got, first)
	}
	close(release)
	if !fake.Until(func() bool { return fake.Pending() == 0 }) {
		t.Errorf("%d are not confirmed", fake.Pending())
	}
}

// TestPollAfterAQuietWeek holds that ids which begin anew lower are heard.
func TestPollAfterAQuietWeek(t *testing.T) { synctest.Test(t, pollAfterAQuietWeek) }

func pollAfterAQuietWeek(t *testing.T) {
	fake := telegramtest.Within(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	h := &house{}
	running(t, opened(t, fake, nil), h)
	chat.Type("before")
	fake.Until(func() bool { return fake.Pending() == 0 })
	fake.Renumber(17)
	chat.Type("after")
	if !fake.Until(func() bool { return len(h.texts()) == 2 && fake.Pending() == 0 }) {
		t.Errorf("got %q", h.texts())
	}
}

// TestOperatorIsTold holds that each thing that keeps us from polling is told once, in a sentence, and over when it is.
func TestOperatorIsTold(t *testing.T) { synctest.Test(t, operatorIsTold) }

func operatorIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		want  string
	}{
		"another poller": {telegramtest.Fault{Code: 409, Words: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}, "Another program polls"},
		"a webhook":      {telegramtest.Fault{Code: 409, Words: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}, "A webhook is set"},
		"revoked":        {telegramtest.Fault{Code: 401, Words: "Unauthorized"}, "does not know this bot's token"},
	} {
		fake := telegramtest.Within(t)
		faults := 2
		var mu sync.Mutex
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			mu.Lock()
			defer mu.Unlock()
			if call.Method != "getUpdates" || faults == 0 {
				return telegramtest.Fault{}
			}
			faults--
			return c.fault
		}
		told := &log{}
		a := opened(t, fake, func(cfg *Config) { cfg.Log = slog.New(slog.NewTextHandler(told, nil)) })
		running(t, a, &house{})
		if !fake.Until(func() bool { return told.has(c.want) == 1 && a.Ready(t.Context()) != nil }) {
			t.Errorf("%s: the operator was told %d times; %v", name, told.has(c.want), a.Ready(t.Context()))
		}
		if !fake.Until(func() bool { mu.Lock(); defer mu.Unlock(); return faults == 0 }) || !fake.Until(func() bool { return a.Ready(t.Context()) == nil }) {
			t.Errorf("%s: not over: %v", name, a.Ready(t.Context()))
		}
		if told.has(c.want) != 1 || told.has("AAfake") != 0 {
			t.Errorf("%s: told %d times, token %d times", name, told.has(c.want), told.has("AAfake"))
		}
	}
}

// TestPollWaitsAsToldTo holds that getUpdates too waits as long as Telegram says.
func TestPollWaitsAsToldTo(t *testing.T) {
	a := &Adapter{trouble: map[string]string{}, told: map[string]string{}}
	if got := a.setback(&refusal{Code: 429, RetryAfter: 9 * time.Second}, 1); got != 9*time.Second || len(a.trouble) != 0 {
		t.Errorf("got %v, trouble %v; want 9s and none", got, a.trouble)
	}
}

// TestWebhookInTheWay is taken away when polling begins.
func TestWebhookInTheWay(t *testing.T) {
	fake := telegramtest.Open(t)
	resp, err := http.Post(fake.URL()+"/bot"+fake.Token+"/setWebhook", "application/json", strings.NewReader(`{"url":"https://127.0.0.1:1/old"}`))
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	told, h := &log{}, &house{}
	running(t, opened(t, fake, func(cfg *Config) { cfg.Log = slog.New(slog.NewTextHandler(told, nil)) }), h)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Type("hello")
	if !fake.Until(func() bool { return len(h.texts()) == 1 }) || told.has("webhook was set") != 1 {
		t.Errorf("heard %q, told %d times", h.texts(), told.has("webhook was set"))
	}
}

// hung is an adapter behind a webhook of the fake.
func hung(t *testing.T, fake *telegramtest.Server, h bot.Inbox) (*Adapter, string) {
	return hungBy(t, fake, h, func(*Config) {})
}

func hungBy(t *testing.T, fake *telegramtest.Server, h bot.Inbox, change func(*Config)) (*Adapter, string) {
	var a *Adapter
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.Handler().ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	a = opened(t, fake, func(c *Config) { c.Webhook, c.Secret = front.URL+"/telegram/webhook", "s3cret"; change(c) })
	running(t, a, h)
	fake.Until(func() bool { return a.Ready(t.Context()) == nil })
	return a, front.URL + "/telegram/webhook"
}

// TestWebhook holds what the webhook answers whom.
func TestWebhook(t *testing.T) {
	fake := telegramtest.Open(t)
	h := &house{}
	_, address := hung(t, fake, h)
	fine := `{"update_id":3,"message":{"message_id":5,` + ana + `,"text":"hi"}}`
	for name, c := range map[string]struct {
		method, secret, body string
		broken               bool
		want                 int
	}{
		"fine":         {"POST", "s3cret", fine, false, 200},
		"again":        {"POST", "s3cret", fine, false, 200},
		"wrong secret": {"POST", "s3cre", fine, false, 401},
		"no secret":    {"POST", "", fine, false, 401},
		"not a post":   {"GET", "s3cret", "", false, 405},
		"too long":     {"POST", "s3cret", strings.Repeat(" ", longestUpdate+1), false, 413},
		"store down":   {"POST", "s3cret", strings.Replace(fine, "3", "4", 1), true, 503},
		"not ours":     {"POST", "s3cret", `{"update_id":5,"poll":{}}`, false, 200},
		"unreadable":   {"POST", "s3cret", `{"update_id":6,"message":7}`, false, 200},
		"no JSON":      {"POST", "s3cret", `update_id=7`, false, 200},
	} {
		h.mu.Lock()
		h.broken = c.broken
		h.mu.Unlock()
		r, err := http.NewRequest(c.method, address, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s: got %d, want %d", name, resp.StatusCode, c.want)
		}
	}
	if got := h.texts(); !slices.Equal(got, []string{"hi"}) || len(h.discarded) != 2 {
		t.Errorf("heard %q, discarded %q", got, h.discarded)
	}
}

// TestWebhookRedelivers holds that what the house could not take comes again, in order.
func TestWebhookRedelivers(t *testing.T) {
	fake := telegramtest.Open(t)
	h := &house{broken: true}
	hung(t, fake, h)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	chat.Type("one")
	chat.Type("two")
	fake.Until(func() bool { return fake.Pending() == 2 })
	h.mend()
	if !fake.Until(func() bool { return fake.Pending() == 0 }) || !slices.Equal(h.texts(), []string{"one", "two"}) {
		t.Errorf("got %q, %d pending", h.texts(), fake.Pending())
	}
}

// TestMenus holds that commands and descriptions are set in each scope and language.
func TestMenus(t *testing.T) {
	fake := telegramtest.Open(t)
	a := opened(t, fake, func(c *Config) {
		c.Menus = []Menu{
			{Language: "en", Description: "I help with orders.", Short: "Orders", Commands: []Command{{"orders", "Your orders"}, {"help", "What I can do"}}},
			{Language: "es", Description: "Ayudo con pedidos.", Short: "Pedidos", Commands: []Command{{"orders", "Tus pedidos"}, {"help", "Ayuda"}}},
		}
	})
	running(t, a, &house{})
	for menu, want := range map[string]string{
		"setMyCommands all_private_chats/":   `"Your orders"`,
		"setMyCommands all_private_chats/es": `"Tus pedidos"`,
		"setMyCommands all_group_chats/es":   `"Ayuda"`,
		"setMyDescription default/es":        "Ayudo con pedidos.",
		"setMyShortDescription default/":     "Orders",
	} {
		method, of, _ := strings.Cut(menu, " ")
		if !fake.Until(func() bool { return strings.Contains(fake.Menu(method, of), want) }) {
			t.Errorf("%s: got %s, want %s", menu, fake.Menu(method, of), want)
		}
	}
}

// blobs keeps files in memory.
type blobs struct {
	bot.Blobs
	fail error
}

func (b *blobs) Put(_ context.Context, name string, r io.Reader) (bot.File, error) {
	content, err := io.ReadAll(r)
	if err != nil || b.fail != nil {
		return bot.File{}, errors.Join(err, b.fail)
	}
	return bot.File{Name: name, Size: int64(len(content)), Hash: fmt.Sprintf("%x", content)}, nil
}

func (b *blobs) Open(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("a picture")), nil
}

// TestFiles holds that a file is fetched before its message goes on, and that one that cannot be kept loses no words.
func TestFiles(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	h, told, kept := &house{}, &log{}, &blobs{}
	a := opened(t, fake, func(c *Config) { c.Blobs, c.Log = kept, slog.New(slog.NewTextHandler(told, nil)) })
	running(t, a, h)
	chat.Photo([]byte("a broken lamp"), "look")
	chat.Document("bill.pdf", []byte("bill"))
	if !fake.Until(func() bool { return len(h.texts()) == 2 }) {
		t.Fatalf("got %q", h.texts())
	}
	if m := h.heard[0]; m.Text != "look" || len(m.Files) != 1 || m.Files[0].Size != 13 || m.Unsupported != "" {
		t.Errorf("photo: got %+v", m)
	}
	if m := h.heard[1]; len(m.Files) != 1 || m.Files[0].Name != "bill.pdf" {
		t.Errorf("document: got %+v", m)
	}
	kept.fail = bot.ErrUnwanted
	chat.Document("game.exe", []byte("MZ"))
	if !fake.Until(func() bool { return len(h.texts()) == 3 }) {
		t.Fatalf("got %q", h.texts())
	}
	if m := h.heard[2]; len(m.Files) != 0 || m.Unsupported != bot.Unwanted {
		t.Errorf("unwanted: got %+v", m)
	}
	if told.has("AAfake") != 0 || told.has("game.exe") != 0 {
		t.Errorf("the log tells too much: %s", told.text.String())
	}
}

// TestFilesPassedOn holds that files go before the words, each once.
func TestFilesPassedOn(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := opened(t, fake, func(c *Config) { c.Blobs = &blobs{} })
	d := say("The seller shows this.")
	d.Reply.Quiet = true
	d.Reply.Files = []bot.File{{Name: "lamp.jpg", Type: "image/jpeg", Size: 9, Hash: "x"}, {Name: "bill\u202efdp.exe", Type: "application/pdf", Size: 9, Hash: "y"}}
	if _, err := a.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range chat.Heard() {
		kinds = append(kinds, m.Kind)
		if !m.Quiet {
			t.Errorf("%q makes a sound", m.Kind)
		}
	}
	if !slices.Equal(kinds, []string{"photo", "document", ""}) {
		t.Errorf("got %q", kinds)
	}
}
