package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"unicode"

	"nevermind/adapters/telegram/telegramtest"
)

// TestTelegramNasty cancels orders of people and things with names that have broken messages elsewhere, with notes and
// letters of the same kind: Telegram takes every call, and nothing of theirs comes to life in anybody's chat.
func TestTelegramNasty(t *testing.T) {
	n := 500
	if testing.Short() {
		n = 40
	}
	h := onTelegram(t, pollMode, "--log", "error")
	texts := telegramtest.HostileTexts(n, 3)
	var all sync.WaitGroup
	free := make(chan struct{}, 8)
	for i, text := range texts {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }() // also where it fails
			h.nasty(i, text)
		})
	}
	all.Wait()
	for _, c := range h.fake.Calls("") {
		if c.Code != 0 && c.Code != http.StatusOK && !strings.Contains(c.Words, "not modified") {
			t.Errorf("refused: %s %d %s: %.300s", c.Method, c.Code, c.Words, c.Params["text"])
		}
	}
	for i := range texts {
		for _, chat := range []int64{int64(10_000 + i), int64(20_000 + i)} {
			for _, m := range h.fake.Private(telegramtest.Person{ID: chat}).Heard() {
				for _, live := range m.Live {
					if live != "/settings" && live != "/help" && live != "/privacy" {
						t.Errorf("text %d: %q comes to life in %.200q", i, live, m.Text)
					}
				}
			}
		}
	}
	t.Logf("%d texts, %d calls", n, len(h.fake.Calls("")))
}

// nasty is one case between two people who are called that, about a thing that is, and who write that.
func (h *telegramHouse) nasty(i int, text string) {
	order, buyer, seller := fmt.Sprint(7_000_000+i), fmt.Sprint("nb-", i), fmt.Sprint("ns-", i)
	h.order(order, buyer, seller, h.taken(text, "title"))
	name := h.taken(text, "name")
	ana, lumen := h.join(int64(10_000+i), "buyer", buyer, name), h.join(int64(20_000+i), "seller", seller, name)
	ana.Type(order)
	h.press(ana, "Cancel this order")
	h.press(ana, "I don't need it any more")
	h.await(ana, "Is there anything")
	ana.Type("A note: " + cut(text, 900)) // alone it could be a command, and longer it is sent back
	h.press(ana, "Yes, ask the seller")
	h.await(lumen, "would like to cancel")
	h.press(lumen, "Write to the buyer")
	h.await(lumen, "What shall I tell")
	lumen.Type("A letter: " + cut(text, 900))
	h.press(lumen, "Cancel and refund 24.90 USD")
	h.await(ana, "has agreed. I have asked the shop")
}

// taken is the text, where the shop's interface takes it as a name or title, else what is left of it.
func (h *telegramHouse) taken(text, what string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "") {
		if !unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
			b.WriteRune(r)
		}
	}
	if s := strings.TrimSpace(cut(b.String(), 90)); s != "" && json.Valid([]byte(`"`+strings.NewReplacer(`"`, "", `\`, "").Replace(s)+`"`)) {
		return s
	}
	return "A " + what
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
