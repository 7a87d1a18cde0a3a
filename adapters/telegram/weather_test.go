package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestPollInBadWeather holds that whatever becomes of a poll, what is written meanwhile is heard once, and the operator is
// told where it lasts.
func TestPollInBadWeather(t *testing.T) {
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		times int64
		told  int
	}{
		"server error":           {telegramtest.Fault{Code: 500, Words: "Internal Server Error: restart"}, 4, 1},
		"gateway":                {telegramtest.Fault{Code: 502, Raw: "<html>bad gateway</html>"}, 4, 1},
		"told to wait":           {telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 7", RetryAfter: 7 * time.Second}, 3, 0},
		"cut":                    {telegramtest.Fault{Cut: true}, 4, 1},
		"cut once":               {telegramtest.Fault{Cut: true}, 1, 0},
		"cut behind the answer":  {telegramtest.Fault{CutAfter: true}, 4, 1},
		"black hole":             {telegramtest.Fault{Hole: true}, 3, 1},
		"an answer that is none": {telegramtest.Fault{Code: 200, Raw: "[]"}, 4, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := telegramtest.Within(t)
				var left atomic.Int64
				fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
					if call.Method != "getUpdates" || left.Add(-1) < 0 {
						return telegramtest.Fault{}
					}
					return c.fault
				}
				told, h := &log{}, &house{}
				left.Store(c.times)
				running(t, opened(t, fake, func(cfg *Config) { cfg.Log = slog.New(slog.NewTextHandler(told, nil)) }), h)
				fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Type("hello")
				for range 60 { // ten seconds each
					if fake.Until(func() bool { return len(h.texts()) > 0 && fake.Pending() == 0 }) {
						break
					}
				}
				if got := h.texts(); !slices.Equal(got, []string{"hello"}) || fake.Pending() != 0 {
					t.Errorf("heard %q, %d pending", got, fake.Pending())
				}
				if got := told.has("cannot be reached"); got != c.told {
					t.Errorf("the operator was told %d times, want %d:\n%s", got, c.told, told.text.String())
				}
			})
		})
	}
}

// TestPollNameless holds that updates without an id, which nothing can confirm, are not asked for without a pause.
func TestPollNameless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		polls := atomic.Int64{}
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			if call.Method == "getUpdates" {
				polls.Add(1)
			}
			return telegramtest.Fault{}
		}
		told, h := &log{}, &house{}
		a := opened(t, fake, func(cfg *Config) { cfg.Log = slog.New(slog.NewTextHandler(told, nil)) })
		fake.Push(`{"message":{"text":"who knows"}}`)
		running(t, a, h)
		time.Sleep(time.Minute)
		if got := polls.Load(); got > 31 {
			t.Errorf("%d polls in a minute", got)
		}
		if told.has("without an id") != 1 || a.Ready(t.Context()) == nil {
			t.Errorf("the operator was told %d times; ready: %v", told.has("without an id"), a.Ready(t.Context()))
		}
		fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Type("hello")
		if !fake.Until(func() bool { return len(h.texts()) == 1 }) {
			t.Error("one without an id stands in the way of others")
		}
	})
}

// TestMoved follows a group that has become another: at once, later, and over a restart.
func TestMoved(t *testing.T) {
	fake, memory := telegramtest.Open(t), &shelf{}
	fake.Group(-55, telegramtest.Person{ID: 11, Name: "Ana"})
	moved := fake.Group(-10055, telegramtest.Person{ID: 11, Name: "Ana"})
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		if c.Chat != -55 {
			return telegramtest.Fault{}
		}
		return telegramtest.Fault{Code: 400, Words: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: -10055}
	}
	a := opened(t, fake, func(c *Config) { c.Keep = memory })
	for n := range 3 {
		if n == 2 {
			a = opened(t, fake, func(c *Config) { c.Keep = memory })
		}
		d := say("Please write to me in a private chat.")
		d.Reply.Room = roomOf(-55)
		if ref, err := a.Send(t.Context(), d); err != nil || ref == "" {
			t.Fatalf("message %d: got %q, %v", n, ref, err)
		}
	}
	if got := len(moved.Heard()); got != 3 {
		t.Errorf("%d messages arrived, want 3", got)
	}
	if got := len(fake.Calls("sendMessage")); got != 4 {
		t.Errorf("%d calls, want 4: it is known after the first", got)
	}
}

