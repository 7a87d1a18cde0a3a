package flows

import "nevermind/bot"

// reception is where every talk begins and ends: what can I do for you?
var reception = bot.Flow{
	Name:   "reception",
	About:  "The door: says what can be done here, and to whom it is speaking.",
	Talk:   true,
	First:  "greeting",
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearArrival, hearOrder, hearHelp, hearIntent},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"greeting": {
			Tell: bot.To{
				bot.Buyer:   "Hello {me}. I can show you where an order stands, cancel it, and follow the money until the shop has sent it back. What would you like to do?",
				bot.Seller:  "Hello {me}. When a buyer asks to cancel one of your orders, I bring the request here, with the time you have to answer. {waiting}",
				bot.Support: "Hello {me}. Cases that need a decision come to this room. {waiting}",
				bot.Here:    "Hello. I show where orders of this shop stand, cancel them, and follow the money until it is back. I do not know yet whose orders are yours. {get_link} Until then I can tell you how things work here.",
			},
			Offer: bot.Offers{
				bot.Buyer:   {myOrders, cancelOne, myCases, aPerson},
				bot.Seller:  {{Event: "cases_asked", Label: "What waits for me", Style: bot.Primary}, aPerson},
				bot.Support: {{Event: "cases_asked", Label: "What waits for us", Style: bot.Primary}},
				bot.Here:    {howItWorks},
			},
			Then: bot.Moves{
				"orders_asked":    bot.Become("orders").Rules("S19"),
				"cancel_asked":    bot.Become("cancel").Rules("S19"),
				"cases_asked":     bot.Become("cases").Rules("S76"),
				"order_named":     bot.Become("order_stage").Rules("S25"),
				"about_asked":     bot.Become("about"),
				"arrival_arrived": bot.Stay().Asking(tellArrival("arrived")).Saying(bot.To{bot.Here: "Good. I have noted that it has arrived."}).Rules("S78"),
				"arrival_missed":  bot.Stay().Asking(tellArrival("missed")).Rules("S77"),
				"went_back":       bot.Home(),
			},
		},
	},
}

const noneYet = "I see no orders of yours yet. If you have just bought something, it can take a few minutes to reach me."

// orders lists a buyer's orders, a page at a time.
var orders = bot.Flow{
	Name:   "orders",
	About:  "A buyer's orders, newest first, to choose from.",
	Talk:   true,
	First:  "choosing_order",
	Starts: []bot.Way{{If: stranger, To: "being_unknown"}, {If: noOrders, To: "having_none"}},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"choosing_order": {
			Tell:  bot.To{bot.Here: "Which order? You can also send me its number or a link to it."},
			Light: true,
			List:  listOrders(anyOrder),
			Offer: bot.Offers{bot.Here: {more, back}},
			Hear:  []bot.Hear{hearOrder},
			Rules: []string{"S19", "S25"},
			Then: bot.Moves{
				"order_named": bot.Become("order_stage").Rules("S18"),
				"more_asked":  bot.Go("choosing_order").Learning(nextPage),
			},
		},
		"having_none": {
			Tell:  bot.To{bot.Here: noneYet},
			Light: true,
			Offer: bot.Offers{bot.Here: {back, aPerson}},
			Rules: []string{"S24"},
			Then:  bot.Moves{"orders_asked": bot.Become("orders")},
		},
		"being_unknown": beingUnknown,
	},
}

// cases lists what is open for a person: a buyer's requests and refunds, a seller's prompts, support's queue.
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
			Tell:  bot.To{bot.Buyer: "You have no open request. Nothing is waiting, neither for you nor for a seller.", bot.Here: "Nothing is waiting at the moment."},
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
