package flows

import (
	"strconv"
	"time"

	"nevermind/bot"
)

// Support that does not decide is reminded with a backoff: first when its time is over, then each time after twice as
// long, a month at most. Where the policy's choice "support_silence" names a side, what nobody has decided ends for it
// after "support_verdict"; all are told before. The fact "late_count" counts the reminders of the visit "late_visit", and
// "support_due" is when support was to answer first.
const (
	longestReminder     = 30 * 24 * time.Hour
	longestReminderDays = 22 // business days
)

// What the policy's choice "support_silence" means for the case at hand.
var (
	silenceForBuyer = cond("support_silence = buyer", func(v *bot.View) bool {
		return v.Policy.Choices["support_silence"] == "buyer"
	})
	silenceForSeller = cond("support_silence = seller", func(v *bot.View) bool {
		return v.Policy.Choices["support_silence"] == "seller"
	})
	// silenceEndsIt: money that is stuck stays owed and a withdrawal by law stays a right, whoever is silent; and goods that
	// are on their way back, or back, are not forfeited.
	silenceEndsIt = cond("support_silence ends it", func(v *bot.View) bool {
		switch {
		case !undecided.Holds(v), byLaw.Holds(v), v.Order == nil:
			return false
		case silenceForSeller.Holds(v):
			return !goodsFirst.Holds(v)
		}
		return silenceForBuyer.Holds(v) && (stillUnshipped(v) || v.Order.WasPaid() && !v.Order.Refundable().IsZero())
	})
	endedForSeller = factIs("ended_for", "seller")
	supportLateNow = cond("support is late", func(v *bot.View) bool { return lateCount(v) > 0 })
)

// lateCount is how often support was late in this visit.
func lateCount(v *bot.View) int {
	if v.Fact("late_visit") != strconv.Itoa(v.Frame.Visit) {
		return 0
	}
	return intOrZero(v.Fact("late_count"))
}

// supportIsLate counts another time that support was late, and keeps when it was to answer first.
func supportIsLate(v *bot.View, _ *bot.Event) bot.Facts {
	n := lateCount(v)
	facts := bot.Facts{"late_visit": strconv.Itoa(v.Frame.Visit), "late_count": strconv.Itoa(n + 1)}
	if n == 0 {
		facts["support_due"] = v.Now.UTC().Format(time.RFC3339)
	}
	return facts
}

// supportAnswerWindow is how long support has to answer; once it is late, how long it is to the next reminder: twice as
// long as to the one before, a month at most. Where the policy is about to end it, the last reminder comes before that by
// as long as support has to answer, and the next one would come after it.
func supportAnswerWindow(v *bot.View) bot.Window {
	first := v.Policy.Windows["support_answer"]
	w := first
	for range lateCount(v) {
		w = bot.Window{
			Length:       max(w.Length, min(2*w.Length, longestReminder)),
			BusinessDays: max(w.BusinessDays, min(2*w.BusinessDays, longestReminderDays)),
		}
	}
	end, ends := verdictEnds(v)
	if !ends || w == first {
		return w
	}
	answer := v.Policy.After(first, v.Now, sellersZone(v)).Sub(v.Now)
	switch last := end.Add(-answer); {
	case v.Policy.After(w, v.Now, sellersZone(v)).Before(last):
		return w
	case v.Now.Before(last):
		return windowUntil(v, last)
	}
	return windowUntil(v, end.Add(answer))
}

// verdictEnds is when support's silence ends the case, if it does.
func verdictEnds(v *bot.View) (time.Time, bool) {
	for _, d := range v.Conv.Deadlines {
		if d.Window == "support_verdict" {
			return d.At, true
		}
	}
	return time.Time{}, false
}

// supportVerdictWindow is how long a case may wait for a decision. A new claim of the buyer's does not start it anew.
func supportVerdictWindow(v *bot.View) bot.Window {
	until, err := time.Parse(time.RFC3339, v.Fact("verdict_until"))
	if err != nil || v.Fact("verdict_visit") != strconv.Itoa(v.Frame.Visit) {
		return v.Policy.Windows["support_verdict"]
	}
	return windowUntil(v, until)
}

// keepingVerdictDate has a move that leads back to support keep the date by which support's silence ends the case, besides
// what it teaches.
func keepingVerdictDate(what factsOf) factsOf {
	return func(v *bot.View, e *bot.Event) bot.Facts {
		facts := what(v, e)
		if end, ends := verdictEnds(v); ends {
			facts["verdict_until"], facts["verdict_visit"] = end.UTC().Format(time.RFC3339), strconv.Itoa(v.Frame.Visit+1)
		}
		return facts
	}
}

// stillUnshipped says whether an order can be cancelled still, as far as anybody has said.
func stillUnshipped(v *bot.View) bool {
	return v.Order.Stage != bot.Cancelled && !v.Order.HasLeft() && v.Fact("shop_says") != "shipped"
}

// caseEndedBySilence is what follows for a request to cancel that support has not decided: for the buyer, what was asked
// goes back, and the order is cancelled where it can be; for the seller, it goes on.
func caseEndedBySilence(v *bot.View, _ *bot.Event) bot.Facts {
	if silenceForSeller.Holds(v) {
		return bot.Facts{"ended_for": "seller"}
	}
	facts := bot.Facts{
		"ended_for": "buyer", "agreed": "policy", "amount": fullAmount(v).String(), "offer_kind": "", "cancels": "no",
		"attempt": nextAttempt(v),
	}
	if stillUnshipped(v) {
		facts["cancels"] = "yes"
	}
	return facts
}

// disputeEndedBySilence is the same for goods: for the buyer, it goes as they ask, or the money goes back where the goods
// have; for the seller, as they have offered, or nothing goes back.
func disputeEndedBySilence(v *bot.View, _ *bot.Event) bot.Facts {
	var facts bot.Facts
	switch {
	case silenceForSeller.Holds(v) && v.Fact("solution_kind") == "":
		return bot.Facts{"ended_for": "seller"}
	case silenceForSeller.Holds(v):
		facts = settledBy(v, "solution")
		facts["agreed"], facts["ended_for"] = "policy_offer", "both"
	case goodsFirst.Holds(v):
		facts = bot.Facts{"agreed": "policy_back", "agreed_kind": "keep", "ended_for": "buyer", "attempt": nextAttempt(v)}
	default:
		facts = settledBy(v, "claim")
		facts["agreed"], facts["ended_for"] = "policy", "buyer"
	}
	return facts
}
