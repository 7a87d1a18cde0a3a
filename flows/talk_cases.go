package flows

import "nevermind/bot"

// cases lists what is open for a person: a buyer's requests and refunds, a seller's requests to answer, support's queue.
// The one that is chosen shows its card here.
var cases = bot.Flow{
	Name:  "cases",
	About: "What is open for this person, to look at again.",
	Talk:  true,
	First: "choosing_case",
	Starts: []bot.Way{
		{If: stranger, To: "being_unknown"}, {If: moneySought, To: "telling_money"}, {If: noCases, To: "having_no_case"},
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearAnswer, hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"choosing_case": {
			Tell:  bot.To{bot.Here: "Which one shall I show you?"},
			Light: true,
			List:  listCases,
			Offer: bot.Offers{bot.Here: {back}},
			Rules: []string{"S76"},
			Then:  bot.Moves{"case_picked": bot.Go("shown").Asking(askCard)},
		},
		"having_no_case": {
			Tell: bot.To{
				bot.Buyer: "You have no open request. If something is wrong with an order, or you want to cancel one, tell me which.",
				bot.Here:  "Nothing is waiting for you.",
			},
			Light: true,
			Offer: bot.Offers{bot.Buyer: {myOrders, wrongOrder, back}, bot.Here: {back}},
			Then:  bot.Moves{"orders_asked": bot.Become("orders"), "problem_begun": bot.Become("problem")},
		},
		// Somebody asks for their money where nothing is open: the answer depends on where the order stands (S06, S40, S75).
		"telling_money": {
			Tell: bot.To{bot.Here: "You can get your money back in most cases. How depends on where your order stands:\n" +
				"• Not shipped yet: ask to cancel it. Once that is approved, the shop sends your money back.\n" +
				"• Shipped or there: report what is wrong with it, or return it.\n" +
				"• Cancelled already: the shop sends the money by itself, the way you paid. If it is late, our support team looks " +
				"for it.\n\n" +
				"Which is it?"},
			Light: true,
			Offer: bot.Offers{bot.Here: {
				{Event: "cancel_asked", Label: "Cancel an order", Style: bot.Primary}, wrongOrder,
				{Event: "topic_asked", Label: "How long does it take?", Facts: bot.Facts{"topic": "topic_refunds"}}, aPerson,
			}},
			Rules: []string{"S06", "S40", "S75", "S77"},
			Then: bot.Moves{
				"cancel_asked":  bot.Become("cancel"),
				"problem_begun": bot.Become("problem"),
				"topic_asked":   bot.Become("about"),
				"went_back":     bot.Leave(),
			},
		},
		"being_unknown": beingUnknown,
		"shown":         {Tell: bot.To{bot.Here: "Here it is."}},
	},
}

// moneySought holds where a buyer asks for their money and nothing is open.
var moneySought = cond("money is asked for, and nothing is open", func(v *bot.View) bool {
	return v.Fact("wants") == "money" && v.Actor.Party() == bot.Buyer && noCases.Holds(v)
})

// askCard asks a record to show itself here.
func askCard(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.Key(e.Facts["key"]), bot.Event{Name: "card_asked"}
}

// listCases lists what is open for a person.
func listCases(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, c := range openRecords(v) {
		choices = append(choices, bot.Choice{Event: "case_picked", Facts: bot.Facts{"key": string(c.Key)}, Label: caseLabel(v, &c)})
	}
	return choices
}

// caseLabel is a record in a few words.
func caseLabel(v *bot.View, c *bot.Conversation) string {
	name := c.ID
	if name == "" {
		name = v.Say(v.Actor, recordWords[c.Flow])
	}
	if o, ok := v.Look.OrderByID(c.Order); ok {
		about := orderSummary(o)
		if p, one := o.SentParcel(c.Facts["parcel"]); one && p.Code != "" {
			about = bot.Clean(p.Code)
		}
		name += " · " + bot.Shorten(about, 24)
	}
	return name + " · " + v.Say(v.Actor, recordStateWordsFor(v.Actor.Party(), c.State)) + assigneeLabel(v, c) + snoozedLabel(v, c)
}

// waitingTerm says how much is open for whoever reads.
func waitingTerm(v *bot.View, r *bot.Person) string {
	n := len(openRecords(v))
	if n == 0 {
		return v.Say(r, "Nothing is waiting for you.")
	}
	return v.Count(r, n, "One request is open.", "{n} requests are open.")
}
