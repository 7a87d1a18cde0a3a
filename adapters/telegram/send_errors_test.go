package telegram

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestSendFails holds each way a send can fail to its own path.
func TestSendFails(t *testing.T) {
	late := func(d time.Duration) error { return bot.Later{After: d} }
	unclear := errors.New("unclear")
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		mode  bot.Mode
		want  error // unclear: none of the kinds
	}{
		"fine":                      {telegramtest.Fault{}, bot.New, nil},
		"told to wait":              {telegramtest.Fault{Code: 429, Words: "Too Many Requests: retry after 7", RetryAfter: 7 * time.Second}, bot.New, late(7 * time.Second)},
		"told by a proxy":           {telegramtest.Fault{Code: 429, Raw: "<html>"}, bot.New, late(time.Second)},
		"blocked":                   {telegramtest.Fault{Code: 403, Words: "Forbidden: bot was blocked by the user"}, bot.New, bot.ErrGone},
		"deactivated":               {telegramtest.Fault{Code: 403, Words: "Forbidden: user is deactivated"}, bot.New, bot.ErrGone},
		"kicked":                    {telegramtest.Fault{Code: 403, Words: "Forbidden: bot was kicked from the group chat"}, bot.New, bot.ErrGone},
		"no such chat":              {telegramtest.Fault{Code: 400, Words: "Bad Request: chat not found"}, bot.New, bot.ErrGone},
		"not taken":                 {telegramtest.Fault{Code: 400, Words: "Bad Request: message is too long"}, bot.New, bot.ErrRefused},
		"token revoked":             {telegramtest.Fault{Code: 401, Words: "Unauthorized"}, bot.New, late(time.Minute)},
		"server error":              {telegramtest.Fault{Code: 500, Words: "Internal Server Error"}, bot.New, bot.ErrNotSent},
		"gateway":                   {telegramtest.Fault{Code: 502, Raw: "<html>bad gateway</html>"}, bot.New, unclear},
		"cut before it was done":    {telegramtest.Fault{Cut: true}, bot.New, unclear},
		"cut after it was done":     {telegramtest.Fault{CutAfter: true}, bot.New, unclear},
		"black hole":                {telegramtest.Fault{Hole: true}, bot.New, unclear},
		"edit without a change":     {telegramtest.Fault{Code: 400, Words: "Bad Request: message is not modified: specified new message content…"}, bot.Edit, nil},
		"edited message gone":       {telegramtest.Fault{Code: 400, Words: "Bad Request: message to edit not found"}, bot.Edit, bot.ErrCardGone},
		"edited message locked":     {telegramtest.Fault{Code: 400, Words: "Bad Request: message can't be edited"}, bot.Edit, bot.ErrCardGone},
		"stripped message gone":     {telegramtest.Fault{Code: 400, Words: "Bad Request: message to edit not found"}, bot.Strip, bot.ErrCardGone},
		"stripped without a change": {telegramtest.Fault{Code: 400, Words: "Bad Request: message is not modified"}, bot.Strip, nil},
	} {
		fake := telegramtest.Open(t)
		fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		a := newTestAdapter(t, fake, nil)
		d := newDelivery("hello")
		if c.mode != bot.New {
			ref, err := a.Send(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			d.Reply.Mode, d.Ref, d.Reply.Text = c.mode, ref, "changed"
		}
		fake.Fault = func(telegramtest.Call) telegramtest.Fault { return c.fault }
		patient := 10 * time.Second
		if c.fault.Hole {
			patient = 200 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), patient)
		_, err := a.Send(ctx, d)
		cancel()
		var wantLate, gotLate bot.Later
		switch {
		case errors.Is(c.want, unclear):
			for _, kind := range []error{nil, bot.ErrGone, bot.ErrRefused, bot.ErrNotSent, bot.ErrCardGone} {
				if errors.Is(err, kind) {
					t.Errorf("%s: got %v, want an error of no kind", name, err)
				}
			}
		case errors.As(c.want, &wantLate):
			if !errors.As(err, &gotLate) || gotLate != wantLate {
				t.Errorf("%s: got %v, want %v", name, err, c.want)
			}
		case !errors.Is(err, c.want):
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "AAfake") {
			t.Errorf("%s: the token is in the error: %v", name, err)
		}
	}
}

// TestNotSent holds that nobody to talk to is certain not to have heard.
func TestNotSent(t *testing.T) {
	a, err := New(Config{Token: "1:x", API: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Send(t.Context(), newDelivery("hello"))
	if !errors.Is(err, bot.ErrNotSent) || strings.Contains(err.Error(), "1:x") {
		t.Errorf("got %v, want ErrNotSent without the token", err)
	}
}