// TestMarksRefused holds that words go out without marks where Telegram does not take the marks, once, and that words it
// takes neither way are set aside.
func TestMarksRefused(t *testing.T) {
	for name, c := range map[string]struct {
		always bool
		mode   bot.Mode
		want   error
	}{
		"then taken": {false, bot.New, nil}, "never taken": {true, bot.New, bot.ErrRefused},
		"edit, then taken": {false, bot.Edit, nil}, "edit, never taken": {true, bot.Edit, bot.ErrRefused},
	} {
		fake := telegramtest.Open(t)
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		a := opened(t, fake, nil)
		d := say("hello")
		d.Reply.Title = "Order 8"
		if c.mode == bot.Edit {
			ref, err := a.Send(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			d.Ref, d.Reply.Mode, d.Reply.Text = ref, bot.Edit, "changed"
		}
		calls := 0
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			if calls++; c.always || call.Params["entities"] != nil {
				return telegramtest.Fault{Code: 400, Words: "Bad Request: can't parse entities: offset is out of range"}
			}
			return telegramtest.Fault{}
		}
		if _, err := a.Send(t.Context(), d); !errors.Is(err, c.want) || calls != 2 {
			t.Errorf("%s: got %v after %d calls, want %v after 2", name, err, calls, c.want)
		}
		if m := chat.Last(); c.want == nil && (!strings.HasPrefix(m.Text, "Order 8\n") || len(m.Entities) != 0) {
			t.Errorf("%s: got %+v", name, m)
		}
	}
}

// TestFileCutOff holds that a file which arrives half is fetched again, and that where it never comes whole the person is
// told while the words count.
func TestFileCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		fault, left := telegramtest.Fault{Code: 500}, atomic.Int64{}
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			if call.Method == "download" && left.Add(-1) >= 0 {
				return fault
			}
			return telegramtest.Fault{}
		}
		h, told := &house{}, &log{}
		running(t, opened(t, fake, func(c *Config) { c.Blobs, c.Log = &blobs{}, slog.New(slog.NewTextHandler(told, nil)) }), h)
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		send := func(times int64) bot.Message {
			left.Store(times)
			before := len(h.texts())
			chat.Photo([]byte("a broken lamp"), "look")
			for range 10 {
				if fake.Until(func() bool { return len(h.texts()) > before }) {
					break
				}
			}
			h.mu.Lock()
			defer h.mu.Unlock()
			return h.heard[len(h.heard)-1]
		}
		if m := send(2); m.Unsupported != "" || len(m.Files) != 1 || m.Text != "look" {
			t.Errorf("twice in vain: got %+v", m)
		}
		if m := send(9); m.Unsupported != bot.Unfetched || len(m.Files) != 0 || m.Text != "look" {
			t.Errorf("never: got %+v", m)
		}
		fault = telegramtest.Fault{Hole: true}
		if m := send(9); m.Unsupported != bot.Unfetched || len(m.Files) != 0 || m.Text != "look" {
			t.Errorf("a black hole: got %+v", m)
		}
		if told.has("AAfake") != 0 || told.has("/file/") != 0 {
			t.Errorf("the log tells too much: %s", told.text.String())
		}
	})
}

// TestFileHalf holds that half a file is not taken for a whole one, over a real connection.
func TestFileHalf(t *testing.T) {
	fake := telegramtest.Open(t)
	cut := atomic.Bool{}
	cut.Store(true)
	fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
		return telegramtest.Fault{Cut: call.Method == "download" && cut.Swap(false)}
	}
	h := &house{}
	running(t, opened(t, fake, func(c *Config) { c.Blobs = &blobs{} }), h)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"}).Photo([]byte("a broken lamp"), "")
	if !fake.Until(func() bool { return len(h.texts()) == 1 }) || len(h.heard[0].Files) != 1 || h.heard[0].Files[0].Size != 13 {
		t.Errorf("got %+v", h.heard)
	}
}

// TestTyping holds that whoever waits is shown that we are busy, from a second on, until the answer comes, and not for ever.
func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		a := opened(t, fake, nil)
		running(t, a, &house{})
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		shown := func() int { return len(fake.Calls("sendChatAction")) }
		chat.Type("quick")
		time.Sleep(500 * time.Millisecond)
		if _, err := a.Send(t.Context(), say("an answer")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if got := shown(); got != 0 {
			t.Errorf("shown %d times for a quick answer", got)
		}
		chat.Type("slow")
		time.Sleep(6 * time.Second)
		if got := shown(); got != 2 {
			t.Errorf("shown %d times in six seconds, want 2", got)
		}
		if _, err := a.Send(t.Context(), say("an answer")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if got := shown(); got != 2 {
			t.Errorf("shown %d times, want 2: it is answered", got)
		}
		chat.Type("never answered")
		time.Sleep(time.Hour)
		if got := shown(); got != 2+mostShown {
			t.Errorf("shown %d times, want %d", got, 2+mostShown)
		}
	})
}

