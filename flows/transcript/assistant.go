package transcript

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"nevermind/bot"
)

// Door is the way in for assistants.
type Door interface {
	Connect(ctx context.Context, code, name string) (token string, err error)
	Look(ctx context.Context, token, what, order string) (bot.Person, error)
	Propose(ctx context.Context, token string, p bot.Proposal) (words string, until time.Time, err error)
}

// codes are what connects an assistant.
var codes = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b`)

// Code finds the code in what a chat was told; empty where there is none.
func Code(text string) string { return codes.FindString(text) }

// Assistant is Ana's own, with its token once it has one.
type Assistant struct{ token string }

// Play plays what it does: "connect" with the newest code, "look 8123", "request 8123 not_needed I found another.", "take 8123",
// "decline 8123", "counter 8123 offer_kind=partial offer_amount=10", "words 8123 Hello.". It returns what it is answered; an
// error is none of those.
func (a *Assistant) Play(ctx context.Context, door Door, what, code string) (answer string, err error) {
	what, rest, _ := strings.Cut(what, " ")
	order, _, _ := strings.Cut(rest, " ")
	switch what {
	case "connect":
		token, err := door.Connect(ctx, code, "Claude")
		if err == nil {
			a.token = token
		}
		return answered(err, "it is connected")
	case "look":
		_, err := door.Look(ctx, a.token, "order_status", order)
		return answered(err, "it may look")
	}
	_, until, err := door.Propose(ctx, a.token, proposalLine(what, rest))
	return answered(err, "it is asked, until "+until.Format("15:04"))
}

// proposalLine reads what is proposed.
func proposalLine(what, rest string) bot.Proposal {
	order, more, _ := strings.Cut(rest, " ")
	more = Expand(more)
	p := bot.Proposal{Order: order, Facts: bot.Facts{}}
	switch what {
	case "request":
		reason, note, _ := strings.Cut(more, " ")
		p.Kind, p.Facts = bot.ProposeRequest, bot.Facts{"reason": reason, "note": note}
	case "words":
		p.Kind, p.Facts = bot.ProposeWords, bot.Facts{"words": more}
	default:
		p.Kind, p.Answer = bot.ProposeAnswer, what
		for field := range strings.FieldsSeq(more) {
			name, value, _ := strings.Cut(field, "=")
			p.Facts[name] = value
		}
	}
	return p
}

// answered is what the assistant is answered.
func answered(err error, done string) (string, error) {
	var declined bot.Declined
	var unfit bot.Unfit
	switch {
	case err == nil:
		return done, nil
	case errors.Is(err, bot.ErrNone), errors.Is(err, bot.ErrTooMany), errors.As(err, &declined), errors.As(err, &unfit):
		return err.Error(), nil
	}
	return "", err
}
