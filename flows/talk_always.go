package flows

import (
	"maps"

	"nevermind/bot"
)

// talkAlways is what every talk hears, whatever it is about: back, stop, help, a person, and a change of subject. A
// change of subject sets the talk aside and comes back to it (Begin); a talk that wants to be left for good says so
// itself (Become). A state or flow that names the same event takes it over.
var talkAlways = sayingUnknown(bot.Moves{
	"greeted":     bot.Home(),
	"stopped":     bot.Home(),
	"went_back":   bot.Leave(),
	"talk_idled":  bot.Home(),
	"form_opened": bot.Begin("form"),
	"met_in_public": bot.Stay().Saying(bot.To{
		bot.Here: "Others can read here, so I don't talk about anybody's orders. Please write to me in a private chat."}),
	"link_spent":   bot.Stay().Saying(bot.To{bot.Here: "{link_spent}"}),
	bot.ChatJoined: bot.Home().Saying(bot.To{bot.Here: "{joined}"}).Asking(overviewForNewSeller),
	bot.ChatLeft: bot.Home().Saying(bot.To{
		bot.Here: "This chat is disconnected. I show no orders here any more, and I won't write here by myself."}),
	bot.ChatGone: bot.Stay().Saying(bot.To{
		bot.Here: "Another chat of your account was disconnected just now. If that wasn't you, please change your password at the " +
			"shop. /settings shows how many chats are left."}),
	bot.OthersLeft:    bot.Stay().Saying(bot.To{bot.Here: othersLeft}),
	"setting_changed": bot.Stay().Saying(bot.To{bot.Here: "{settings}"}),
	"digest_begun":    bot.Stay().Asking(startOverview),
	"overview_due":    bot.Stay().Saying(bot.To{bot.Here: "{overview}"}).Asking(endOverview),
	"odd_sent":        bot.Stay().Saying(bot.To{bot.Here: "{odd}"}),
	"seller_asked":    bot.Begin("orders").Saying(bot.To{bot.Here: "{seller_how}"}).Rules("S27"),
	"address_asked":   bot.Begin("orders").Saying(bot.To{bot.Here: "{address_how}"}),
	"change_asked":    bot.Begin("orders").Saying(bot.To{bot.Here: "{change_how}"}),
	"complaint_made":  bot.Begin("complaint").Rules("S31", "S51"),
	"settings_asked":  bot.Begin("settings"),
	"assistant_asked": bot.Stay().Asking(askAssistant).Saying(bot.To{bot.Here: "{assistant_how}"}),
	bot.ProposalMade:  bot.Begin("proposal").Asking(proposalUnfit),
	"about_asked":     bot.Begin("about"),
	"privacy_asked":   bot.Begin("privacy").Rules("S86", "S87", "Q13"),
	"orders_asked":    bot.Begin("orders").Rules("S19"),
	// Whichever way in: the list, a number, a link, a word.
	"cancel_asked":     bot.Begin("cancel").Rules("S12", "S19"),
	"problem_begun":    bot.Begin("problem").Rules("S53"),
	"cases_asked":      bot.Begin("cases").Rules("S76"),
	"withdrawal_begun": bot.Begin("withdrawal"),
	"order_named":      bot.Begin("order_stage").Rules("S25"),
	"order_unknown":    bot.Stay().Saying(bot.To{bot.Here: "{order_unknown}"}).Rules("S25"),
	"not_cancelling": bot.Stay().
		Saying(bot.To{bot.Here: "All right, nothing is cancelled. If you have sent a request already, “my requests” shows it, " +
			"and you can withdraw it there."}),
	"meaning_asked":  bot.Begin("meaning"),
	"file_sent":      bot.Begin("filing"),
	"help_written":   bot.Stay().Asking(writeHelp),
	"thanked":        bot.Stay().Saying(bot.To{bot.Here: "You're welcome. I'm here whenever you need me."}),
	"help_asked":     bot.Stay().Saying(bot.To{bot.Here: "{help}"}).Showing(),
	"language_asked": bot.Begin("language"),
	"person_asked":   bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}).Rules("S91"),
})

// sayingUnknown adds the moves on wishes that are said beside the number of an order that is none of theirs: each says so, and
// goes on as without it.
func sayingUnknown(moves bot.Moves) bot.Moves {
	all := maps.Clone(moves)
	for event := range besideUnknown {
		m := moves[event]
		says := bot.To{bot.Here: "{order_unknown}"}
		if own := m.Says[bot.Here]; own != "" {
			says[bot.Here] += "\n\n" + own
		}
		all[event+"_unknown"] = m.Saying(says).Rules("S25")
	}
	return all
}

// talkTimeout lets a talk that nobody answers end quietly.
var talkTimeout = bot.Waits{{Full: "talk_idle", Event: "talk_idled"}}

// with lays further moves over those of a base; a further one takes the place of the base's.
func with(base, more bot.Moves) bot.Moves { return joined(base, more) }

// joined are the moves of all parts; the last part that names an event counts.
func joined(parts ...bot.Moves) bot.Moves {
	all := bot.Moves{}
	for _, moves := range parts {
		maps.Copy(all, moves)
	}
	return all
}

// without leaves moves out.
func without(base bot.Moves, events ...string) bot.Moves {
	left := maps.Clone(base)
	for _, e := range events {
		delete(left, e)
	}
	return left
}

// The choices that stand below many questions.
var (
	back     = bot.Choice{Event: "went_back", Label: "Back"}
	aPerson  = bot.Choice{Event: "person_asked", Label: "A person, please"}
	myOrders = bot.Choice{Event: "orders_asked", Label: "My orders", Style: bot.Primary}
	myCases  = bot.Choice{Event: "cases_asked", Label: "My requests", When: hasCases}

	cancelOther = bot.Choice{Event: "cancel_asked", Label: "Cancel another order", When: moreToCancel}
	wrongOrder  = bot.Choice{Event: "problem_begun", Label: "Something is wrong with my order"}
)

// beingUnknown answers a stranger who asks for what is somebody's own.
var beingUnknown = bot.State{
	Tell:  bot.To{bot.Here: "I don't know yet which orders are yours, so I can't show or change any. {get_link}"},
	Light: true,
	Offer: bot.Offers{bot.Here: {howItWorks, aPerson, back}},
	Rules: []string{"S24", "S91"},
	Then:  bot.Moves{"went_back": bot.Leave()},
}