// TestTypingOnAPress holds that a press to which nothing is said shows nothing, and that one which is stored slowly does.
func TestTypingOnAPress(t *testing.T) {
	for name, c := range map[string]struct {
		store time.Duration
		want  int
	}{"nothing is said": {0, 0}, "stored slowly": {3 * time.Second, 1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := telegramtest.Within(t)
				chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
				a := opened(t, fake, nil)
				running(t, a, inbox(func(context.Context, bot.Message) error { time.Sleep(c.store); return nil }))
				query := chat.PressData(1, "token")
				time.Sleep(3100 * time.Millisecond)
				if c.store > 0 {
					_, _ = a.Send(t.Context(), say("It moved."))
				}
				time.Sleep(time.Minute)
				if got := len(fake.Calls("sendChatAction")); got != c.want || fake.AnswerTo(query).Times != 1 {
					t.Errorf("shown %d times, want %d; answered %d times", got, c.want, fake.AnswerTo(query).Times)
				}
			})
		})
	}
}

// TestTokensOfLinks holds that a one-time token is heard only where the chat has opened the link itself, and stands
// nowhere else.
func TestTokensOfLinks(t *testing.T) {
	const token = "kpIhTPrQefNGE4LDR-nfc05SCHfbMRHBdgcMDfMG5jA"
	for name, c := range map[string]struct {
		update, link string
		ours         bool
	}{
		"opened":               {`"message":{"message_id":5,` + ana + `,"text":"/start ` + token + `"}`, token, true},
		"forwarded":            {`"message":{"message_id":5,` + ana + `,"text":"/start ` + token + `","forward_origin":{"type":"user"}}`, "", true},
		"address forwarded":    {`"message":{"message_id":5,` + ana + `,"text":"https://t.me/shop_bot?start=` + token + `","forward_origin":{"type":"user"}}`, "", true},
		"address pasted":       {`"message":{"message_id":5,` + ana + `,"text":"is this mine? https://t.me/shop_bot?start=` + token + ` ?"}`, "", true},
		"below a picture":      {`"message":{"message_id":5,` + ana + `,"photo":[{"file_id":"a"}],"caption":"tg://resolve?domain=shop_bot&start=` + token + `"}`, "", true},
		"edited in":            {`"edited_message":{"message_id":5,` + ana + `,"edit_date":1700000001,"text":"/start ` + token + `"}`, "", true},
		"an anonymous manager": {`"message":{"message_id":5,"sender_chat":{"id":-100500,"type":"supergroup"},"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"chat":{"id":-100500,"type":"supergroup"},"date":1,"text":"/start@shop_bot ` + token + `","entities":[{"type":"bot_command","offset":0,"length":15}]}`, token, true},
		"in a channel":         {`"channel_post":{"message_id":5,"text":"/start ` + token + `"}`, "", false},
	} {
		var u update
		if err := json.Unmarshal([]byte(`{"update_id":9,`+c.update+`}`), &u); err != nil {
			t.Fatal(err)
		}
		m, ours := message(&u, self)
		if ours != c.ours || m.Link != c.link || strings.Contains(m.Text, token) {
			t.Errorf("%s: got %+v (%v)", name, m, ours)
		}
		if m.Link != "" && m.Room != "telegram:11" && !m.Public {
			t.Errorf("%s: a link counts in private only: %+v", name, m)
		}
	}
	h := &house{}
	a := &Adapter{inbox: h, trouble: map[string]string{}, told: map[string]string{}, cfg: Config{Meter: bot.Unmetered{}}}
	for _, raw := range []string{
		`{"update_id":1,"message":{"message_id":"x","text":"/start ` + token + `"}}`, `{"update_id":2,"message":{"message_id":"x","text":"/START@Shop_bot\n ` + token + `"}}`,
		`{"update_id":3,"message":{"message_id":"x","text":"/start\u0020` + token + `"}}`, `{"update_id":4,"message":{"message_id":"x","text":"https://t.me/shop_bot?start=` + token + `"}}`,
	} {
		if err := a.take(t.Context(), json.RawMessage(raw)); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.discarded) != 4 || strings.Contains(strings.Join(h.discarded, " "), token) {
		t.Errorf("got %q", h.discarded)
	}
}
