package shop

import (
	"context"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// TestTrackingCodes checks form, check digit and origin of codes (S46, S47).
func TestTrackingCodes(t *testing.T) {
	for _, c := range []struct{ code, origins, want string }{
		{"RR473124829GB", "", ""}, // the standard's own example
		{"RB123456785CN", "CN", ""},
		{"RB123456784CN", "", "digit"},
		{"RB123456785CN", "DE", "origin"},
		{"RB123456780CN", "DE", "digit,origin"},
		{"LP00123456", "", ""},
		{"SHORT1", "", "form"},
		{"NODIGITSATALL", "", "form"},
		{"", "", ""},
	} {
		if got := strings.Join(doubtsOf(c.code, strings.Fields(c.origins)), ","); got != c.want {
			t.Errorf("%q from %q: got %q, want %q", c.code, c.origins, got, c.want)
		}
	}
}

// TestTrackingDigit changes each digit of a good code: every change of one digit is found.
func TestTrackingDigit(t *testing.T) {
	good := "473124829"
	for i := range good {
		for d := byte('0'); d <= '9'; d++ {
			code := []byte(good)
			code[i] = d
			if got, want := checkDigitFits(string(code)), string(code) == good; got != want {
				// remainders 0 and 5 share the digit 5, and 1 and ten the digit 0, so a few changes stay unseen
				if want || !shared(string(code)) {
					t.Errorf("%s: got %t, want %t", code, got, want)
				}
			}
		}
	}
}

// shared says whether a code's remainder shares its digit with another.
func shared(nine string) bool { return nine[8] == '5' || nine[8] == '0' }

// TestTrackingParcel checks what the shop says of the parcel, and the same code in another order's case (S46, S47).
func TestTrackingParcel(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	order := bot.Order{ID: "1", Stage: bot.Shipped, Placed: now.Add(-240 * time.Hour), Shipped: now.Add(-250 * time.Hour),
		Tracking: "LP00123456", Country: "ES", Headed: "PL"}
	b := &Book{Shelf: &trackEngine{order: order}, Now: func() time.Time { return now }}
	for _, c := range []struct {
		facts bot.Facts
		from  bot.Key
		want  string
	}{
		{nil, "case/1/0", "older,elsewhere,still"},
		{bot.Facts{"tracking_code": "RR473124829GB"}, "case/1/0", "twice"},
		{bot.Facts{"tracking_code": "RR473124829GB"}, "case/2/0", ""},
	} {
		o, err := b.CheckTracking(context.Background(), bot.Task{Order: "1", From: c.from, Facts: c.facts})
		if err != nil || o.Event != "tracking_checked" || o.Facts["doubts"] != c.want {
			t.Errorf("%v from %s: got %+v %v, want %q", c.facts, c.from, o, err, c.want)
		}
	}
}

// trackEngine holds one order, whose case names a code.
type trackEngine struct{ order bot.Order }

func (s *trackEngine) Order(context.Context, string) (bot.Order, error) { return s.order, nil }

func (s *trackEngine) ChangeOrder(context.Context, string, func(*bot.Order) error) (bot.Order, error) {
	return s.order, nil
}

func (s *trackEngine) Policy() *bot.Policy {
	return &bot.Policy{Windows: map[string]bot.Window{"tracking_still": {Length: 240 * time.Hour}}}
}

func (s *trackEngine) Filed(_ context.Context, term string) ([]bot.Key, error) {
	if term == "tracking_code:RR473124829GB" {
		return []bot.Key{"case/2/0"}, nil
	}
	return nil, nil
}
