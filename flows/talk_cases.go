package flows

import "nevermind/bot"

// cases lists what is open for a person: a buyer's requests and refunds, a seller's requests to answer, support's queue.
// The one that is chosen shows its card here.
var cases = bot.Flow{
	Name:   "cases",
	About:  "What is open for this person, to look at again.",
	Talk:   true,
	First:  "choosing_case",
	Starts: []bot.Way{{If: stranger, To: "being_unknown"}, {If: noCases, To: "having_no_case"}},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"choosing_case": {
			Tell:  bot.To{bot.Here: "These are open. Which one shall I show?"},
			Light: true,
			List:  listCases,
			Offer: bot.Offers{bot.Here: {back}},
			Rules: []string{"S76"},
			Then:  bot.Moves{"case_picked": bot.Go("shown").Asking(askCard)},
		},
		"having_no_case": {
			Tell: bot.To{
				bot.Buyer: "You have no open request. Nothing is waiting, neither for you nor for a seller.",
				bot.Here:  "Nothing is waiting at the moment.",
			},
			Light: true,
			Offer: bot.Offers{bot.Buyer: {myOrders, back}, bot.Here: {back}},
			Then:  bot.Moves{"orders_asked": bot.Become("orders")},
		},
		"being_unknown": beingUnknown,
		"shown":         {Tell: bot.To{bot.Here: "Here it is."}},
	},
}

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
		return v.Say(r, "Nothing is waiting at the moment.")
	}
	return v.Count(r, n, "One request is open.", "{n} requests are open.")
}
