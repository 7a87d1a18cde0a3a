package shop

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// filing is what a shelf may besides: find the conversations filed under a term.
type filing interface {
	Filed(ctx context.Context, term string) ([]bot.Key, error)
}

// governed is what a shelf may besides: say which policy is in force.
type governed interface{ Policy() *bot.Policy }

// CheckTracking looks at the code that a case is about: the one that the fact "tracking_code" or "return_code" names, or
// the order's own. The outcome "tracking_checked" carries the fact "doubts": the reasons, commas between, empty where
// there are none: "form", "digit", "older", "still", "elsewhere", "origin" or "twice".
func (b *Book) CheckTracking(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	o, err := b.Shelf.Order(ctx, t.Order)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return bot.Outcome{}, fmt.Errorf("check tracking: %w", err)
	}
	code := t.Facts["return_code"]
	if code == "" {
		code = t.Facts["tracking_code"]
	}
	own := code == "" || code == o.Tracking
	if code == "" {
		code = o.Tracking
	}
	policy := b.policy().For(&o)
	doubts := doubtsOf(code, policy.Origins)
	if own {
		doubts = append(doubts, b.doubtsOfParcel(&o, policy)...)
	}
	if code != "" {
		twice, err := b.elsewhere(ctx, code, t.From)
		if err != nil {
			return bot.Outcome{}, fmt.Errorf("check tracking: %w", err)
		}
		if twice {
			doubts = append(doubts, "twice")
		}
	}
	return bot.Done("tracking_checked", bot.Facts{"doubts": strings.Join(doubts, ",")}), nil
}

// doubtsOfParcel are the doubts about what the shop says of the parcel.
func (b *Book) doubtsOfParcel(o *bot.Order, p *bot.Policy) (doubts []string) {
	if !o.Shipped.IsZero() && o.Shipped.Before(o.Placed) {
		doubts = append(doubts, "older")
	}
	if o.Headed != "" && o.Country != "" && o.Headed != o.Country {
		doubts = append(doubts, "elsewhere")
	}
	if o.Stage == bot.Shipped && !o.Shipped.IsZero() {
		w := p.Windows["tracking_still"]
		if !w.IsZero() && b.Now().After(p.After(w, latest(o.Shipped, o.Updated), time.UTC)) {
			doubts = append(doubts, "still")
		}
	}
	return doubts
}

// elsewhere says whether another order's case names the same code.
func (b *Book) elsewhere(ctx context.Context, code string, from bot.Key) (bool, error) {
	files, ok := b.Shelf.(filing)
	if !ok {
		return false, nil
	}
	own, _, _ := strings.Cut(from.Rest(), "/")
	for _, fact := range []string{"tracking_code:", "return_code:"} {
		keys, err := files.Filed(ctx, fact+code)
		if err != nil {
			return false, err
		}
		for _, k := range keys {
			if order, _, _ := strings.Cut(k.Rest(), "/"); order != own {
				return true, nil
			}
		}
	}
	return false, nil
}

func (b *Book) policy() *bot.Policy {
	if g, ok := b.Shelf.(governed); ok {
		return g.Policy()
	}
	return &bot.Policy{}
}

var s10 = regexp.MustCompile(`^[A-Z]{2}[0-9]{9}[A-Z]{2}$`)

// doubtsOf are the doubts about a code by itself: postal codes (UPU S10) have a check digit and the country they come
// from; other carriers' codes only have a length.
func doubtsOf(code string, origins []string) (doubts []string) {
	switch {
	case code == "":
		return nil
	case s10.MatchString(code):
		if !rightDigit(code[2:11]) {
			doubts = append(doubts, "digit")
		}
		if len(origins) > 0 && !slices.Contains(origins, code[11:]) {
			doubts = append(doubts, "origin")
		}
	case len(code) < 8 || len(code) > 40 || !strings.ContainsAny(code, "0123456789"):
		doubts = append(doubts, "form")
	}
	return doubts
}

// rightDigit checks the ninth digit of a postal code: weights 8 6 4 2 3 5 9 7, modulo 11.
func rightDigit(nine string) bool {
	sum := 0
	for i, weight := range []int{8, 6, 4, 2, 3, 5, 9, 7} {
		sum += weight * int(nine[i]-'0')
	}
	digit := 11 - sum%11
	switch digit {
	case 10:
		digit = 0
	case 11:
		digit = 5
	}
	return int(nine[8]-'0') == digit
}
