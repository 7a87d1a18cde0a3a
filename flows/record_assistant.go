package flows

import "nevermind/bot"

// assistant is how a buyer's own AI assistant is let in: by a code from the buyer's chat, which it shows once to get its
// token. It may then look, and suggest; what it suggests is asked in the chat, and only the buyer's press does anything. Of
// code and token the record knows the hashes. There is one assistant for each buyer, and its whole life stands in this
// record's journal.
var assistant = bot.Flow{
	Name: "assistant",
	About: "A buyer's own AI assistant: let in by a code from the chat, it looks and suggests, and is disconnected at any time. " +
		"Nothing it suggests happens without a press in the chat.",
	Born:    []string{"assistant_asked"},
	Without: []bot.Party{bot.Seller, bot.Support},
	First:   "awaiting_code",
	Filed:   []string{"code", "token"},
	Facts:   []string{"assistant_name"},
	Always: bot.Moves{
		"person_asked":           bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
		"assistant_disconnected": bot.Go("disconnected"),
	},
	States: bot.States{
		// The code was said in the chat. A newer one takes its place.
		"awaiting_code": {
			Card:  bot.To{bot.Buyer: "A code was given to connect an assistant."},
			After: bot.Waits{{Full: "link", Event: "code_expired"}},
			Then: bot.Moves{
				"assistant_asked":      bot.Go("awaiting_code"),
				bot.AssistantConnected: bot.Go("connected").Learning(setFact("code", "")),
				"code_expired":         bot.Go("unused"),
			},
		},
		// All the buyer's chats hear of it, so that somebody else's assistant does not go unnoticed. What it says is kept apart,
		// since nothing follows from it but what is noted here.
		"connected": {
			Tell: bot.To{bot.Buyer: "Your assistant “{assistant_name}” is connected. It can read your orders and requests, and suggest " +
				"things to you.\n\nWhatever it suggests comes here as a question. Nothing is sent, agreed or given up before you press. " +
				"It stays connected until {assistant}.\n\nIf that wasn't you, press “Disconnect it”."},
			Offer: bot.Offers{bot.Buyer: {{Event: "assistant_disconnected", Label: "Disconnect it", Style: bot.Danger}, aPerson}},
			After: bot.Waits{{Full: "assistant", Event: "assistant_expired"}},
			Then: bot.Moves{
				"assistant_asked":   bot.Stay().KeepingApart(said).Learning(assistantAsked).Showing(),
				bot.AssistantLooked: bot.Stay().KeepingApart(said).Learning(assistantLooked),
				bot.ProposalMade:    bot.Stay().KeepingApart(said).Learning(assistantProposed).Asking(showProposal),
				"proposal_ended":    bot.Stay().KeepingApart(said).Learning(proposalEnded),
				"assistant_expired": bot.Go("expired"),
			},
		},
		"disconnected": {Tell: bot.To{bot.Buyer: "Your assistant is disconnected. It can no longer read or suggest anything. " +
			"To connect one again, write /assistant."}},
		"expired": {Tell: bot.To{bot.Buyer: "Your assistant's access has run out. It can no longer read or suggest anything. " +
			"To connect it again, write /assistant."}},
		"unused": {Card: bot.To{bot.Buyer: "The code to connect an assistant was not used, and works no more."}},
	},
}

// Assistants is how a buyer's own assistant is let in, and the buttons of a case that it may suggest to press. What the
// seller or support decides is not among them.
var assistants = bot.Assistants{
	Record: "assistant",
	Talk:   "proposal",
	Answers: map[string][]string{
		"take":    {"offer_taken", "solution_taken"},
		"decline": {"offer_declined"},
		"counter": {"buyer_offered"},
	},
}
