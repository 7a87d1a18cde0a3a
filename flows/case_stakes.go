package flows

import "nevermind/bot"

// deadlineStakes is what hangs on each deadline, by the event with which it passes, or by "<flow>.<event>" where flows
// differ: whose move it is, and who loses what. "Yours" is the same said to the one whose move it is; "Only" names the
// one party that may know of it; "Words" means that only something is said. A deadline on which nothing hangs for
// anybody, such as a talk that idles, is not in it.
var deadlineStakes = map[string]bot.Stake{
	"check_late":         {Loses: "support takes it over without a look at the order; nobody loses anything."},
	"dispute.check_late": {Loses: "it goes on without a look at the order; nobody loses anything."},
	"proof_late":         {Loses: "the money goes back without a look at the code; nobody loses anything."},
	"seller_reminded": {Whose: []bot.Party{bot.Seller}, Loses: "{seller} is reminded; nobody loses anything.",
		Yours: bot.To{bot.Seller: "you are reminded; nobody loses anything."}},
	"seller_silent": {Whose: []bot.Party{bot.Seller}, Loses: "{silence_costs}"},
	"dispute.seller_silent": {Whose: []bot.Party{bot.Seller}, Loses: "{on_dispute_silence}, and {seller} loses their say in it.",
		Yours: bot.To{bot.Seller: "{on_dispute_silence}, and you lose your say in it."}},
	"proof_reminded": {Whose: []bot.Party{bot.Seller}, Loses: "{seller} is reminded; nobody loses anything.",
		Yours: bot.To{bot.Seller: "you are reminded; nobody loses anything."}},
	"shipping_unproved": {Whose: []bot.Party{bot.Seller}, Loses: "if nobody has shown by then that the parcel has left, " +
		"{on_silence}.",
		Yours: bot.To{bot.Seller: "if you have not shown by then that the parcel has left, it counts as no answer, and {on_silence}."}},
	"notice_late": {Whose: []bot.Party{bot.Seller}, Loses: "{buyer} is told that no dispatch notice came; nobody loses anything.",
		Yours: bot.To{bot.Seller: "{buyer} is told that no dispatch notice came, and support sees it; you lose nothing yet."}},
	"negotiation_over": {Whose: bothSides, Loses: "support decides, and both sides lose the choice to settle it themselves.",
		Yours: toBoth("support decides, and you both lose the choice to settle it yourselves.")},
	"evidence_late": {
		Asked: "evidence_of", Loses: "support decides with what there is, and {evidence_loser} the chance to show more.",
	},
	"cancel_late":    {Loses: "support takes it over from the shop, whose answer still counts; nobody loses anything."},
	"refund_late":    {Loses: "support takes it over from the shop; what was agreed stands, and nobody loses anything."},
	"support_late":   {Whose: []bot.Party{bot.Support}, Loses: "{waiting_risk}", Yours: toBoth("{waiting_risk}")},
	"support_silent": {Whose: []bot.Party{bot.Support}, Loses: "{on_support_silence}, without a decision of support."},
	"appeal_over": {Whose: bothSides, Loses: "the decision is carried out, and both sides lose the appeal.",
		Yours: toBoth("the decision is carried out, and you both lose the appeal.")},
	"support_reminded": {Whose: []bot.Party{bot.Support}, Loses: "support is reminded; nobody loses anything."},
	"leads_called": {
		Whose: []bot.Party{bot.Support}, Only: bot.Support, Loses: "support's leads are told; nobody loses anything.",
	},
	"snooze_over": {Whose: []bot.Party{bot.Support}, Only: bot.Support, Loses: "it comes back to support; nobody loses anything."},
	"decision_stood": {Whose: []bot.Party{bot.Support}, Only: bot.Support,
		Loses: "what support has decided goes out, and can no longer be undone."},
	"return_reminded": {Whose: []bot.Party{bot.Buyer}, Loses: "{buyer} is reminded; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "you are reminded; nobody loses anything."}},
	"return_missed":  {Whose: []bot.Party{bot.Buyer}, Loses: "{return_lost}"},
	"parcel_missing": {Whose: []bot.Party{bot.Seller}, Loses: "support looks where the parcel is; nobody loses anything yet."},
	"arrival_due": {Loses: "{buyer} is asked whether the money is there; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I ask you whether the money is there; you lose nothing."}},
	"arrival_halfway": {Loses: "{buyer} is asked whether the money is there already; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I ask you whether the money is there already; you lose nothing."}},
	"nobody_missed_it": {Whose: []bot.Party{bot.Buyer}, Loses: "the money counts as arrived; {buyer} can still say that it has not.",
		Yours: bot.To{bot.Buyer: "the money counts as arrived; you can still say that it has not."}},
	"payment_late": {Loses: "{buyer} is told that it takes longer than usual; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I tell you that it takes longer than usual; you lose nothing."}},
	"let_be": {
		Whose: []bot.Party{bot.Buyer},
		Loses: "the offer to cancel is taken back; {buyer} can still ask as long as it has not shipped.",
		Yours: bot.To{bot.Buyer: "this offer is taken back; you can still ask as long as it has not shipped."},
	},
	"stood_still": {Words: true, Loses: "{buyer} is told that the parcel stands still; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I tell you that the parcel stands still; you lose nothing."}},
	"last_day_neared": {
		Whose: []bot.Party{bot.Buyer}, Words: true,
		Loses: "{buyer} is told of the last day for a case, {dispute_until}; after it none can be opened.",
		Yours: bot.To{bot.Buyer: "I remind you of the last day for a case, {dispute_until}; after it none can be opened."},
	},
	"claim_opened": {Words: true, Loses: "{buyer} is told that a case can be opened because it has not come; nobody loses anything.",
		Yours: bot.To{bot.Buyer: "I tell you that a case can be opened because it has not come; you lose nothing."}},
	"watch_ended": {Whose: []bot.Party{bot.Buyer}, Loses: "{watch_lost}"},
	"letter_unanswered": {
		Whose: []bot.Party{bot.Seller}, Words: true,
		Loses: "{buyer} is told that no answer came, and can bring in support; nobody loses anything.",
	},
}

// toBoth says the same to buyer and seller.
func toBoth(words string) bot.To { return bot.To{bot.Buyer: words, bot.Seller: words} }

// mayKnow says whether a deadline may be named to a reader.
func mayKnow(s *bot.Stake, r *bot.Person) bool { return s.Only == "" || s.Only == r.Party() }

// stakeOf is what hangs on a deadline of a flow; empty where nothing does.
func stakeOf(flow, event string) bot.Stake {
	if s, ok := deadlineStakes[flow+"."+event]; ok {
		return s
	}
	return deadlineStakes[event]
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
	case byLaw.Holds(v), addressMissing.Holds(v):
		return v.Say(r, "support looks into it; nobody loses anything yet.")
	case v.Fact("way") != "":
		return v.Say(r, "the parcel counts as on its way back, as the buyer has said; nobody loses anything.")
	case r.Party() == bot.Buyer:
		return v.Say(r, "the case closes without a refund, and you lose {amount}.")
	}
	return v.Say(r, "the case closes without a refund, and {buyer} loses {amount}.")
}
