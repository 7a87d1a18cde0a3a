package flows

import (
	"strconv"

	"nevermind/bot"
)

// A buyer who does not answer what the seller has written is reminded once (S32): while it stands where it was written,
// since whatever either side presses is an answer too. The fact "letter_visit" is the visit it was written in.
var (
	letterWait = bot.Wait{Full: "letter_answer", Event: "letter_waits", When: letterUnread, For: bot.Buyer}

	letterUnread = cond("the seller waits for an answer to a letter", func(v *bot.View) bool {
		return v.Fact("last_writer") == string(bot.Seller) && v.Fact("letter_visit") == strconv.Itoa(v.Frame.Visit)
	})

	remindOfLetter = bot.Stay().Quoting(bot.To{
		bot.Buyer: "{seller} wrote to you about this order and is still waiting for your answer.",
	}, answers).Rules("S32")
)

// sellersLetter is what is remembered of a letter of the seller's.
func sellersLetter(v *bot.View, e *bot.Event) bot.Facts {
	facts := letterFacts(v, e)
	facts["letter_visit"] = strconv.Itoa(v.Frame.Visit)
	return facts
}
