package flows

import (
	"cmp"

	"nevermind/bot"
)

// sellerAgreed: the seller says yes to what was asked, whatever was offered meanwhile. The whole amount asked for goes
// back.
func sellerAgreed(v *bot.View, e *bot.Event) bot.Facts {
	return byPhoneFact(bot.Facts{"agreed": "accepted", "amount": v.Fact("asked"), "offer_kind": "", "cancels": "yes"}, e)
}

// shopCancelledAll: the shop has cancelled the whole order by itself, so all that can go back does, whatever was asked
// for.
func shopCancelledAll(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"agreed": "shop", "amount": v.Order.Refundable().String(), "lines": "", "stuck": ""}
}

// hadShipped: the shop cannot cancel, since the parcel has left. That task has failed, so a later one gets an id of its
// own; nothing is stuck by it. A verdict stands: then the money goes back and the order goes on.
func hadShipped(v *bot.View, _ *bot.Event) bot.Facts {
	facts := bot.Facts{"shop_says": "shipped", "stuck": "", "attempt": nextAttempt(v)} // that cancellation has failed
	switch {
	case v.Fact("verdict") != "":
		facts["cancels"] = "no"
	case byLaw.Holds(v):
		facts["why"] = "law_shipped"
	}
	return facts
}

// shopConfirmedShipping: the shop says that the parcel has left. "confirmed" is "now" only the first time, so that it is
// said once.
func shopConfirmedShipping(v *bot.View, _ *bot.Event) bot.Facts {
	if v.Fact("shop_says") == "shipped" {
		return bot.Facts{"confirmed": ""}
	}
	return bot.Facts{"shop_says": "shipped", "confirmed": "now"}
}

// verdictFacts is what follows from a verdict of support: how much goes back, and whether the order is cancelled. A
// verdict is never changed afterwards.
func verdictFacts(v *bot.View, said bot.Facts) bot.Facts {
	facts := bot.Facts{
		"verdict": v.Fact("held"),
		"agreed":  "verdict",
		"cancels": cmp.Or(said["cancels"], "no"),
		"attempt": nextAttempt(v),
	}
	switch v.Fact("held") {
	case "full":
		facts["amount"] = cappedAmount(fullAmount(v), said["sum"])
	case "partial":
		facts["amount"] = cappedAmount(v.Order.Refundable(), said["amount"])
	}
	return facts
}
