package flows

import "nevermind/bot"

// proposalWays choose what is asked, as long as it can be sent.
var proposalWays = []bot.Way{
	{If: proposesUnpaid, To: "asking_unpaid"}, {If: proposesRequest, To: "asking_request"},
	{If: proposesAnswer, To: "asking_answer"}, {If: proposesWords, To: "asking_words"},
}

// proposal asks a buyer about what their own assistant suggests: a request, an answer to an offer, or words to the seller.
// It shows what the chat itself would show before the last yes, and takes the same yes. Nothing has been sent before, and
// nothing is sent where nobody answers in time.
var proposal = bot.Flow{
	Name:   "proposal",
	About:  "Asks a buyer about what their own assistant suggests; only their press does it.",
	Title:  "{order_title}",
	Talk:   true,
	First:  "unfit",
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: with(talkAlways, bot.Moves{
		"suggestion_declined": bot.Go("declined").Asking(proposalDone("declined")),
		"went_back":           bot.Go("declined").Asking(proposalDone("declined")),
		"proposal_lapsed":     bot.Go("lapsed").Asking(proposalDone("lapsed")),
	}),
	After:  bot.Waits{{Full: "proposal_left", Event: "proposal_lapsed"}},
	Starts: proposalWays,
	States: bot.States{
		"asking_request": {
			Tell: bot.To{bot.Here: "Your assistant suggests this request. Nothing has been sent.\n\n" + requestLook + stillOpen},
			Offer: bot.Offers{bot.Here: {
				{Event: "confirmed", Label: "Yes, ask the seller", Style: bot.Primary, When: sellerHasChat},
				{Event: "confirmed", Label: "Yes, send it", Style: bot.Primary, When: sellerHasNoChat},
				noThanks, myAssistant,
			}},
			Hear: []bot.Hear{hearYes("confirmed", "suggestion_declined", sending.and(cancelling))},
			Then: bot.Moves{"confirmed": bot.Go("sent").Asking(openCaseThrough, proposalDone("sent")).Rules("S19")},
		},
		"asking_unpaid": {
			Tell: bot.To{bot.Here: "Your assistant suggests cancelling this order, which you haven't paid for: {lines_all}, {total}. " +
				"Nobody has to agree, and there is no penalty. {unpaid_until}\n\nNothing has been cancelled. " +
				"Shall I cancel it now?" + stillOpen},
			Offer: bot.Offers{bot.Here: {{Event: "confirmed", Label: "Yes, cancel it", Style: bot.Danger}, noThanks, myAssistant}},
			Hear:  []bot.Hear{hearYes("confirmed", "suggestion_declined", cancelling)},
			Rules: []string{"S04", "S11"},
			Then:  bot.Moves{"confirmed": bot.Go("sent").Asking(openCaseThrough, proposalDone("sent"))},
		},
		"asking_answer": {
			Tell: bot.To{bot.Here: "Your assistant suggests an answer. Nothing has been sent.\n\n{suggested_answer}" + stillOpen},
			Offer: bot.Offers{bot.Here: {
				{Event: "confirmed", Label: "Yes, take it", Style: bot.Primary, When: suggestsTaking},
				{Event: "confirmed", Label: "Yes, say no to it", Style: bot.Primary, When: suggestsDeclining},
				{Event: "confirmed", Label: "Yes, send it", Style: bot.Primary, When: suggestsCounter},
				noThanks, myAssistant,
			}},
			Hear: []bot.Hear{hearYes("confirmed", "suggestion_declined", sending)},
			Then: bot.Moves{"confirmed": bot.Go("sent").Asking(pressThrough, proposalDone("sent"))},
		},
		"asking_words": {
			Tell: bot.To{bot.Here: "Your assistant suggests writing this to {seller}. Nothing has been sent.\n\n{suggested_words}" +
				stillOpen},
			Offer: bot.Offers{bot.Here: {
				{Event: "confirmed", Label: "Yes, send it", Style: bot.Primary}, noThanks, myAssistant,
			}},
			Hear: []bot.Hear{hearYes("confirmed", "suggestion_declined", sending)},
			Then: bot.Moves{"confirmed": bot.Go("sent").Asking(wordsThrough, proposalDone("sent"))},
		},
		"sent":     {Tell: bot.To{bot.Here: "Thank you, I'm on it."}},
		"declined": {Tell: bot.To{bot.Here: "All right, nothing was sent."}},
		"lapsed":   {}, // the question loses its buttons
		"unfit":    {}, // it could be shown when it was suggested, and no longer can: nobody is asked
	},
}

// stillOpen ends every question of an assistant's: by when it can be answered.
const stillOpen = "\n\nYou can answer until {proposal_left}. After that, nothing is sent."

// The buttons below every question of an assistant's.
var (
	noThanks    = bot.Choice{Event: "suggestion_declined", Label: "No, thank you"}
	myAssistant = bot.Choice{Event: "assistant_asked", Label: "My assistant"}
)
