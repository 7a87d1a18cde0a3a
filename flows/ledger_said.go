package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// stakes is what hangs on each deadline: whose move it is, and who loses what when it passes. What runs out for nobody
// (a talk that idles, a link, a count) is not in it.
var stakes = map[string]bot.Stake{
	"check_late":         {Loses: "support takes it over without a look at the order; nobody loses anything."},
	"dispute.check_late": {Loses: "it goes on without a look at the order; nobody loses anything."},
	"proof_late":         {Loses: "the money goes back without a look at the code; nobody loses anything."},
	"seller_reminded": {Whose: []bot.Party{bot.Seller}, Loses: "{seller} is reminded; nobody loses anything.",
		Yours: bot.To{bot.Seller: "you are reminded; nobody loses anything."}},
	"seller_silent": {Whose: []bot.Party{bot.Seller}, Loses: "{on_silence}, and {seller} loses their say in it.",
		Yours: bot.To{bot.Seller: "{on_silence}, and you lose your say in it."}},
	"dispute.seller_silent": {Whose: []bot.Party{bot.Seller}, Loses: "{on_dispute_silence}, and {seller} loses their say in it.",
		Yours: bot.To{bot.Seller: "{on_dispute_silence}, and you lose your say in it."}},
	"negotiation_over": {Whose: bothSides, Loses: "support decides, and both sides lose the choice to settle it themselves.",
		Yours: toBoth("support decides, and you both lose the choice to settle it yourselves.")},
	"evidence_late": {Asked: "evidence_of", Loses: "support decides with what there is, and {evidence_loser} the chance to show more."},
	"cancel_late":   {Loses: "support takes it over from the shop, whose answer still counts; nobody loses anything."},
	"refund_late":   {Loses: "support takes it over from the shop; what was agreed stands, and nobody loses anything."},
	"support_late": {Whose: []bot.Party{bot.Support}, Loses: "support is reminded; nothing runs out for the others meanwhile.",
		Yours: toBoth("support is reminded; nothing runs out for you meanwhile.")},
	"appeal_over": {Whose: bothSides, Loses: "the decision is carried out, and both sides lose the appeal.",
		Yours: toBoth("the decision is carried out, and you both lose the appeal.")},
	"support_reminded": {Whose: []bot.Party{bot.Support}, Loses: "support is reminded; nobody loses anything."},
	"leads_called":     {Whose: []bot.Party{bot.Support}, Only: bot.Support, Loses: "support's leads are told; nobody loses anything."},
	"snooze_over":      {Whose: []bot.Party{bot.Support}, Only: bot.Support, Loses: "it comes back to support; nobody loses anything."},
	"decision_stood": {Whose: []bot.Party{bot.Support}, Only: bot.Support,
		Loses: "what support has decided goes out, and can no longer be undone."},
	"return_reminded": {Whose: []bot.Party{bot.Buyer}, Loses: "{buyer} is reminded; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "you are reminded; nobody loses anything."}},
	"return_missed":  {Whose: []bot.Party{bot.Buyer}, Loses: "{return_lost}"},
	"parcel_missing": {Whose: []bot.Party{bot.Seller}, Loses: "support looks where the parcel is; nobody loses anything yet."},
	"arrival_due": {Loses: "{buyer} is asked whether the money is there; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I ask you whether the money is there; you lose nothing."}},
	"nobody_missed_it": {Whose: []bot.Party{bot.Buyer}, Loses: "the money counts as arrived; {buyer} can still say that it has not.",
		Yours: bot.To{bot.Buyer: "the money counts as arrived; you can still say that it has not."}},
	"payment_late": {Loses: "{buyer} is told that it takes longer than usual; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I tell you that it takes longer than usual; you lose nothing."}},
	"let_be": {Whose: []bot.Party{bot.Buyer}, Loses: "the offer to cancel is taken back; {buyer} can still ask as long as it has not shipped.",
		Yours: bot.To{bot.Buyer: "this offer is taken back; you can still ask as long as it has not shipped."}},
	"stood_still": {Words: true, Loses: "{buyer} is told that the parcel stands still; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I tell you that the parcel stands still; you lose nothing."}},
	"last_day_neared": {Whose: []bot.Party{bot.Buyer}, Words: true, Loses: "{buyer} is told of the last day for a case, {dispute_until}; after it none can be opened.",
		Yours: bot.To{bot.Buyer: "I remind you of the last day for a case, {dispute_until}; after it none can be opened."}},
	"claim_opened": {Words: true, Loses: "{buyer} is told that a case can be opened because it has not come; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I tell you that a case can be opened because it has not come; you lose nothing."}},
	"watch_ended":       {Whose: []bot.Party{bot.Buyer}, Loses: "{watch_lost}"},
	"letter_unanswered": {Whose: []bot.Party{bot.Seller}, Words: true, Loses: "{buyer} is told that no answer came, and can bring in support; nobody loses anything."},
}

