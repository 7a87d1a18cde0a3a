package mcp

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

type (
	requestArguments struct {
		Order  string `json:"order" jsonschema:"the order's number"`
		Reason string `json:"reason" jsonschema:"one of the reasons that the tool's description lists"`
		Note   string `json:"note,omitempty" jsonschema:"a few words for the seller, at most 1000 characters"`
		Items  []item `json:"items,omitempty" jsonschema:"some lines only, each with how many; leave it out for all"`
	}
	answerArguments struct {
		Order  string `json:"order" jsonschema:"the order's number"`
		Answer string `json:"answer" jsonschema:"take, decline or counter"`
		Kind   string `json:"kind,omitempty" jsonschema:"for counter: discount (keep the order), partial or costs (cancel, part back)"`
		Amount string `json:"amount,omitempty" jsonschema:"for counter: what comes back, or of costs what the seller keeps: 12.50"`
		Note   string `json:"note,omitempty" jsonschema:"for counter: a short reason, at most 300 characters"`
	}
	wordsArguments struct {
		Order string `json:"order" jsonschema:"the order's number"`
		Words string `json:"words" jsonschema:"what the seller is to read, at most 2000 characters"`
	}
	preview struct {
		Says string `json:"says" jsonschema:"what the buyer would be asked"`
	}
	proposed struct {
		Status      string    `json:"status"`
		AnswerUntil time.Time `json:"answer_until" jsonschema:"after that nothing is sent"`
		Asked       string    `json:"asked" jsonschema:"what the buyer is asked in their chat"`
	}
)

func (a requestArguments) order() string { return a.Order }

// longestWords is how long a message to the seller may be.
const longestWords = 2000

func (d *Door) previewRequest(ctx context.Context, who *bot.Person, in requestArguments) (preview, error) {
	p, err := d.proposeRequest(ctx, who, in)
	if err != nil {
		return preview{}, err
	}
	says, err := d.cfg.Assistants.Suggest(ctx, who, p)
	if err != nil {
		return preview{}, d.whyNot(ctx, who, p, err)
	}
	return preview{says}, nil
}

// whyNot says why a proposal is not shown; of a request that does not fit, what the chat would say instead.
func (d *Door) whyNot(ctx context.Context, who *bot.Person, p bot.Proposal, err error) error {
	if !errors.Is(err, bot.DeclinedUnfit) || p.Kind != bot.ProposeRequest {
		return said(err)
	}
	says, failed := d.talkSays(ctx, who, bot.Event{Name: "cancel_asked", Facts: bot.Facts{"order": p.Order}})
	if failed != nil {
		return said(failed)
	}
	return fault("This can't be sent as it is, so the buyer was not asked. In their chat it stands like this:\n" + says)
}

func (d *Door) proposeRequest(ctx context.Context, who *bot.Person, in requestArguments) (bot.Proposal, error) {
	o, err := d.theirs(ctx, who, in.Order)
	if err != nil {
		return bot.Proposal{}, err
	}
	if _, known := d.cfg.Engine.Policy().Reason(in.Reason); !known {
		return bot.Proposal{}, fault("reason: it is none of those that there are. " + d.reasons())
	}
	if len([]rune(in.Note)) > 1000 {
		return bot.Proposal{}, fault("note: at most 1000 characters.")
	}
	facts, err := chosen(o, in.Items)
	if err != nil {
		return bot.Proposal{}, err
	}
	facts["reason"], facts["note"] = in.Reason, strings.TrimSpace(in.Note)
	return bot.Proposal{Kind: bot.ProposeRequest, Order: o.ID, Facts: facts}, nil
}

// chosen are the lines of an order that are named: none are all that can still be cancelled.
func chosen(o *bot.Order, items []item) (bot.Facts, error) {
	open := o.OpenParts()
	if len(items) == 0 {
		if o.Stage == bot.PartShipped {
			return o.Chosen(open, open), nil
		}
		return bot.Facts{}, nil
	}
	var parts []bot.Part
	for _, i := range items {
		n := slices.IndexFunc(open, func(p bot.Part) bool { return p.ID == i.ID })
		twice := slices.ContainsFunc(parts, func(p bot.Part) bool { return p.ID == i.ID })
		if n < 0 || twice || i.Quantity < 0 || i.Quantity > open[n].Quantity {
			return nil, fault("items: of line " + strconv.Quote(bot.Shorten(bot.Clean(i.ID), 40)) +
				" not so many can still be cancelled. order_status shows what can.")
		}
		if i.Quantity == 0 {
			i.Quantity = open[n].Quantity
		}
		parts = append(parts, bot.Part{ID: i.ID, Quantity: i.Quantity})
	}
	return o.Chosen(open, parts), nil
}

func (d *Door) proposeAnswer(ctx context.Context, who *bot.Person, in answerArguments) (bot.Proposal, error) {
	if _, err := d.theirs(ctx, who, in.Order); err != nil {
		return bot.Proposal{}, err
	}
	if d.cfg.Engine.Flows().Assistants.Answers[in.Answer] == nil {
		return bot.Proposal{}, fault("answer: it is take, decline or counter.")
	}
	facts := bot.Facts{}
	if in.Answer == "counter" {
		amount := "offer_amount"
		if in.Kind == "costs" {
			amount = "offer_kept"
		}
		for name, value := range map[string]string{"offer_kind": in.Kind, amount: in.Amount, "offer_note": in.Note} {
			if value != "" {
				facts[name] = value
			}
		}
	}
	return bot.Proposal{Kind: bot.ProposeAnswer, Order: in.Order, Answer: in.Answer, Facts: facts}, nil
}

func (d *Door) proposeWords(ctx context.Context, who *bot.Person, in wordsArguments) (bot.Proposal, error) {
	if _, err := d.theirs(ctx, who, in.Order); err != nil {
		return bot.Proposal{}, err
	}
	words := strings.TrimSpace(in.Words)
	if n := len([]rune(words)); n == 0 || n > longestWords {
		return bot.Proposal{}, fault("words: between 1 and 2000 characters.")
	}
	return bot.Proposal{Kind: bot.ProposeWords, Order: in.Order, Facts: bot.Facts{"words": words}}, nil
}
