package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// onlyOutcome is a task that can only end one way.
func onlyOutcome(event string) func(*bot.View) bot.Event {
	return func(*bot.View) bot.Event { return bot.Event{Name: event} }
}

// expectedCheck is where the order stands, as the shop will say.
func expectedCheck(v *bot.View) bot.Event {
	switch v.Order.Stage {
	case bot.Unpaid:
		return bot.Event{Name: "order_unpaid"}
	case bot.Processing:
		return bot.Event{Name: "order_open"}
	case bot.PartShipped, bot.Shipped, bot.Delivered, bot.Completed:
		return bot.Event{Name: "order_had_shipped"}
	case bot.Cancelled:
		return bot.Event{Name: "order_was_cancelled"}
	}
	return bot.Event{Name: "order_locked"}
}

// expectedCancellation is what the shop will answer to a cancellation, by where the order stands, and what it makes of the order.
func expectedCancellation(v *bot.View) bot.Event {
	switch o := v.Order; o.Stage {
	case bot.Cancelled:
	case bot.Unpaid, bot.Processing:
		lines := strings.FieldsFunc(v.Fact("lines"), func(r rune) bool { return r == ',' })
		left := 0
		for i := range o.Items {
			if len(lines) == 0 || slices.Contains(lines, o.Items[i].ID) {
				o.Items[i].Cancelled = true
			}
			if !o.Items[i].Cancelled {
				left++
			}
		}
		if left == 0 {
			o.Cancel(o.Updated)
		}
	case bot.PartShipped, bot.Shipped, bot.Delivered, bot.Completed:
		return bot.Event{Name: "order_had_shipped"}
	default:
		return bot.Event{Name: "cancel_failed"}
	}
	return bot.Event{Name: "order_cancelled"}
}
