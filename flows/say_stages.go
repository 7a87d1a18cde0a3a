package flows

import (
	"time"

	"nevermind/bot"
)

// stageLines draw the way of an order, by its stage (S01): ✓ is behind it, ● is where it stands now.
var stageLines = map[bot.Stage]string{
	bot.Unpaid:      "● Not paid yet → Being prepared → Shipped → Delivered",
	bot.Verifying:   "● Payment being confirmed → Being prepared → Shipped → Delivered",
	bot.Processing:  "✓ Paid → ● Being prepared → Shipped → Delivered",
	bot.PartShipped: "✓ Paid → ● Being prepared → ● Partly shipped → Delivered",
	bot.Shipped:     "✓ Paid → ✓ Prepared → ● Shipped → Delivered",
	bot.Delivered:   "✓ Paid → ✓ Prepared → ✓ Shipped → ● Delivered",
	bot.Completed:   "✓ Paid → ✓ Prepared → ✓ Shipped → ✓ Delivered",
}

// stagesTerm draws the way of the order at hand; empty where it has left it: cancelled, or on hold.
func stagesTerm(v *bot.View, r *bot.Person) string {
	return ofOrder(v, func(o *bot.Order) string {
		if stageLines[o.Stage] == "" {
			return ""
		}
		return v.Say(r, stageLines[o.Stage])
	})
}

// deliverBy says when what is on its way should come (S08); empty where the shop gives no date or nothing is on its way.
func deliverBy(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	at := o.DeliverBy
	if next := earliest(outstanding(v), func(p *bot.Parcel) time.Time { return p.DeliverBy }); !next.IsZero() {
		at = next
	}
	if at.IsZero() || o.Stage != bot.Processing && o.Stage != bot.PartShipped && o.Stage != bot.Shipped {
		return ""
	}
	words := v.With(bot.Facts{"when": formatDay(v, r, at)})
	if at.Before(v.Now) {
		return words.Say(r, "It should have come by {when}.")
	}
	return words.Say(r, "It should come by {when}.")
}

// caseUntil reminds a buyer of the last day for a case while there still is one and none is open (S57, S59).
func caseUntil(v *bot.View, r *bot.Person) string {
	last, known := lastDay(v)
	if o := orderOf(v); o == nil || !o.HasLeft() || !known || last.Before(v.Now) || caseOpen.Holds(v) {
		return ""
	}
	if first := firstLastDay(v); first.Before(last) && !first.Before(v.Now) {
		return v.With(bot.Facts{"first_until": formatDay(v, r, first)}).
			Say(r, "The last day to open a case differs by parcel. The first one is {first_until}.")
	}
	return v.Say(r, "The last day to open a case is {dispute_until}.")
}

// payHere says where an unpaid order is paid (S11).
func payHere(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o.PayURL == "" {
		return v.Say(r, "You can pay it in the shop, or cancel it at once without asking anybody.")
	}
	return v.With(bot.Facts{"link": o.PayURL}).
		Say(r, "You can cancel it at once without asking anybody, or pay it here: {link}")
}

// moneyOfCancelled says what becomes of the money of a cancelled order, as far as a request here knows of it (S68, S76).
func moneyOfCancelled(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o.Paid.IsZero() {
		return v.Say(r, "It had not been paid, so no money has to come back.")
	}
	for _, flow := range []string{"case", "dispute"} {
		if v.Look == nil { // a record knows no other one
			break
		}
		for _, c := range v.Look.Cases("order:"+o.ID, flow, 10) {
			about := v.With(nil)
			about.Look, about.Conv, about.Frame, about.Order = nil, &c, &c.Frame, o
			switch sent := refundSentAt(about); c.State {
			case "refunding":
				return about.With(bot.Facts{"until": formatDay(about, r, sent)}).
					Say(r, "{amount} goes back to {method}. The shop has until {until} to send it.")
			case "refunded":
				return about.Say(r, "The shop has sent {amount} to {method}. It should be there by {refund_by} at the latest.")
			}
		}
	}
	return v.Say(r, "If money for it hasn't come back, ask for a person.")
}
