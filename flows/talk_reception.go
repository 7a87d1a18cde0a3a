package flows

import "nevermind/bot"

// reception is where every talk begins, and where it comes home to: it says what can be done here, and to whom it is
// speaking. A buyer, a seller, support and a stranger each see their own.
var reception = bot.Flow{
	Name:   "reception",
	About:  "The door: says what can be done here, and to whom it is speaking.",
	Talk:   true,
	First:  "greeting",
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearArrival, hearAnswer, hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"greeting": {
			Tell: bot.To{
				bot.Buyer: "{greeting}",
				bot.Seller: "Hello {me}. When a buyer asks to cancel one of your orders, I bring the request here and say how long you " +
					"have to answer. {waiting}",
				bot.Support: "Hello {me}. Cases that need a decision come to this room. {waiting}",
				bot.Here: "Hello. I show where your orders at this shop stand, cancel them, and follow your money until it is back.\n\n" +
					"{get_link}\n\nUntil then, I can tell you how things work, or call a person.",
			},
			Offer: bot.Offers{
				bot.Buyer:   {cancelOther, myOrders, wrongOrder, myCases, howItWorks, aPerson},
				bot.Seller:  {{Event: "cases_asked", Label: "What waits for me", Style: bot.Primary}, howItWorks, aPerson},
				bot.Support: {{Event: "cases_asked", Label: "What waits for us", Style: bot.Primary}},
				bot.Here:    {howItWorks, aPerson},
			},
			List: listGreeting,
			Then: bot.Moves{
				"problem_begun": bot.Become("problem").Rules("S53"),
				"orders_asked":  bot.Become("orders").Rules("S19"),
				"cancel_asked":  bot.Become("cancel").Rules("S19"),
				"cases_asked":   bot.Become("cases").Rules("S76"),
				"order_named":   bot.Become("order_stage").Rules("S25"),
				"about_asked":   bot.Become("about"),
				"arrival_arrived": bot.Stay().Asking(tellArrival("arrived")).
					Saying(bot.To{bot.Here: "Good to hear. I've noted that your money has arrived."}).Rules("S78"),
				"arrival_missed": bot.Stay().Asking(tellArrival("missed")).Rules("S77"),
				"went_back":      bot.Home(),
			},
		},
	},
}
