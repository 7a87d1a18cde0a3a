package flows

import "nevermind/bot"

// deadlineStakes is what each party is told of a deadline before it passes, by the event with which it does, or by
// "<flow>.<event>" where flows differ: a whole sentence or two, with the deadline as {by} and its day as {on}. A deadline
// of which nobody is told, such as a talk that idles, is not in it.
var deadlineStakes = map[string]bot.Stake{
	"check_late": {Says: told("If the shop hasn't answered me by {by}, our support team steps in. You don't need to do anything.",
		"If the shop hasn't answered me by {by}, our support team steps in. You don't need to do anything.",
		"If the shop hasn't answered by {by}, this case comes to you.")},
	"dispute.check_late": {Says: told("If the shop hasn't answered me by {by}, your case goes on all the same.",
		"If the shop hasn't answered me by {by}, the case goes on all the same.",
		"If the shop hasn't answered by {by}, the case goes on all the same.")},
	"proof_late": {Says: bot.To{
		bot.Buyer: "If the tracking code can't be checked by {by}, your money goes back all the same.",
		bot.Here:  "If the tracking code can't be checked by {by}, the money goes back all the same.",
	}},
	"seller_reminded": {Whose: onlySeller, Reminder: true, Says: told("If {seller} hasn't answered by {by}, I'll remind them.",
		"If you haven't answered by {by}, I'll remind you.", "If {seller} hasn't answered by {by}, I'll remind them.")},
	"seller_silent":         {Whose: onlySeller, Says: bot.To{bot.Here: "{if_seller_silent}"}},
	"dispute.seller_silent": {Whose: onlySeller, Says: bot.To{bot.Here: "{if_dispute_silent}"}},
	"proof_reminded": {Whose: onlySeller, Reminder: true, Says: told(
		"If {seller} hasn't shown by {by} that the parcel has left, I'll remind them.",
		"If you haven't shown by {by} that the parcel has left, I'll remind you.",
		"If {seller} hasn't shown by {by} that the parcel has left, I'll remind them.")},
	"shipping_unproved": {Whose: onlySeller, Says: bot.To{bot.Here: "{if_unproved}"}},
	"notice_late": {Whose: onlySeller, Says: told("If the carrier's receipt hasn't come by {by}, I'll tell you what you can do.",
		"If you haven't sent the carrier's receipt by {by}, I'll tell {buyer}, and our support team sees it.",
		"If the carrier's receipt hasn't come by {by}, I'll tell {buyer} and you.")},
	"negotiation_over": {Whose: bothSides, Says: told("If you and {seller} haven't settled this by {by}, our support team decides.",
		"If you and {buyer} haven't settled this by {by}, our support team decides.",
		"If the two haven't settled this by {by}, the case comes to you.")},
	"evidence_late": {Asked: "evidence_of", Says: bot.To{bot.Here: "{if_no_evidence}"}},
	"cancel_late": {Says: told("If the shop hasn't confirmed by {by}, our support team steps in. You don't need to do anything.",
		"If the shop hasn't confirmed by {by}, our support team steps in. You don't need to do anything.",
		"If the shop hasn't confirmed by {by}, this case comes to you.")},
	"refund_late": {Says: told("If the shop hasn't sent the money by {by}, our support team steps in. You don't need to do "+
		"anything.",
		"If the shop hasn't sent the money by {by}, our support team steps in. You don't need to do anything.",
		"If the shop hasn't sent the money by {by}, this case comes to you.")},
	"support_late":   {Whose: onlySupport, Says: bot.To{bot.Here: "{if_support_late}"}},
	"support_silent": {Whose: onlySupport, Says: bot.To{bot.Here: "{if_never_decided}"}},
	"appeal_over": {Whose: bothSides, Says: told(
		"You can ask for another look until {by}. After that the decision is carried out.",
		"You can ask for another look until {by}. After that the decision is carried out.",
		"If nobody appeals by {by}, the decision is carried out.")},
	"support_reminded": {Whose: onlySupport, Reminder: true, Says: told("If our support team hasn't answered by {by}, I'll "+
		"remind them.",
		"If our support team hasn't answered by {by}, I'll remind them.", "If nobody has answered by {by}, I'll remind you.")},
	"leads_called": {Whose: onlySupport, Only: bot.Support, Says: bot.To{
		bot.Here: "If nobody has answered by {by}, I'll tell the team leads.",
	}},
	"snooze_over": {Whose: onlySupport, Only: bot.Support, Says: bot.To{bot.Here: "Snoozed: it comes back to you on {by}."}},
	"decision_stood": {Whose: onlySupport, Only: bot.Support, Says: bot.To{
		bot.Here: "The decision goes out on {by}. Until then you can undo it.",
	}},
	"return_reminded": {Whose: onlyBuyer, Reminder: true, Says: told("If you haven't sent it back by {by}, I'll remind you.",
		"If {buyer} hasn't sent it back by {by}, I'll remind them.", "If {buyer} hasn't sent it back by {by}, I'll remind them.")},
	"return_missed": {Whose: onlyBuyer, Says: bot.To{bot.Here: "{if_not_returned}"}},
	"parcel_missing": {Whose: onlySeller, Says: told(
		"If {seller} hasn't confirmed the parcel by {by}, our support team finds out where it is. You don't need to do anything.",
		"If you haven't told me by {by} that the parcel is back, our support team finds out where it is.",
		"If {seller} hasn't confirmed the parcel by {by}, the case comes to you.")},
	"arrival_due":     {Says: askedOn},
	"arrival_halfway": {Reminder: true, Says: askedOn},
	"nobody_missed_it": {Whose: onlyBuyer, Says: bot.To{
		bot.Buyer: "If I don't hear from you by {by}, I take it that the money has arrived. You can still tell me if it hasn't.",
		bot.Here:  "If {buyer} hasn't answered by {by}, the money counts as arrived.",
	}},
	"shipment_late": {Says: bot.To{bot.Here: "If it hasn't shipped by {by}, I'll tell you."}},
	"payment_late":  {Says: bot.To{bot.Here: "If the payment isn't confirmed by {by}, I'll tell you."}},
	"let_be": {Whose: onlyBuyer, Says: bot.To{
		bot.Here: "These buttons work until {by}. After that you can still ask to cancel, as long as the order hasn't shipped.",
	}},
	"stood_still": {Reminder: true, Says: bot.To{bot.Here: "If there is no news of the parcel by {by}, I'll tell you."}},
	"last_day_neared": {Whose: onlyBuyer, Reminder: true, Says: told(
		"On {on} I'll remind you that the last day to open a case is {dispute_until}.",
		"On {on} I'll remind {buyer} of the last day to open a case.",
		"On {on} I'll remind {buyer} that the last day to open a case is {dispute_until}.")},
	"claim_opened": {Reminder: true, Says: bot.To{bot.Here: "If the parcel hasn't come by {by}, I'll tell you how to open a case."}},
	"watch_ended":  {Whose: onlyBuyer, Says: bot.To{bot.Here: "{watch_lost}"}},
	"letter_waits": {Whose: onlyBuyer, Reminder: true, Says: told("If you haven't answered {seller} by {by}, I'll remind you.",
		"If {buyer} hasn't answered you by {by}, I'll remind them.", "If {buyer} hasn't answered {seller} by {by}, I'll remind them.")},
	"letter_unanswered": {Whose: onlySeller, Reminder: true, Says: told(
		"If {seller} hasn't answered by {by}, I'll tell you what you can do.",
		"If you haven't answered by {by}, I'll tell {buyer} that they can bring in our support team.",
		"If {seller} hasn't answered by {by}, I'll tell {buyer} that they can bring you in.")},
}

// Whose move it is.
var (
	onlyBuyer   = []bot.Party{bot.Buyer}
	onlySeller  = []bot.Party{bot.Seller}
	onlySupport = []bot.Party{bot.Support}
)

// askedOn says when the buyer is asked whether money is there.
var askedOn = bot.To{
	bot.Buyer: "On {on} I'll ask you whether the money is there.", bot.Here: "On {on} I'll ask {buyer} whether the money is there.",
}

// told is what buyer, seller and support are told of the same thing.
func told(buyer, seller, support string) bot.To {
	return bot.To{bot.Buyer: buyer, bot.Seller: seller, bot.Support: support}
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
