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

// errUnclear stands for an error of no kind.
var errUnclear = errors.New("unclear")

// failedSend is a fault of the Bot API, the mode of the reply that meets it, and the error wanted of Send.
type failedSend struct {
	fault telegramtest.Fault
	mode  bot.Mode
	want  error
}

// TestSendFails holds each way a send can fail to its own error.
func TestSendFails(t *testing.T) {
	fault := func(code int, words string) telegramtest.Fault { return telegramtest.Fault{Code: code, Words: words} }
	proxy := func(code int) telegramtest.Fault {
		return telegramtest.Fault{Code: code, Raw: "<html>bad gateway</html>"}
	}
	later := func(d time.Duration) error { return bot.Later{After: d} }
	for name, c := range map[string]failedSend{
		"fine":                      {telegramtest.Fault{}, bot.New, nil},
		"rate limit":                {tooManyRequests(7 * time.Second), bot.New, later(7 * time.Second)},
		"rate limit of a proxy":     {proxy(429), bot.New, later(time.Second)},
		"blocked":                   {fault(403, "Forbidden: bot was blocked by the user"), bot.New, bot.ErrGone},
		"deactivated":               {fault(403, "Forbidden: user is deactivated"), bot.New, bot.ErrGone},
		"kicked":                    {fault(403, "Forbidden: bot was kicked from the group chat"), bot.New, bot.ErrGone},
		"no such chat":              {fault(400, "Bad Request: chat not found"), bot.New, bot.ErrGone},
		"not taken":                 {fault(400, "Bad Request: message is too long"), bot.New, bot.ErrRefused},
		"token revoked":             {fault(401, "Unauthorized"), bot.New, later(time.Minute)},
		"server error":              {fault(500, "Internal Server Error"), bot.New, bot.ErrNotSent},
		"gateway":                   {proxy(502), bot.New, errUnclear},
		"cut before it was done":    {telegramtest.Fault{Cut: true}, bot.New, errUnclear},
		"cut after it was done":     {telegramtest.Fault{CutAfter: true}, bot.New, errUnclear},
		"black hole":                {telegramtest.Fault{Hole: true}, bot.New, errUnclear},
		"edit without a change":     {fault(400, "Bad Request: message is not modified: specified new content…"), bot.Edit, nil},
		"edited message gone":       {fault(400, "Bad Request: message to edit not found"), bot.Edit, bot.ErrCardGone},
		"edited message locked":     {fault(400, "Bad Request: message can't be edited"), bot.Edit, bot.ErrCardGone},
		"stripped message gone":     {fault(400, "Bad Request: message to edit not found"), bot.Strip, bot.ErrCardGone},
		"stripped without a change": {fault(400, "Bad Request: message is not modified"), bot.Strip, nil},
	} {
		err := sendInto(t, c)
		if !sameKind(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "AAfake") {
			t.Errorf("%s: the token is in the error: %v", name, err)
		}
	}
}

// sendInto sends into a fault and returns the error.
func sendInto(t *testing.T, c failedSend) error {
	t.Helper()
	fake := telegramtest.Open(t)
	fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, nil)
	d := newDelivery("hello")
	d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Accept"}}
	if c.mode != bot.New {
		ref, err := a.Send(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		d.Reply.Mode, d.Ref, d.Reply.Text = c.mode, ref, "changed"
	}
	fake.Fault = func(telegramtest.Call) telegramtest.Fault { return c.fault }
	timeout := 10 * time.Second
	if c.fault.Hole {
		timeout = 200 * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	_, err := a.Send(ctx, d)
	return err
}

// sameKind says whether an error is of the kind wanted, and names the same time where it is a Later.
func sameKind(err, want error) bool {
	var gotLater, wantLater bot.Later
	switch {
	case errors.Is(want, errUnclear):
		for _, kind := range []error{nil, bot.ErrGone, bot.ErrRefused, bot.ErrNotSent, bot.ErrCardGone} {
			if errors.Is(err, kind) {
				return false
			}
		}
		return true
	case errors.As(want, &wantLater):
		return errors.As(err, &gotLater) && gotLater == wantLater
	default:
		return errors.Is(err, want)
	}
}

// TestNotSent holds that a message has certainly not arrived where no connection was made.
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
