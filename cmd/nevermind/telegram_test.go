package main

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
)

// onTelegram starts nevermind serve in this process against a fake Telegram.
func onTelegram(t *testing.T, mode string, args ...string) *telegramtest.House {
	h, _ := serveTelegram(t, telegramtest.Open(t), t.TempDir(), mode, args...)
	return h
}

func serveTelegram(t *testing.T, fake *telegramtest.Server, data, mode string, args ...string) (*telegramtest.House, *started) {
	args = append(args, "--api-key", telegramtest.HouseKey, "--telegram-token", fake.Token, "--telegram-api", fake.URL(),
		"--telegram-mode", mode, "--telegram-rate", "0", "--telegram-chat-rate", "0")
	if mode == webhookMode {
		at := telegramtest.FreeAddress(t)
		args = append(args, "--listen", at, "--public-url", "http://"+at)
	}
	s, log := serveOn(t, data, args...)
	h := &telegramtest.House{T: t, Fake: fake, URL: s.url, Log: log}
	if !fake.Until(func() bool { status, _ := fetch(t, h.URL+"/readyz"); return status == http.StatusOK }) {
		t.Fatal("not ready:", log)
	}
	return h, s
}

// TestTelegramCancels cancels an order from the first link to the refund, by polling and by webhook.
func TestTelegramCancels(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{pollMode, webhookMode} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			h := onTelegram(t, mode)
			h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
			ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
			h.Ask(ana, "8123456789012345")
			card := h.Await(lumen, "would like to cancel")
			h.Press(lumen, "Cancel and refund 24.90 USD")
			h.Await(ana, "Lumen House agreed. I've asked the shop")
			if bare := h.Fake.Until(func() bool {
				return slices.ContainsFunc(lumen.Heard(), func(m telegramtest.Message) bool {
					return m.ID == card.ID && len(m.Labels()) == 0
				})
			}); !bare {
				t.Error("the seller's old card keeps its buttons")
			}
			lumen.Reply(card.ID, "It was packed already, sorry it took so long.")
			h.Await(ana, "It was packed already")
			if pending := h.Fake.Until(func() bool { return h.Fake.Pending() == 0 }); !pending {
				t.Errorf("%d updates are not acknowledged", h.Fake.Pending())
			}
		})
	}
}

// TestTelegramWaitsOverARestart: a chat that Telegram wants to hear nothing of for three seconds hears nothing before, though
// the server is started again in between, and then what was to be said, once.
func TestTelegramWaitsOverARestart(t *testing.T) {
	t.Parallel()
	fake, data := telegramtest.Open(t), t.TempDir()
	var until atomic.Pointer[time.Time]
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		if c.Method != "sendMessage" || until.Load() != nil {
			return telegramtest.Fault{}
		}
		at := time.Now().Add(3 * time.Second)
		until.Store(&at)
		return telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 3", RetryAfter: 3 * time.Second}
	}
	_, s := serveTelegram(t, fake, data, pollMode)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	chat.Type("hello")
	fake.Until(func() bool { return until.Load() != nil && fake.Pending() == 0 })
	s.stop()
	h, _ := serveTelegram(t, fake, data, pollMode)
	h.Await(chat, "Hello")
	calls := fake.Calls("sendMessage")
	if len(calls) != 2 || calls[1].At.Before(*until.Load()) {
		t.Errorf("%d calls, the last %v after it may; want 2", len(calls), calls[len(calls)-1].At.Sub(*until.Load()))
	}
}

// TestTelegramBlocked: a seller who blocks the bot cannot be reached from then on, and the buyer and support know; once they
// let it write again, or write themselves, the request comes to them.
func TestTelegramBlocked(t *testing.T) {
	t.Parallel()
	h := onTelegram(t, pollMode)
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, "8123456789012345")
	h.Await(lumen, "would like to cancel")
	count := func(chat *telegramtest.Chat, words string) int { return strings.Count(chat.Texts(), words) }
	for round := range 3 {
		if round < 2 {
			lumen.Block()
		} else { // and nobody tells us: the next message finds out
			lumen.Vanish()
			ana.Reply(h.Await(ana, "I've asked Lumen House").ID, "Are you there?")
		}
		if !h.Fake.Until(func() bool { return count(ana, "I can't reach Lumen House by chat") == round+1 }) {
			t.Fatalf("the buyer does not know that the seller is gone:\n%s", ana.Texts())
		}
		before := len(h.Fake.Calls("sendMessage"))
		ana.Type("/status")
		h.Fake.Until(func() bool { return len(h.Fake.Calls("sendMessage")) > before })
		for _, c := range h.Fake.Calls("sendMessage")[before:] {
			if c.Chat == lumen.ID {
				t.Error("somebody who has blocked us is written to")
			}
		}
		lumen.Unblock()
		if !h.Fake.Until(func() bool { return count(lumen, "would like to cancel") == round+2 }) {
			t.Fatalf("the request does not come back:\n%s", lumen.Texts())
		}
		cards := 0
		for _, m := range lumen.Heard() {
			if len(m.Labels()) > 0 && strings.Contains(telegramtest.Seen(m.Text), "would like to cancel") {
				cards++
			}
		}
		if cards != 1 {
			t.Errorf("%d cards have buttons, want the newest alone:\n%s", cards, lumen.Texts())
		}
	}
	if !h.Fake.Until(func() bool { return h.Fake.Pending() == 0 }) {
		t.Errorf("%d updates are not acknowledged", h.Fake.Pending())
	}
}

// TestLinkBeforeTheBotIsKnown waits for a link's address where Telegram is slow to say who the bot is.
func TestLinkBeforeTheBotIsKnown(t *testing.T) {
	t.Parallel()
	fake, wrong := breakable(t)
	wrong.Store(only("getMe", telegramtest.Fault{Delay: 300 * time.Millisecond}))
	s, log := serveOn(t, t.TempDir(), "--api-key", telegramtest.HouseKey, "--telegram-token", fake.Token,
		"--telegram-api", fake.URL(), "--telegram-rate", "0", "--telegram-chat-rate", "0")
	h := &telegramtest.House{T: t, Fake: fake, URL: s.url, Log: log}
	h.Join(11, "buyer", "b-1", "Ana")
}
