package mcp

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"nevermind/bot"
)

// oneCode knows a single code.
type oneCode struct {
	Assistants
	asked int
}

func (o *oneCode) Connect(_ context.Context, code, _ string) (string, error) {
	o.asked++
	if code == "RIGHT" {
		return "token", nil
	}
	return "", bot.ErrNone
}

// TestGuessingShutsNobodyOut: guessing codes locks no one out. A right code connects meanwhile, each guess costs one look, and
// the log has one line.
func TestGuessingShutsNobodyOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		codes := &oneCode{}
		d := &Door{cfg: Config{Assistants: codes, Log: slog.New(slog.NewJSONHandler(&log, nil))},
			guesses: rate.NewLimiter(rate.Every(guessEvery), guessesBurst), wrong: rate.Sometimes{First: 1, Interval: wrongLogEvery}}
		connect := func(code string) int {
			w := httptest.NewRecorder()
			d.connect(w, httptest.NewRequest(http.MethodPost, "/mcp/connect", strings.NewReader(`{"code":"`+code+`"}`)))
			return w.Code
		}
		var got []int
		for range 200 {
			got = append(got, connect("WRONG"))
		}
		if last := got[len(got)-1]; got[0] != http.StatusNotFound || last != http.StatusTooManyRequests {
			t.Errorf("the first guess got %d, the last %d", got[0], last)
		}
		if code := connect("RIGHT"); code != http.StatusOK {
			t.Errorf("a right code got %d while somebody guesses", code)
		}
		before := codes.asked
		connect("WRONG")
		if looks := codes.asked - before; looks != 1 {
			t.Errorf("a guess beyond the limit costs %d looks", looks)
		}
		if lines := strings.Count(log.String(), "\n"); lines < 1 || lines > 2 || strings.Contains(log.String(), "WRONG") {
			t.Errorf("the log: %s", log.String())
		}
		<-time.After(time.Second) // in the bubble
	})
}
