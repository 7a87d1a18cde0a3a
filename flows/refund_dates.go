package flows

import (
	"time"

	"nevermind/bot"
)

// refundSentAt is when a refund was or is sent: the day that is known where the shop has sent it, now where it has just
// done so, else the last day on which the shop may send it.
func refundSentAt(v *bot.View) time.Time {
	if at, err := time.Parse(time.RFC3339, v.Fact("sent_at")); err == nil {
		return at
	}
	for _, d := range v.Conv.Deadlines {
		if d.Window == "refund_send" {
			return d.At
		}
	}
	if v.Frame.State == "refunded" {
		return v.Now
	}
	return v.Policy.After(v.Policy.Windows["refund_send"], v.Now, sellersZone(v))
}

// refundBy is the one date by which a refund should be with the buyer: the longest that it takes by the way of payment,
// counted from when it is sent (S68–S71, Q2).
func refundBy(v *bot.View) time.Time {
	return v.Policy.After(v.Policy.Refund(method(v)).Max, refundSentAt(v), buyersZone(v))
}

// refundHalf is when the buyer is asked for the first time whether it is there.
func refundHalf(v *bot.View) time.Time {
	sent := refundSentAt(v)
	return sent.Add(refundBy(v).Sub(sent) / 2)
}

// moneyBy is the date by which the money should be there for somebody who has not asked yet: the seller's time to answer,
// the shop's to send it, and the way of payment's, each once.
func moneyBy(v *bot.View) time.Time {
	at := v.Now
	for _, w := range []bot.Window{
		v.Policy.Windows["seller_answer"], v.Policy.Windows["refund_send"], v.Policy.Refund(method(v)).Max,
	} {
		at = v.Policy.After(w, at, buyersZone(v))
	}
	return at
}

// onItsWayWords says to where a refund is on its way.
func onItsWayWords(v *bot.View, r *bot.Person) string {
	if v.Fact("reference") != "" {
		return v.With(bot.Facts{"how": quoted(v, r, v.Fact("reference"))}).Say(r, "{amount} is on its way to you: {how}")
	}
	return v.Say(r, "{amount} is on its way to {method}.")
}
