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

// caseFinder is what an Engine may do besides: find the conversations filed under a term, such as
// "tracking_code:LP123456785CN".
type caseFinder interface {
	Filed(ctx context.Context, term string) ([]bot.Key, error)
}

// policyHolder is what an Engine may do besides: say which policy is in force.
type policyHolder interface{ Policy() *bot.Policy }

// CheckTracking looks at the code that a case is about: the one that the fact "return_code" or "tracking_code" names, or else
// that of the parcel that the fact "parcel" names, or the order's own. The outcome "tracking_checked" carries the fact "doubts":
// the reasons, commas between, empty where there are none. A doubt is never a verdict; people decide.
//
// The doubts are "form" and "digit" (the code is not well formed), "origin" (from a country that the policy does not
// expect), "older" (shipped before the order was placed), "still" (no movement for longer than the policy's
// tracking_still), "elsewhere" (on its way to another country) and "twice" (another order's case names it).
func (b *Book) CheckTracking(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	o, err := b.Shelf.Order(ctx, t.Order)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return bot.Outcome{}, fmt.Errorf("check tracking: %w", err)
	}
	code := t.Facts["return_code"]
	if code == "" {
		code = t.Facts["tracking_code"]
	}
	// Only of the order's own code does the shop say anything besides the code.
	parcel := parcelToCheck(&o, t.Facts["parcel"])
	own := code == "" || code == parcel.Code
	if code == "" {
		code = parcel.Code
	}
	policy := b.policy().For(&o)
	doubts := doubtsOf(code, policy.Origins)
	if own {
		doubts = append(doubts, b.doubtsOfParcel(&o, &parcel, policy)...)
	}
	if code != "" {
		twice, err := b.usedForAnotherOrder(ctx, code, t.From)
		if err != nil {
			return bot.Outcome{}, fmt.Errorf("check tracking: %w", err)
		}
		if twice {
			doubts = append(doubts, "twice")
		}
	}
	return bot.Done("tracking_checked", bot.Facts{"doubts": strings.Join(doubts, ",")}), nil
}

// parcelToCheck is the parcel that a case names, or what the short form says of the order's one.
func parcelToCheck(o *bot.Order, id string) bot.Parcel {
	if p, there := o.SentParcel(id); there {
		return p
	}
	return bot.Parcel{Code: o.Tracking, Headed: o.Headed, Shipped: o.Shipped, Heard: o.Updated}
}

// doubtsOfParcel are the doubts about what the shop says of a parcel of the order.
func (b *Book) doubtsOfParcel(o *bot.Order, parcel *bot.Parcel, p *bot.Policy) (doubts []string) {
	if !parcel.Shipped.IsZero() && parcel.Shipped.Before(o.Placed) {
		doubts = append(doubts, "older")
	}
	if parcel.Headed != "" && o.Country != "" && parcel.Headed != o.Country {
		doubts = append(doubts, "elsewhere")
	}
	// A parcel of which nothing is heard for longer than the policy's window is a reason to doubt the code.
	if o.Stage == bot.Shipped && !parcel.Shipped.IsZero() && !o.Arrived(parcel) {
		w := p.Windows["tracking_still"]
		if !w.IsZero() && b.Now().After(p.After(w, latest(parcel.Shipped, parcel.Heard), time.UTC)) {
			doubts = append(doubts, "still")
		}
	}
	return doubts
}

// usedForAnotherOrder says whether another order's case names the same code, as evidence of shipping or of a return.
func (b *Book) usedForAnotherOrder(ctx context.Context, code string, from bot.Key) (bool, error) {
	files, ok := b.Shelf.(caseFinder)
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

// policy is the policy in force; an empty one where the Engine knows none.
func (b *Book) policy() *bot.Policy {
	if g, ok := b.Shelf.(policyHolder); ok {
		return g.Policy()
	}
	return &bot.Policy{}
}

// postalCode is the form of postal codes, UPU S10: service, serial number with check digit, country of origin.
var postalCode = regexp.MustCompile(`^[A-Z]{2}[0-9]{9}[A-Z]{2}$`)

// doubtsOf are the doubts about a code by itself: postal codes (UPU S10) have a check digit and the country they come
// from; other carriers' codes only have a length.
func doubtsOf(code string, origins []string) (doubts []string) {
	switch {
	case code == "":
		return nil
	case postalCode.MatchString(code):
		if !checkDigitFits(code[2:11]) {
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

// checkDigitFits checks the ninth digit of a postal code: weights 8 6 4 2 3 5 9 7, modulo 11.
func checkDigitFits(nine string) bool {
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