func toBoth(words string) bot.To { return bot.To{bot.Buyer: words, bot.Seller: words} }

// foot is the last line of every open card: what happens next if nobody moves, when, and who loses what.
const foot = "{next}"

// nextTerm is the clock that runs out first for a reader, by the wall's time: "in two hours" would be untrue in an hour.
func nextTerm(v *bot.View, r *bot.Person) string {
	var next *bot.Deadline
	for i := range v.Conv.Deadlines {
		d := &v.Conv.Deadlines[i]
		if onCards(v, r, d) && (next == nil || d.At.Before(next.At)) {
			next = d
		}
	}
	if next == nil {
		return ""
	}
	stake := stakeOf(v.Frame.Flow, next.Event)
	return "⏳ " + instant(v, r, next.At) + v.Say(r, ", if nobody moves: ") + v.Say(r, stake.Said(r.Party()))
}

// onCards says whether a reader's card may name a clock: something hangs on it for them, and it is no mere reminder.
func onCards(v *bot.View, r *bot.Person, d *bot.Deadline) bool {
	stake := stakeOf(v.Frame.Flow, d.Event)
	return stake.Loses != "" && !stake.Words && !strings.HasPrefix(d.Name, "half ") && mayKnow(&stake, r)
}

func mayKnow(s *bot.Stake, r *bot.Person) bool { return s.Only == "" || s.Only == r.Party() }

// mostForetold is how many steps of what comes are told.
const mostForetold = 8

// aheadTerm tells what happens if nobody moves, step by step, with its time and what it costs whom.
func aheadTerm(v *bot.View, r *bot.Person) string {
	var lines strings.Builder
	told := map[string]bool{}
	steps := knownTo(v, r).Forecast(mostForetold)
	for _, s := range steps {
		if s.By != bot.Clock || told[s.From+s.Event] {
			continue // what the shop does at once is not waited for, and what comes again is told once
		}
		told[s.From+s.Event] = true
		stake := stakeOf(v.Frame.Flow, s.Event)
		lines.WriteString("\n• " + moment(v, r, s.At) + ": " + v.Say(r, stake.Said(r.Party())))
	}
	if lines.Len() == 0 {
		return v.Say(r, "No clock is running here; it waits for people.")
	}
	last := steps[len(steps)-1].To
	return v.Say(r, "If nobody moves (the shop included):") + lines.String() + "\n" + v.Say(r, "It then stands at: ") + v.Say(r, standing[last]) + "."
}

// knownTo is the view without the clocks that a reader may not know of: that support can still undo, for one.
func knownTo(v *bot.View, r *bot.Person) *bot.View {
	seen, c := *v, *v.Conv
	c.Deadlines = slices.DeleteFunc(slices.Clone(c.Deadlines), func(d bot.Deadline) bool {
		stake := stakeOf(c.Flow, d.Event)
		return !mayKnow(&stake, r)
	})
	seen.Conv, seen.Frame = &c, &c.Frame
	return &seen
}

func stakeOf(flow, event string) bot.Stake {
	if s, ok := stakes[flow+"."+event]; ok {
		return s
	}
	return stakes[event]
}

// evidenceLoser is who loses the chance to show more, by not answering support.
func evidenceLoser(v *bot.View, r *bot.Person) string {
	switch of := bot.Party(v.Fact("evidence_of")); of {
	case r.Party():
		return v.Say(r, "you lose")
	case bot.Seller:
		return v.Say(r, "{seller} loses")
	}
	return v.Say(r, "{buyer} loses")
}

// returnLost is what it costs the buyer not to send the goods back in time; the law's right is not lost by that.
func returnLost(v *bot.View, r *bot.Person) string {
	switch {
	case byLaw.Holds(v):
		return v.Say(r, "support looks into it; nobody loses anything yet.")
	case r.Party() == bot.Buyer:
		return v.Say(r, "the case closes without a refund, and you lose {amount}.")
	}
	return v.Say(r, "the case closes without a refund, and {buyer} loses {amount}.")
}

// whatIf asks what happens if nobody moves.
var whatIf = bot.Choice{Event: "ahead_asked", Label: "What if nobody moves?"}

// foretell answers it.
var foretell = bot.Stay().Saying(bot.To{bot.Here: "{ahead}"}).Rules("S41", "S55")
