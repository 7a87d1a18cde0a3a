package telegram

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/bot"
)

// TestForgedCallsAreSaidOnce: calls of the webhook without its secret, in whatever form, store nothing and are one line in the
// log.
func TestForgedCallsAreSaidOnce(t *testing.T) {
	const secret = "s3cret-s3cret-s3cret-s3cret-s3cret"
	var log bytes.Buffer
	a, err := New(Config{Token: "1:a", Webhook: "https://x/telegram/webhook", Secret: secret,
		Log: slog.New(slog.NewJSONHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	for name, headers := range map[string][]string{
		"none": nil, "empty": {""}, "wrong": {"x"}, "cut": {secret[:len(secret)-1]}, "longer": {secret + "x"},
		"in capitals": {strings.ToUpper(secret)}, "a wrong one first": {"x", secret}, "in a list": {"x, " + secret},
		"quoted": {`"` + secret + `"`}, "as a bearer": {"Bearer " + secret}, "with a NUL": {secret + "\x00"},
	} {
		for _, path := range []string{"/telegram/webhook", "/telegram/webhook?secret_token=" + secret} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(`{"update_id":1}`))
			for _, h := range headers {
				r.Header.Add("X-Telegram-Bot-Api-Secret-Token", h)
			}
			r.Header.Set("Authorization", "Bearer "+secret)
			w := httptest.NewRecorder()
			a.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusUnauthorized {
				t.Errorf("%s: got %d, want 401", name, w.Code)
			}
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 || strings.Contains(log.String(), secret) {
		t.Errorf("got %d lines, want one: %s", lines, log.String())
	}
}

// TestFloodOfPressesInOneRoom: however many presses of one room wait, each is answered once, and no more are held than a person
// could make.
func TestFloodOfPressesInOneRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const flood = 20_000
		answered := make(chan string, 2*flood)
		pa := newPressAnswers(func(query, _ string) { answered <- query })
		room := bot.Room("telegram:7")
		held := func() (presses, pending, rooms int) {
			pa.mu.Lock()
			defer pa.mu.Unlock()
			return len(pa.rooms[room]), len(pa.pending), len(pa.rooms)
		}
		for n := range flood {
			pa.start(fmt.Sprint(n), fmt.Sprint("q", n), room, false)
			if held, _, _ := held(); held > maxPendingPresses {
				t.Fatalf("%d are held", held)
			}
		}
		<-time.After(2 * commitWait) // in the bubble
		synctest.Wait()
		seen := map[string]int{}
		for range len(answered) {
			seen[<-answered]++
		}
		for query, times := range seen {
			if times != 1 {
				t.Errorf("%s was answered %d times", query, times)
			}
		}
		if _, pending, rooms := held(); len(seen) != flood || pending > 0 || rooms > 0 {
			t.Errorf("%d were answered, %d and %d rooms are left", len(seen), pending, rooms)
		}
	})
}
