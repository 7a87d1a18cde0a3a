package main

import (
	"net"
	"os"
	"strings"
	"testing"
)

// TestOpenFolder: a data folder into which everybody may write is refused before anything is made in it.
func TestOpenFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if err := os.Chmod(data, 0o777); err != nil {
		t.Fatal(err)
	}
	command(t, "", "serve", "--data", data, "--api-key", apiKey, "--listen", "127.0.0.1:0").want(t, exitFailed,
		"everybody on this machine may write into "+data, "chmod o-w")
	if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
		t.Errorf("%v is left behind: %v", left, err)
	}
}

// TestExposures: what stands more open than it has to is said, and nothing else is.
func TestExposures(t *testing.T) {
	shop := func(url, webhook string) serveSettings {
		return serveSettings{Shop: shopSettings{URL: url, WebhookURL: webhook}}
	}
	bots := serveSettings{Telegram: telegramSettings{API: "http://bots.internal:8081"}}
	here, everywhere := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv4zero}
	for _, c := range []struct {
		name   string
		set    serveSettings
		listen net.Addr
		want   string
	}{
		{"all here", shop("http://localhost:3000", "http://127.0.0.1:9000/hooks"), here, ""},
		{"https", shop("", "https://shop.example/hooks"), here, ""},
		{"the shop's events", shop("", "http://shop.example/hooks"), here, "NEVERMIND_SHOP_WEBHOOK_URL"},
		{"the shop's system", shop("http://10.0.0.5:3000", ""), here, "NEVERMIND_SHOP_URL"},
		{"a Bot API server", bots, here, "NEVERMIND_TELEGRAM_API"},
		{"a listener", serveSettings{Listener: listenerSettings{URL: "http://model.internal/v1"}}, here, "NEVERMIND_LISTENER_URL"},
		{"a listener here", serveSettings{Listener: listenerSettings{URL: "http://127.0.0.1:8081/v1"}}, here, ""},
		{"metrics", serveSettings{}, everywhere, "NEVERMIND_OPERATIONS_LISTEN"},
		{"metrics of their own", serveSettings{Operations: "127.0.0.1:9090"}, everywhere, ""},
	} {
		said := strings.Join(c.set.exposures(c.listen), " | ")
		if (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, said, c.want)
		}
	}
}
