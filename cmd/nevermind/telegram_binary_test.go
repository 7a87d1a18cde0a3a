package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// built is the program as people have it, made by go build, on a fake Telegram.
func built(t *testing.T, mode, policy string) *telegramHouse {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	plain(t)
	dir := t.TempDir()
	binary, file := filepath.Join(dir, "nevermind"), filepath.Join(dir, "policy.yaml")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if err := os.WriteFile(file, []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	fake, at := telegramtest.Open(t), freePort(t)
	p := exec.Command(binary, "serve", "--policy", file, "--data", filepath.Join(dir, "data"), "--listen", at, "--public-url", "http://"+at,
		"--telegram-api", fake.URL(), "--telegram-mode", mode, "--telegram-rate", "0", "--telegram-chat-rate", "0")
	p.Env = append(os.Environ(), "NEVERMIND_API_KEY=k", "NEVERMIND_TELEGRAM_TOKEN="+fake.Token)
	log := &loud{}
	p.Stderr = log
	out, err := p.StdoutPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.Process.Signal(os.Interrupt)
		if err := p.Wait(); err != nil {
			t.Errorf("it ended with %v: %s", err, log)
		}
	})
	if first, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("serve did not start: %q %s", first, log)
	}
	h := &telegramHouse{t, fake, "http://" + at, log}
	if !fake.Until(func() bool { status, _ := fetch(t, h.url+"/readyz"); return status == http.StatusOK }) {
		t.Fatal("not ready:", log)
	}
	return h
}

// TestTelegramBinary plays what takes days, in seconds of real time and with both ways to receive: the seller
// agrees, stays silent, or says no.
func TestTelegramBinary(t *testing.T) {
	for _, mode := range []string{webhookMode, pollMode} {
		t.Run(mode, func(t *testing.T) {
			playBuilt(built(t, mode, "name: quick\nwindows:\n  seller_answer: 4s\n  negotiation: 3s\n"))
		})
	}
}

// playBuilt plays the three courses with the built program.
func playBuilt(h *telegramHouse) {
	ana, lumen := h.join(11, "buyer", "b-1", "Ana"), h.join(22, "seller", "s-1", "Lumen House")
	h.order("8100000000000001", "b-1", "s-1", "Lamp")
	h.ask(ana, "8100000000000001", "")
	h.press(lumen, "Cancel and refund 24.90 USD")
	h.await(ana, "Lumen House has agreed. I have asked the shop to send 24.90 USD back to your card")
	h.await(lumen, "You have agreed. 24.90 USD goes back to Ana")

	h.order("8100000000000002", "b-1", "s-1", "Chair")
	h.ask(ana, "8100000000000002", "")
	h.await(lumen, "A reminder: Ana still waits for your answer")
	h.await(ana, "Lumen House did not answer in time, so your request counts as approved. I have asked the shop to send 24.90 USD")
	h.await(lumen, "You did not answer in time, so the request counts as approved. 24.90 USD goes back to Ana")

	h.order("8100000000000003", "b-1", "s-1", "Table")
	h.ask(ana, "8100000000000003", "")
	h.press(lumen, "Say no")
	h.await(lumen, "Why not?")
	lumen.Type("It is packed already.")
	h.await(ana, "Lumen House has said no: “It is packed already.”")
	for _, m := range append(ana.Heard(), lumen.Heard()...) {
		if strings.Contains(m.Text, "{") {
			h.t.Errorf("words are missing in %q", m.Text)
		}
	}
}
