package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// buyerRating and sellerRating ask each side of a case how it was handled, once it is over and only where the policy's
// "satisfaction" is on: one tap, then a sentence if they like. They ask the seller once the case is closed for them, and the
// buyer once the money is there, too. A day passes first, and another one where they are then in the middle of something; who is
// so each time is not asked. The question comes once more, never a third time, and "Not now" is the last of it. Nothing is
// asked of somebody who cannot be reached or whose data were erased, nor while anything about the order is open for them. What
// they tap is counted for reports; what they write is theirs, and goes with them.
var buyerRating, sellerRating = rating(bot.Buyer, bot.Seller), rating(bot.Seller, bot.Buyer)

// rating asks one side, and never speaks to the other.
func rating(who, other bot.Party) bot.Flow {
	return bot.Flow{
		Name:    string(who) + "_rating",
		About:   "Asks the " + string(who) + " how a case was handled, once it is over and where the policy says so.",
		Title:   "Order {order} · {item}",
		Born:    []string{"case_ended"},
		Without: []bot.Party{other, bot.Support},
		First:   "letting_rest",
		Hear:    []bot.Hear{hearRating},
		Always: bot.Moves{
			"person_asked": bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
		},
		States: allStates(ratingAsked(who), ratingAnswered(who)),
	}
}

// ratingAsked are the states in which it waits to ask, and asks.
func ratingAsked(who bot.Party) bot.States {
	closes := bot.Wait{Full: "satisfaction_open", Event: "rating_waited", For: who}
	again := closes
	again.Spares = who
	return bot.States{
		// It is only just over. Nobody is asked yet, and perhaps it goes on as something else.
		"letting_rest": {
			Card:  bot.To{who: "I'll ask you later how this was handled."},
			After: bot.Waits{{Full: "satisfaction_after", Event: "rating_due", For: who, Spares: who}},
			Then: bot.Moves{
				bot.FoundBusy: bot.If(busyOften, "not_asked").Else("letting_rest").Learning(busyAgain),
				"rating_due":  bot.If(mayRate(who), "asking_rating").Else("not_asked").Learning(ratingLate).ReadingHistory(),
			},
		},
		"asking_rating": {
			Tell: bot.To{who: "The case about this order is closed. Apart from how it ended, how well was it handled? " +
				"One tap is enough, and it changes nothing about the outcome."},
			Offer: bot.Offers{who: ratings},
			After: bot.Waits{again},
			Then: with(ratingMoves(who), bot.Moves{
				"rating_waited": bot.If(mayRate(who), "asking_again").Else("unanswered").Learning(ratingLate).ReadingHistory(),
				"not_delivered": bot.Go("not_asked"),
				bot.FoundBusy:   bot.Stay().Restarting("satisfaction_open"),
			}),
		},
		"asking_again": {
			Tell: bot.To{who: "I asked how well the case about this order was handled. If you'd like to say, one tap is enough. " +
				"I won't ask again."},
			Offer: bot.Offers{who: ratings},
			After: bot.Waits{closes},
			Then: with(ratingMoves(who), bot.Moves{
				"rating_waited": bot.Go("unanswered"),
				"not_delivered": bot.Go("unanswered"),
			}),
		},
	}
}

// ratingMoves are the ways to answer.
func ratingMoves(who bot.Party) bot.Moves {
	return bot.Moves{
		"rated":           bot.Go("asking_words"),
		"rating_declined": bot.Go("declined"),
		"rating_explained": bot.Stay().Learning(ratingWords).Saying(bot.To{
			who: "Thank you, I've noted what you wrote. A tap on one of the buttons counts as well. Nobody answers here: for a person, " +
				"type “a person”.",
		}),
	}
}

// ratingAnswered are the states after an answer, or without one.
func ratingAnswered(who bot.Party) bot.States {
	return bot.States{
		// The tap counts already. A sentence is up to them.
		"asking_words": {
			Card: bot.To{
				who: "Thank you, I've noted that. If you'd like to say why, one sentence in your own words is enough.",
			},
			Offer: bot.Offers{who: {sayWhy, {Event: "rating_kept", Label: "No, thank you"}}},
			After: bot.Waits{{Full: "satisfaction_open", Event: "rating_waited", For: who}},
			Then: bot.Moves{
				"rating_explained": bot.Go("thanked").Learning(ratingWords),
				"rating_kept":      bot.Go("thanked"),
				"rating_waited":    bot.Go("thanked"),
			},
		},
		"thanked":    {Card: bot.To{who: "Thank you. Your answer is noted."}},
		"declined":   {Card: bot.To{who: "All right. I won't ask about this again."}},
		"unanswered": {Card: bot.To{who: "This question is closed. Nothing depends on it."}},
		"not_asked":  {Card: bot.To{who: "I haven't asked how this was handled."}},
	}
}

// ratings are the answers: three, so that they stand in sight with the way to say no.
var ratings = []bot.Choice{
	{Event: "rated", Label: "Well", Facts: bot.Facts{"rating": "good"}},
	{Event: "rated", Label: "So-so", Facts: bot.Facts{"rating": "fair"}},
	{Event: "rated", Label: "Badly", Facts: bot.Facts{"rating": "bad"}},
	{Event: "rating_declined", Label: "Not now"},
}

// sayWhy asks for the sentence.
var sayWhy = bot.Choice{Event: "rating_explained", Label: "Say why", Form: func(*bot.View) []bot.Field {
	return []bot.Field{{
		Name: "text", Kind: bot.Text, Limit: longestRating,
		Ask: "What would you like us to know? The people who run this service read it, and the other side doesn't. " +
			"Nobody answers here: for a person, type “a person”.",
	}}
}}

// longestRating is how many characters are kept of what somebody says of how it went.
const longestRating = 500

// ratingWords keeps the sentence.
func ratingWords(_ *bot.View, e *bot.Event) bot.Facts {
	return bot.Facts{"rating_words": bot.Shorten(bot.Quotable(e.Text), longestRating)}
}

// hearRating hears an answer to the question that was typed: as the button it names, else as a sentence.
func hearRating(v *bot.View, m *bot.Message) (bot.Event, bool) {
	text := strings.TrimSpace(m.Text)
	switch {
	case text == "" || v.Actor.Party() == bot.Support:
		return bot.Event{}, false
	case commandOf(v, text) == "person_asked":
		return bot.Event{Name: "person_asked", Text: m.Text}, true
	}
	for _, c := range ratings {
		offered := slices.ContainsFunc(v.Frame.Offers, func(o bot.Offer) bool { return o.Event == c.Event })
		said := plainWords(text)
		if offered && (said == plainWords(v.Say(v.Actor, c.Label)) || said == plainWords(c.Label)) {
			return bot.Event{Name: c.Event, Facts: c.Facts}, true
		}
	}
	return bot.Event{Name: "rating_explained"}, true
}
