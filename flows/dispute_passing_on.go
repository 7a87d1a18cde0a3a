package flows

import "nevermind/bot"

// disputePassingOn is the state in which a side cannot be told of a ruling that it could appeal. No clock runs against
// anybody here: support tells them another way, and says so; then the ruling is carried out. Whoever can be reached appeals
// as before, and a side that comes back has its time to appeal from then on.
var disputePassingOn = bot.States{
	"passing_on_ruling": {
		Tell: bot.To{
			bot.Buyer:  "{ruling_waits}",
			bot.Seller: "{ruling_waits}",
			bot.Support: "{ruling_open} I can't reach {untold_name}. {untold_why} Please tell them another way that they " +
				"can ask once for another look. It is carried out when you say that they know.",
		},
		Desk: true,
		Offer: bot.Offers{
			bot.Buyer:   {appealIt, withdrawByLaw, askForecast, aPerson},
			bot.Seller:  {appealIt, askForecast},
			bot.Support: {rulingPassedOn, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{
			{Half: "support_answer", Event: "support_reminded"},
			{Full: "support_answer", Event: "support_late", Again: true},
		},
		Rules: []string{"S31", "S56", "S59"},
		Then: bot.Moves{
			"ruling_passed_on": rulingCarriedOut,
			"appealed":         appealHeard,
			"buyer_reached":    bot.Go("awaiting_appeal").Rules("S59"),
			"seller_reached":   bot.Go("awaiting_appeal").Rules("S59"),
			"support_reminded": supportReminded,
			"support_late": bot.Stay().Learning(supportIsLate).Saying(bot.To{
				bot.Support: "A decision still waits until {untold_name} knows of it. The next reminder is {support_answer}.",
			}).Rules("S31"),
		},
	},
}

// rulingPassedOn is support's button once the side that could not be told knows.
var rulingPassedOn = bot.Choice{
	Event: "ruling_passed_on",
	Label: "They know: carry it out",
	Style: bot.Primary,
	Form: sure(
		"Does {untold_name} know of the decision, and that they can ask for another look? If you say yes, it is carried out now.",
		"Yes, they know",
	),
}

// appealUntold asks whether a ruling may be appealed that a side cannot be told of.
var appealUntold = cond("a side that may appeal has no chat", func(v *bot.View) bool {
	return mayAppeal.Holds(v) && withoutChat(v) != ""
})

// withoutChat is the side that has no chat; empty where both have.
func withoutChat(v *bot.View) bot.Party {
	for _, p := range bothSides {
		if !v.People[p].Reachable() {
			return p
		}
	}
	return ""
}

// rulingUntold is where it leads that a party cannot be told of a ruling.
func rulingUntold(p bot.Party) bot.Move {
	return bot.Go("passing_on_ruling").Learning(setFact("untold", string(p))).Rules("S31")
}

// untoldName is the side that could not be told.
func untoldName(v *bot.View, r *bot.Person) string {
	return partyName(v, r, bot.Party(v.Fact("untold")))
}

// rulingWaits tells a side that a ruling waits until one of them knows of it.
func rulingWaits(v *bot.View, r *bot.Person) string {
	if v.Fact("untold") == string(r.Party()) {
		return v.Say(r, "{ruling_open} I couldn't reach you before, so your time to ask for another look hasn't begun.")
	}
	return v.Say(r, "{ruling_open} I can't reach {untold_name} right now, so our support team tells them another way. Until then "+
		"nothing is carried out, and each of you can ask once for another look.")
}
