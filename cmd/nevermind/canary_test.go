package main

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// canary is what no log, metric, problem or help may ever hold: every secret and everything about a person carries it.
const canary = "canary"

// clean fails where a text holds a canary.
func clean(t *testing.T, what, text string) {
	t.Helper()
	if i := strings.Index(strings.ToLower(text), canary); i >= 0 {
		t.Errorf("%s holds a canary: …%s…", what, text[max(0, i-200):min(len(text), i+100)])
	}
}

// TestCanaries feeds canaries through every setting, field and error path while all is logged.
func TestCanaries(t *testing.T) {
	plain(t)
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(
			w,
			`{"ok":false,"error_code":500,"description":"canary: buyer b-canary","outcome":"canary"}`,
			http.StatusInternalServerError,
		)
	}))
	defer down.Close()
	key := "canary-key-of-more-than-32-characters"
	for name, value := range map[string]string{
		"API_KEY": key, "TELEGRAM_TOKEN": "77001122:canary", "TELEGRAM_API": down.URL,
		"TELEGRAM_WEBHOOK_SECRET": "canary_secret_of_more_than_32_signs",
		"SLACK_BOT_TOKEN":         "xoxb-canary", "SLACK_SIGNING_SECRET": "canarysecretofmorethan32characters",
		"SLACK_API": down.URL + "/", "SLACK_CHANNEL": "C0123",
		"SHOP_WEBHOOK_URL":    strings.Replace(down.URL, "http://", "http://canary:canary@", 1) + "/canary",
		"SHOP_WEBHOOK_SECRET": "whsec_" + base64.StdEncoding.EncodeToString([]byte("canary-canary-canary-canary-1234")),
		"PUBLIC_URL":          "https://canary.example",
	} {
		t.Setenv("NEVERMIND_"+name, value)
	}
	for _, c := range []string{"serve", "check", "demo", "chat"} {
		r := command(t, "", c, "--help")
		clean(t, c+" --help", r.out+r.errs)
	}
	data := t.TempDir()
	s, log := serveOn(t, data)
	call := func(method, path, body, auth string) (status int, text string) {
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", auth)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "canary")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		all, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(all)
	}
	good := strings.ReplaceAll(order("900001", "b-canary"), "Bamboo lamp", "Canary lamp")
	if status, text := call("PUT", "/v1/orders/900001", good, "Bearer "+key); status != 200 {
		t.Fatalf("the order is not taken: %d %s", status, text)
	}
	call("POST", "/v1/links", `{"role":"buyer","id":"b-canary","name":"Canary Torres","locale":"en"}`, "Bearer "+key)
	for _, bad := range []struct{ method, path, body, auth string }{
		{"GET", "/v1/orders/canary", "", "Bearer canary"},
		{"GET", "/v1/orders/canary", "", "Bearer " + key},
		{"GET", "/v1/canary?canary=canary", "", "Bearer " + key},
		{"PUT", "/v1/orders/900001", strings.Replace(good, `"processing"`, `"canary"`, 1), "Bearer " + key},
		{"PUT", "/v1/orders/900001", strings.Replace(good, `"24.90"`, `"canary"`, 1), "Bearer " + key},
		{"PUT", "/v1/orders/900001", `{"note":"canary"`, "Bearer " + key},
		{"PUT", "/v1/orders/900001", `{"id":{"note":"canary"}}`, "Bearer " + key},
		{"PUT", "/v1/orders/other", good, "Bearer " + key},
		{"POST", "/v1/links", `{"role":"canary","id":"canary","name":"Canary","locale":"canary","time_zone":"Canary/Canary"}`,
			"Bearer " + key},
		{"POST", "/v1/tasks/T-canary", `{"outcome":"canary","detail":"canary"}`, "Bearer " + key},
		{"GET", "/v1/cases?cursor=canary", "", "Bearer " + key},
		{"GET", "/v1/cases/canary", "", "Bearer " + key},
		{"POST", "/telegram/webhook", `{"update_id":"canary"}`, ""},
		{"POST", "/slack/events", `{"token":"canary"}`, ""},
		{"POST", "/canary", "canary", "canary"},
	} {
		_, text := call(bad.method, bad.path, bad.body, bad.auth)
		clean(t, bad.method+" "+bad.path, text)
	}
	command(
		t,
		"I am Canary Torres, write to canary@canary.example\n900001\nCancel this order\n1\n1\n",
		"chat",
		"--as",
		"b-canary",
		"--data",
		data,
	)
	command(t, `{"id":"canary","stage":"canary"}`, "import", "-", "--data", data)
	command(t, "", "replay", "C-CANARY", "--data", data)
	for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
		_, text := fetch(t, s.url+path)
		clean(t, path, text)
	}
	s.stop()
	clean(t, "the log", log.String())
	for _, id := range []string{"900001", "77001122"} {
		if strings.Contains(log.String(), id) {
			t.Errorf("the log holds %s", id)
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines < 20 {
		t.Errorf("only %d lines were logged: this tests nothing", lines)
	}
}

// TestCanariesOnTheWayIn: what is wrong with a setting is told without its value, and so is why a program cannot start.
func TestCanariesOnTheWayIn(t *testing.T) {
	plain(t)
	for _, name := range promised {
		if name == "LOG" || name == "TELEGRAM_MODE" || name == "LISTEN" || name == "DATA" || name == "POLICY" || name == "KEY_FILE" ||
			strings.HasSuffix(name, "RATE") {
			continue // no secrets: what was given is shown
		}
		t.Setenv("NEVERMIND_"+name, "canary\u00e9 canary")
	}
	for _, c := range []string{"serve", "check"} {
		r := command(t, "", c, "--data", t.TempDir())
		clean(t, c, r.out+r.errs)
	}
}
