package flows

import "nevermind/bot"

// noneYet is said to somebody without an order.
const noneYet = "I see no orders of yours yet. If you have just bought something, it can take a few minutes until I see it."

// orders lists a buyer's orders, newest first, a page at a time, and goes on with the one that is chosen.
var orders = bot.Flow{
	Name:   "orders",
	About:  "A buyer's orders, newest first, to choose from.",
	Talk:   true,
	First:  "choosing_order",
	Starts: []bot.Way{{If: stranger, To: "being_unknown"}, {If: noOrders, To: "having_none"}},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"choosing_order": {
			Tell:  bot.To{bot.Here: "Which order? Choose it here, or send me its number or a link to it."},
			Light: true,
			List:  listOrders(anyOrder),
			Offer: bot.Offers{bot.Here: {more, back}},
			Hear:  []bot.Hear{hearOrder},
			Rules: []string{"S19", "S25"},
			Then: bot.Moves{
				"order_named": bot.Become("order_stage").Rules("S18"),
				"page_turned": bot.Go("choosing_order").Learning(nextPage),
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
