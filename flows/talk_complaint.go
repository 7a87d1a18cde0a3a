package flows

import "nevermind/bot"

// complaint is where somebody comes who complains, or wants it decided higher up: it asks what it is about, and leads to the
// case, the letter or the person that can settle it.
var complaint = bot.Flow{
	Name:   "complaint",
	About:  "A complaint: what it is about, and who can settle it.",
	Talk:   true,
	First:  "choosing_matter",
	Starts: []bot.Way{{If: stranger, To: "being_unknown"}, {If: notBuyer, To: "offering_person"}},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"number"},
	States: bot.States{
		"choosing_matter": {
			Tell:  bot.To{bot.Here: "I'm sorry to hear that. What is it about? {request_open}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {
				{Event: "cases_asked", Label: "My open request", Style: bot.Primary, When: hasCases},
				wrongOrder,
				{Event: "seller_asked", Label: "The seller doesn't answer"},
				aPerson,
				back,
			}},
			Rules: []string{"S31", "S51"},
			Then: bot.Moves{
				"cases_asked":   bot.Become("cases"),
				"problem_begun": bot.Become("problem"),
				"went_back":     bot.Leave(),
			},
		},
		"offering_person": {
			Tell: bot.To{
				bot.Seller: "I'm sorry to hear that. Our support team can help you: shall I call them?",
				bot.Here:   "That's you! {waiting}",
			},
			Light: true,
			Offer: bot.Offers{bot.Seller: {aPerson, back}, bot.Here: {back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"being_unknown": beingUnknown,
	},
}

// requestOpen says to somebody who complains what there is for a request of theirs that is open; empty where none is.
func requestOpen(v *bot.View, r *bot.Person) string {
	if !hasCases.Holds(v) {
		return ""
	}
	return v.Say(r, "You have an open request. It says by when it is settled, and our support team can step in before that: press "+
		"“A person, please”.")
}
