package drills

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// onTelegram starts nevermind serve on a fake Telegram at no pace.
func onTelegram(t *testing.T, mode, policy string) *telegramtest.House {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "policy.yaml")
	must(t, os.WriteFile(file, []byte(policy), 0o600))
	fake, at := telegramtest.Open(t), telegramtest.FreeAddress(t)
	l := beginAs(t, "serve", "--policy", file, "--data", filepath.Join(dir, "data"), "--listen", at, "--public-url", "http://"+at,
		"--api-key", telegramtest.HouseKey, "--telegram-token", fake.Token, "--telegram-api", fake.URL(), "--telegram-mode", mode,
		"--telegram-rate", "0", "--telegram-chat-rate", "0", "--log", "error")
	t.Cleanup(func() { l.end(t) })
	h := &telegramtest.House{T: t, Fake: fake, URL: l.up(t), Log: &l.errs}
	if !fake.Until(func() bool { return ready(h.URL) }) {
		t.Fatal("not ready:", h.Log)
	}
	return h
}

// TestTelegramBinary plays what takes days, in seconds of real time and with both ways to receive: the seller
// agrees, stays silent, or says no.
func TestTelegramBinary(t *testing.T) {
	for _, mode := range []string{"webhook", "poll"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			playBuilt(onTelegram(t, mode, "name: quick\nwindows:\n  seller_answer: 4s\n  negotiation: 3s\n"))
		})
	}
}

// playBuilt plays the three courses with the built program.
func playBuilt(h *telegramtest.House) {
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Order("8100000000000001", "b-1", "s-1", "Lamp")
	h.Ask(ana, "8100000000000001")
	h.Press(lumen, "Cancel and refund 24.90 USD")
	h.Await(ana, "Lumen House agreed. I've asked the shop to send 24.90 USD to your card")
	h.Await(lumen, "You agreed. The shop sends 24.90 USD back to Ana")

	h.Order("8100000000000002", "b-1", "s-1", "Chair")
	h.Ask(ana, "8100000000000002")
	h.Await(lumen, "A reminder: Ana is still waiting for your answer")
	h.Await(ana, "Lumen House didn't answer in time, so your request is approved. I've asked the shop to send 24.90 USD")
	h.Await(lumen, "You didn't answer in time, so the request is approved. The shop sends 24.90 USD back to Ana")

	h.Order("8100000000000003", "b-1", "s-1", "Table")
	h.Ask(ana, "8100000000000003")
	h.Press(lumen, "Say no")
	h.Await(lumen, "Why not?")
	lumen.Type("It is packed already.")
	h.Await(ana, "Lumen House said no: “It is packed already.”")
	for _, m := range append(ana.Heard(), lumen.Heard()...) {
		if strings.Contains(m.Text, "{") {
			h.T.Errorf("words are missing in %q", m.Text)
		}
	}
}
