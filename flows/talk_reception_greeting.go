package flows

import (
	"slices"

	"nevermind/bot"
)

// A greeted buyer sees at once which of their orders can still be cancelled, so that three presses do it: the order, a reason,
// a yes.

// mostGreeted is how many orders a greeting shows, and mostLookedAt of how many newest ones they are.
const (
	mostGreeted  = 5
	mostLookedAt = 20
)

// greetingTerm greets a buyer, by whether an order of theirs can be cancelled now.
func greetingTerm(v *bot.View, r *bot.Person) string {
	if len(cancellable(v)) > 0 {
		return v.Say(r, "Hello {me}. These orders can still be cancelled. Press one to start: nothing is sent before you say yes. "+
			"Or choose what else I can do for you.")
	}
	return v.Say(r, "Hello {me}. I show you where your orders stand, help when something is wrong with one, and follow your money "+
		"until it is back. What can I do for you?")
}

// cancellable are the newest orders that a buyer can ask to cancel right now: nothing is open about them, and support has not
// refused it before.
func cancellable(v *bot.View) []bot.Order {
	var open []bot.Order
	for _, o := range v.Look.Orders(0, mostLookedAt) {
		if len(open) <= mostGreeted && canBeAsked(v, &o) {
			open = append(open, o)
		}
	}
	return open
}

// canBeAsked says whether a request about an order would be taken now.
func canBeAsked(v *bot.View, o *bot.Order) bool {
	if !slices.Contains([]bot.Stage{bot.Unpaid, bot.Processing, bot.PartShipped}, o.Stage) {
		return false
	}
	about := v.With(nil)
	about.Frame, about.Order = &bot.Frame{Facts: bot.Facts{"order": o.ID}}, o
	return openCaseKey(about) == "" && refusal(about) == nil && (o.Stage != bot.PartShipped || partOpen.Holds(about))
}

// listCancellable offers them, each with what a press begins.
func listCancellable(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, o := range cancellable(v) {
		if len(choices) == mostGreeted {
			break
		}
		label := v.With(bot.Facts{"what": bot.Clean(bot.Shorten(orderSummary(&o), 24)), "sum": o.Total.String()})
		choices = append(choices, bot.Choice{
			Event: "cancel_asked", Label: label.Say(v.Actor, "Cancel {what} · {sum}"), Facts: bot.Facts{"order": o.ID},
		})
	}
	return choices
}

// greetsBuyer holds where a buyer is greeted; only then are orders read.
var (
	greetsBuyer  = func(v *bot.View) bool { return v.Actor.Party() == bot.Buyer && v.Look != nil }
	moreToCancel = cond("more orders can be cancelled than are shown", func(v *bot.View) bool {
		return greetsBuyer(v) && len(cancellable(v)) > mostGreeted
	})
)

// listGreeting lists what a buyer can cancel; nobody else is shown a list.
func listGreeting(v *bot.View) []bot.Choice {
	if !greetsBuyer(v) {
		return nil
	}
	return listCancellable(v)
}
