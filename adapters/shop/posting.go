package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
)

// post does an act once: a task posted before answers as it did then, whatever it asks for now.
func (b *Book) post(ctx context.Context, t bot.Task, do string, act func(*bot.Order) bot.Posting) (bot.Outcome, error) {
	if t.ID == "" {
		return bot.GivenUp("a task without an id"), nil
	}
	var posted bot.Posting
	_, err := b.Shelf.ChangeOrder(ctx, t.Order, func(o *bot.Order) error {
		if n := posting(o, t.ID); n >= 0 {
			posted = o.Book[n]
			return errKept
		}
		posted = act(o)
		posted.Task, posted.Do, posted.At = t.ID, do, b.Now().UTC()
		o.Book = append(slices.Clip(o.Book), posted)
		return nil
	})
	switch {
	case errors.Is(err, bot.ErrNone):
		posted = bot.Posting{Do: do, State: "failed", Detail: "there is no such order"}
	case err != nil && !errors.Is(err, errKept):
		return bot.Outcome{}, fmt.Errorf("%s: %w", do, err)
	case posted.Do != do:
		return bot.GivenUp("the task's id belongs to another act"), nil
	}
	return outcome(posted), nil
}

// posting finds what was posted under a task's id.
func posting(o *bot.Order, task string) int {
	return slices.IndexFunc(o.Book, func(p bot.Posting) bool { return p.Task == task })
}

// outcome is what a posting is to the conversation that asked.
func outcome(p bot.Posting) bot.Outcome {
	failed := bot.Facts{"failure": p.Detail}
	switch {
	case p.State == "pending":
		return bot.Pending()
	case p.Do == "pay_refund" && p.State == "done":
		return bot.Done("refund_settled", nil)
	case p.Do == "pay_refund":
		return bot.Done("refund_failed", failed)
	case p.Do == "tell_shop":
		return bot.Done("shop_told", nil)
	case p.State == "done":
		return bot.Done("order_cancelled", nil)
	case p.Detail == hadShipped:
		return bot.Done("order_had_shipped", nil)
	}
	return bot.Done("cancel_failed", failed)
}
