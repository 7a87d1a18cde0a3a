package mcp

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"golang.org/x/time/rate"

	"nevermind/bot"
)

// nobodysCode knows no code and counts how often it is looked for.
type nobodysCode struct {
	Assistants
	looks atomic.Int64
}

func (o *nobodysCode) Connect(context.Context, string, string) (string, error) {
	o.looks.Add(1)
	return "", bot.ErrNone
}

func (o *nobodysCode) Of(context.Context, string) (bot.Person, error) {
	o.looks.Add(1)
	return bot.Person{}, bot.ErrNone
}

// noOrders is an engine with nothing in it.
type noOrders struct{ Engine }

func (noOrders) Policy() *bot.Policy { return &bot.Policy{} }

// freshDoor is a Door without an engine, whose codes are counted.
func freshDoor(codes Assistants) *Door {
	return &Door{cfg: Config{Assistants: codes, Log: slog.New(slog.DiscardHandler)},
		guesses: rate.NewLimiter(rate.Every(guessEvery), guessesBurst), wrong: rate.Sometimes{First: 1, Interval: wrongLogEvery}}
}

// TestFreshGuessesAtOnce: thousands of guesses that come in one moment, before any of them was refused, cost the store no more
// than a look each, beside those that may wait.
func TestFreshGuessesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const callers = 3000
		codes := &nobodysCode{}
		d := freshDoor(codes)
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				w := httptest.NewRecorder()
				d.connect(w, httptest.NewRequest(http.MethodPost, "/mcp/connect", strings.NewReader(`{"code":"AAAA-BBBB-CCCC"}`)))
			})
		}
		all.Wait()
		if most := int64(callers + guessesBurst*codeLooks); codes.looks.Load() > most {
			t.Errorf("%d guesses cost %d looks, want at most %d", callers, codes.looks.Load(), most)
		}
	})
}

// TestFreshCallers: requests without a valid token or of another origin are refused before they reach the MCP server.
func TestFreshCallers(t *testing.T) {
	d := New(Config{Assistants: &nobodysCode{}, Engine: noOrders{}, Origins: []string{"https://shop.example"}})
	for name, c := range map[string]struct {
		path, body string
		header     http.Header
		want       int
	}{
		"a page of elsewhere":         {"/mcp", "{}", http.Header{"Origin": {"https://evil.example"}}, 403},
		"an origin that is empty":     {"/mcp", "{}", http.Header{"Origin": {""}}, 403},
		"an origin that is null":      {"/mcp/connect", "{}", http.Header{"Origin": {"null"}}, 403},
		"an origin within another":    {"/mcp", "{}", http.Header{"Origin": {"https://shop.example.evil.example"}}, 403},
		"two origins":                 {"/mcp", "{}", http.Header{"Origin": {"https://evil.example", "https://shop.example"}}, 403},
		"no token":                    {"/mcp", "{}", nil, 401},
		"a token in the address":      {"/mcp?access_token=x", "{}", nil, 401},
		"another scheme":              {"/mcp", "{}", http.Header{"Authorization": {"Basic eDp4"}}, 401},
		"a session made up":           {"/mcp", "{}", http.Header{"Mcp-Session-Id": {"1"}}, 401},
		"a code as a number":          {"/mcp/connect", `{"code":1}`, nil, 400},
		"a code as large as a book":   {"/mcp/connect", `{"code":"` + strings.Repeat("A", 8<<10) + `"}`, nil, 400},
		"lists in lists for a code":   {"/mcp/connect", strings.Repeat("[", 4000), nil, 400},
		"a body that is no JSON":      {"/mcp/connect", "code=AAAA", nil, 400},
		"a path around the door":      {"/mcp/../mcp/connect/x", "{}", nil, 404},
		"a name of control signs":     {"/mcp/connect", `{"code":"A","name":"\u202e\u0000"}`, nil, 404},
		"the name twice, differently": {"/mcp/connect", `{"code":"A","Code":"B"}`, nil, 404},
	} {
		r := httptest.NewRequest(http.MethodPost, c.path, strings.NewReader(c.body))
		for name, all := range c.header {
			r.Header[name] = all
		}
		w := httptest.NewRecorder()
		if d.Handler().ServeHTTP(w, r); w.Code != c.want && w.Code != http.StatusTooManyRequests {
			if w.Code/100 == 3 && c.want == 404 {
				continue // the router tidies the path, and a POST is not repeated
			}
			t.Errorf("%s: got %d %s, want %d", name, w.Code, w.Body, c.want)
		}
	}
}
