package drills

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
	onlyInCI(t)
	t.Parallel()
	n := 40
	if long {
		n = 500
	}
	h := onTelegram(t, "poll", "")
	texts := telegramtest.HostileTexts(n, 3)
	var all sync.WaitGroup
	free := make(chan struct{}, 8)
	for i, text := range texts {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }() // also where it fails
			nasty(h, i, text)
		})
	}
	all.Wait()
	for _, c := range h.Fake.Calls("") {
		if c.Code != 0 && c.Code != http.StatusOK && !strings.Contains(c.Words, "not modified") {
			t.Errorf("refused: %s %d %s: %.300s", c.Method, c.Code, c.Words, c.Params["text"])
		}
	}
	for i := range texts {
		for _, chat := range []int64{int64(10_000 + i), int64(20_000 + i)} {
			for _, m := range h.Fake.Private(telegramtest.Person{ID: chat}).Heard() {
				for _, live := range m.Live {
					if live != "/settings" && live != "/help" && live != "/privacy" {
						t.Errorf("text %d: %q comes to life in %.200q", i, live, m.Text)
					}
				}
			}
		}
	}
	t.Logf("%d texts, %d calls", n, len(h.Fake.Calls("")))
}

// nasty is one case between two people who are called that, about a thing that is, and who write that.
func nasty(h *telegramtest.House, i int, text string) {
	order, buyer, seller := fmt.Sprint(7_000_000+i), fmt.Sprint("nb-", i), fmt.Sprint("ns-", i)
	h.Order(order, buyer, seller, taken(text, "title"))
	name := taken(text, "name")
	ana, lumen := h.Join(int64(10_000+i), "buyer", buyer, name), h.Join(int64(20_000+i), "seller", seller, name)
	ana.Type(order)
	h.Press(ana, "Cancel this order")
	h.Press(ana, "I don't need it any more")
	h.Press(ana, "Add a note or photos")
	h.Await(ana, "Write it in one message")
	ana.Type("A note: " + cut(text, 900)) // alone it could be a command, and longer it is sent back
	h.Await(ana, "Your note: ")
	h.Press(ana, "Yes, ask the seller")
	h.Await(lumen, "would like to cancel")
	h.Press(lumen, "Write to the buyer")
	h.Await(lumen, "What would you like to tell")
	lumen.Type("A letter: " + cut(text, 900))
	h.Press(lumen, "Less")
	h.Press(lumen, "Cancel and refund 24.90 USD")
	h.Await(ana, "agreed. I've asked the shop")
}

// taken is the text, where the shop's interface takes it as a name or title, else what is left of it.
func taken(text, what string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "") {
		if !unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
			b.WriteRune(r)
		}
	}
	if s := strings.TrimSpace(cut(b.String(), 90)); s != "" && json.Valid([]byte(`"`+strings.NewReplacer(`"`, "", `\`,
		"").Replace(s)+`"`)) {
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
