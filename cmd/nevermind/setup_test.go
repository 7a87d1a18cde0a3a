package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/slack/slacktest"
	"nevermind/adapters/telegram/telegramtest"
)

// TestSetup: every answer is tried as it is given, a wrong one is asked for again, and what is written is what a server starts
// with.
func TestSetup(t *testing.T) {
	plain(t)
	fake, office := telegramtest.Open(t), slacktest.New(t, nil)
	office.Channel("C0DESK", "UMIRA")
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/open" {
			return // takes whatever comes
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(shop.Close)
	t.Setenv("NEVERMIND_TELEGRAM_API", fake.URL())
	t.Setenv("NEVERMIND_SLACK_API", office.API())
	file := filepath.Join(t.TempDir(), "nevermind.env")
	answers := strings.Join([]string{
		"123", "42:wrong", fake.Token, "", // Telegram: no token, an unknown one, the right one; polling
		"xoxb-other", slacktest.BotToken, "xoxb-no", slacktest.AppToken, "C0NOSUCH", "C0DESK",
		shop.URL + "/open", shop.URL + "/hook", ""}, "\n")
	r := command(t, answers, "setup", "--file", file)
	r.want(t, exitDone, "does not know this bot's token", "✓ the bot is @"+fake.Username,
		"refuses the bot token (xoxb-…): invalid_auth", "✓ the app is @nevermind of Never", "begins with xapp-",
		"no such channel", "it is in the support channel", "takes a call without a signature (200)",
		"refuses what is not signed (401)", "nevermind serve --config "+file)
	for _, hidden := range []string{fake.Token, slacktest.BotToken, slacktest.AppToken} {
		if strings.Contains(r.out+r.errs, hidden) {
			t.Errorf("a secret is shown:\n%s", r.out)
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file: %v (%v), want it for its owner alone", info, err)
	}
	command(t, "", "setup", "--file", file).want(t, exitWrongUse, "is there already")
	plain(t) // from here on the file alone speaks
	command(t, "", "check", "--live", "--config", file).want(t, exitDone, "✓ telegram: ", "✓ slack: ", "✓ shop: ")
	s, _ := serveOn(t, t.TempDir(), "--config", file, "--shop-webhook-url", shop.URL+"/hook")
	if !fake.Until(func() bool { status, _ := fetch(t, s.url+"/readyz"); return status == http.StatusOK }) {
		t.Error("the server is not ready")
	}
	s.stop().want(t, exitDone, "telegram, slack, /v1")
}

// TestSetupByFlags asks nothing that was given; what does not work is told, and no file is written.
func TestSetupByFlags(t *testing.T) {
	plain(t)
	fake := telegramtest.Open(t)
	file := filepath.Join(t.TempDir(), "nevermind.env")
	args := []string{"setup", "--file", file, "--telegram-api", fake.URL(), "--telegram-mode", "poll"}
	command(t, "", append(args, "--telegram-token", "42:wrong")...).want(t, exitFailed, "does not know this bot's token")
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written with what does not work")
	}
	command(t, "", append(args, "--telegram-token", fake.Token)...).want(t, exitDone, "✓ the bot is @", "is written")
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), "NEVERMIND_TELEGRAM_MODE=poll\n") {
		t.Errorf("got %q (%v), want the mode in it", text, err)
	}
}

// TestCheckLive says what is wrong: a token that was revoked, and a public address that leads elsewhere.
func TestCheckLive(t *testing.T) {
	plain(t)
	fake := telegramtest.Open(t)
	command(t, "", "check", "--live").want(t, exitDone, "nobody to ask")
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(elsewhere.Close)
	at := telegramtest.FreeAddress(t)
	args := []string{"check", "--live", "--telegram-api", fake.URL(), "--telegram-mode", "webhook", "--listen", at}
	command(t, "", append(args, "--telegram-token", fake.Token, "--public-url", elsewhere.URL)...).want(t, exitFailed,
		"✓ telegram", "✗ public url: "+strings.TrimPrefix(elsewhere.URL, "http://")+" answers 404", "1 fault")
	command(t, "", append(args, "--telegram-token", "42:wrong", "--public-url", "http://"+at)...).want(t, exitFailed,
		"✗ telegram: Telegram does not know this bot's token", "✓ public url: "+at+" leads here")
	h, _ := serveTelegram(t, fake, t.TempDir(), webhookMode) // beside a server that has the port
	at = strings.TrimPrefix(h.URL, "http://")
	command(t, "", "check", "--live", "--telegram-api", fake.URL(), "--telegram-mode", "webhook", "--listen", at, "--telegram-token",
		fake.Token, "--public-url", h.URL).want(t, exitDone, "✓ public url: "+at+" leads here")
}

// TestSetupEnds while it waits for an answer, as by Ctrl-C; nothing is written.
func TestSetupEnds(t *testing.T) {
	plain(t)
	ctx, cancel := context.WithCancel(t.Context())
	in, _ := io.Pipe() // nobody types
	file := filepath.Join(t.TempDir(), "nevermind.env")
	var out loud
	code := make(chan int, 1)
	go func() { code <- run(ctx, []string{"setup", "--file", file}, in, &out, &out, time.Now) }()
	crosses(t, "the first question", func() bool { return strings.Contains(out.String(), "Telegram bot's token") })
	cancel()
	if got := <-code; got != exitFailed || !strings.Contains(out.String(), "nothing was written") {
		t.Errorf("exit code %d: %s", got, &out)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written")
	}
}
