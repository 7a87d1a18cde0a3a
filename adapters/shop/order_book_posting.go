package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nevermind/bot"
)

// post does an act once. A task posted before answers as it did then, whatever it asks for now; a task whose id belongs to
// another act is refused for good (Outcome.Dead). The posting and what the act changed are stored in one commit.
func (b *Book) post(ctx context.Context, t bot.Task, do string, act func(*bot.Order) bot.Posting) (bot.Outcome, error) {
	if t.ID == "" {
		return bot.GivenUp("a task without an id"), nil
	}
	var posted bot.Posting
	_, err := b.Shelf.ChangeOrder(ctx, t.Order, func(o *bot.Order) error {
		// The id decides alone, so a repeat with other facts gets the answer of the first time.
		if n := findPosting(o, t.ID); n >= 0 {
			posted = o.Book[n]
			return errUnchanged
		}
		posted = act(o)
		posted.Task, posted.Do, posted.At = t.ID, do, b.Now().UTC()
		o.Book = append(slices.Clip(o.Book), posted)
		return nil
	})
	switch {
	case errors.Is(err, bot.ErrNone):
		// There is no order in which it could be posted.
		posted = bot.Posting{Do: do, State: "failed", Detail: "there is no such order"}
	case err != nil && !errors.Is(err, errUnchanged):
		return bot.Outcome{}, fmt.Errorf("%s: %w", do, err)
	// An id stands for one act. The same id for another act would be a mistake of ours.
	case posted.Do != do:
		return bot.GivenUp("the task's id belongs to another act"), nil
	}
	return outcomeOf(posted), nil
}

// findPosting is the index of what was posted under a task's id, or -1.
func findPosting(o *bot.Order, task string) int {
	return slices.IndexFunc(o.Book, func(p bot.Posting) bool { return p.Task == task })
}

// outcomeOf is what a posting means to the conversation that asked.
func outcomeOf(p bot.Posting) bot.Outcome {
	failed := bot.Facts{"failure": p.Detail}
	switch {
	case p.State == "pending":
		return bot.Pending()
	case p.Do == "pay_refund" && (p.State == "done" || p.State == "bounced"): // it was done once
		return bot.Done("refund_settled", nil)
	case p.Do == "pay_refund" && p.Detail == detailHeld:
		return bot.Done("refund_held", nil)
	case p.Do == "pay_refund":
		return bot.Done("refund_failed", failed)
	case p.Do == "tell_shop":
		return bot.Done("shop_told", nil)
	case p.State == "done":
		return bot.Done("order_cancelled", nil)
	case p.Detail == detailShipped:
		return bot.Done("order_had_shipped", nil)
	}
	return bot.Done("cancel_failed", failed)
}
