package main

import (
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// aheadOfTime is a house on a fake Telegram, under a policy, whose clock can be moved on.
func aheadOfTime(t *testing.T, policy string) (*telegramtest.House, *atomic.Int64, string) {
	t.Helper()
	fake, data, ahead := telegramtest.Open(t), t.TempDir(), &atomic.Int64{}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, file, policy)
	s, log := serveBy(t, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }, data,
		"--api-key", telegramtest.HouseKey, "--telegram-token", fake.Token, "--telegram-api", fake.URL(),
		"--telegram-rate", "0", "--telegram-chat-rate", "0", "--policy", file)
	return &telegramtest.House{T: t, Fake: fake, URL: s.url, Log: log}, ahead, data
}

// withdrawn is a case that its buyer has ended.
func withdrawn(h *telegramtest.House, buyer, seller *telegramtest.Chat, order string) {
	h.T.Helper()
	h.Ask(buyer, order)
	h.Await(seller, "would like to cancel")
	h.Press(buyer, "Withdraw my request")
	h.Press(buyer, "Yes, withdraw it")
	h.Await(seller, "no longer wants to cancel")
	h.Await(buyer, "is withdrawn")
}

// handled is how often a chat was asked how a case was handled.
func handled(chat *telegramtest.Chat) int { return strings.Count(chat.Texts(), "well was it handled") }

// TestTelegramRating: a case ends, and a day later both sides are asked how it was handled. The buyer taps and says why, the
// seller does not answer and is asked once more, and then never again; the report has it. A buyer whose data were erased
// meanwhile is not written to.
func TestTelegramRating(t *testing.T) {
	t.Parallel()
	h, ahead, data := aheadOfTime(t, "satisfaction: on\n")
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	h.Order("8123456789012346", "b-2", "s-2", "Bamboo chair")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	ben, far := h.Join(33, "buyer", "b-2", "Ben"), h.Join(44, "seller", "s-2", "Far House")
	withdrawn(h, ana, lumen, "8123456789012345")
	withdrawn(h, ben, far, "8123456789012346")
	acked(h)
	command(t, "", "erase", "--buyer", "b-2", "--why", "asked", "--data", data).want(t, exitDone)

	ahead.Store(int64(25 * time.Hour))
	for _, chat := range []*telegramtest.Chat{ana, lumen, far} {
		h.Await(chat, "well was it handled")
	}
	h.Press(ana, "Badly")
	h.Press(ana, "Say why")
	h.Await(ana, "What would you like us to know?")
	ana.Type("Nobody told me about the fine.")
	h.Await(ana, "Your answer is noted")
	h.Press(far, "Not now")
	h.Await(far, "I won't ask about this again")

	ahead.Add(int64(73 * time.Hour))
	h.Await(lumen, "I won't ask again")
	ahead.Add(int64(73 * time.Hour))
	h.Await(lumen, "This question is closed")
	ahead.Add(int64(30 * 24 * time.Hour))
	ana.Type("my requests")
	h.Await(ana, "You have no open request")
	for name, chat := range map[string]*telegramtest.Chat{"the buyer": ana, "the seller": lumen, "who said no": far} {
		if n := handled(chat); n > 1 {
			t.Errorf("%s was asked %d times:\n%s", name, n, chat.Texts())
		}
	}
	if n := strings.Count(lumen.Texts(), "This question is closed") + strings.Count(lumen.Texts(), "I asked how well"); n != 1 {
		t.Errorf("the seller sees %d of the second question, want it closed:\n%s", n, lumen.Texts())
	}
	if handled(ben) != 0 {
		t.Errorf("somebody who was erased is asked:\n%s", ben.Texts())
	}

	var r bot.Report
	h.Call("GET", "/v1/reports?sentences=true", "", &r)
	want := map[bot.Party]bot.ReportSatisfaction{
		bot.Buyer:  {Asked: 1, Answered: 1, Bad: 1, Sentences: 1},
		bot.Seller: {Asked: 2},
	}
	for who, s := range want {
		if r.All.Satisfaction[who] != s {
			t.Errorf("the report says of %ss %+v, want %+v", who, r.All.Satisfaction[who], s)
		}
	}
	if len(r.Said) != 1 || r.Said[0].Text != "Nobody told me about the fine." || r.Said[0].By != bot.Buyer ||
		r.Said[0].Rating != "bad" {
		t.Errorf("the report quotes %+v", r.Said)
	}
	var plain bot.Report
	if h.Call("GET", "/v1/reports", "", &plain); len(plain.Said) != 0 {
		t.Error("a report quotes people without being asked to")
	}
	command(t, "", "report", "--data", data).want(t, exitDone, "How buyers found it handled", "1 of 1 have answered")
}

// TestTelegramRatingOff: where the policy does not say so, a case ends and that is all.
func TestTelegramRatingOff(t *testing.T) {
	t.Parallel()
	h, ahead, _ := aheadOfTime(t, "name: plain\n")
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	withdrawn(h, ana, lumen, "8123456789012345")
	ahead.Store(int64(25 * time.Hour))
	for _, chat := range []*telegramtest.Chat{ana, lumen} { // a day on, all is answered as ever
		before := len(chat.Heard())
		if chat.Type("/help"); !h.Fake.Until(func() bool { return len(chat.Heard()) > before }) {
			t.Fatalf("no answer:\n%s", chat.Texts())
		}
	}
	for _, chat := range []*telegramtest.Chat{ana, lumen} {
		if handled(chat) != 0 {
			t.Errorf("asked where the policy is off:\n%s", chat.Texts())
		}
	}
	var r bot.Report
	if h.Call("GET", "/v1/reports", "", &r); len(r.All.Satisfaction) != 0 {
		t.Errorf("the report has %+v", r.All.Satisfaction)
	}
}
