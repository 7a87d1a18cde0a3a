package flows

import "nevermind/bot"

// What the shop will answer to a task if it is asked now, so that "What happens next?" can look past it. When the shop
// sends a refund is for the shop to say, so nothing is expected of that. The rules are those by which the embedded order
// book answers: bot/order_rules.go.

// onlyOutcome is for a task that can end in one way only.
func onlyOutcome(event string) func(*bot.View) bot.Event {
	return func(*bot.View) bot.Event { return bot.Event{Name: event} }
}

// expectedCheck is the shop's answer to "check_order": where the order stands.
func expectedCheck(v *bot.View) bot.Event {
	return bot.Event{Name: v.Order.CheckOutcome(v.Frame.Facts)}
}

// expectedCancellation is the shop's answer to "cancel_order". The view's order is left as the shop would leave it; it is a
// copy.
func expectedCancellation(v *bot.View) bot.Event {
	answer := v.Order.CancelOutcome(v.Frame.Facts)
	if answer == "order_cancelled" {
		_ = v.Order.CancelNamed(v.Frame.Facts, v.Order.Updated) // where it cannot be, the order stays as it is
	}
	return bot.Event{Name: answer}
}
