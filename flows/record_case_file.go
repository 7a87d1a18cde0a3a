package flows

import (
	"strconv"
	"time"

	"nevermind/bot"
)

// sealing makes the sealed file of a case for one side, or for support, and sends it: everything that was said, brought
// and decided, chained by hash, so that anybody can check it without us (S52). There is one record for each case and
// reader. It ends when the file was sent, or when making it took too long; it can be asked for again.
var sealing = bot.Flow{
	Name:  "sealing",
	About: "Makes a case's sealed file for whoever asked, and sends it: everything said, brought and decided, chained by hash.",
	Title: "A case file",
	Born:  []string{"case_file_asked"},
	First: "sealing_case",
	Hear:  []bot.Hear{hearReply},
	Always: bot.Moves{
		"case_file_asked": bot.Stay().Saying(bot.To{bot.Here: "I'm already putting it together. It comes here in a moment."}),
		"person_asked":    bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
		"buyer_wrote":     bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: passedToSupport}),
		"seller_wrote":    bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: passedToSupport}),
		"support_noted":   bot.Stay().Saying(bot.To{bot.Here: "Noted for colleagues only."}),
	},
	Facts: []string{"case_name", "seal"},
	Rules: []string{"S52"},
	States: bot.States{
		"sealing_case": {
			Card:  sealingCard,
			Do:    "seal_case",
			After: bot.Waits{{Full: "case_file", Event: "seal_late"}},
			Then: bot.Moves{
				"case_sealed": bot.Go("sealed").Attaching(sealedFile).
					Saying(bot.To{bot.Buyer: sealedWords, bot.Seller: sealedWords, bot.Support: "{sealed_for_support}"}),
				"seal_late": bot.Go("not_sealed").
					Saying(bot.To{bot.Buyer: notSealed, bot.Seller: notSealed, bot.Support: "{not_sealed_for_support}"}),
			},
		},
		"sealed":     {Card: sealingCard},
		"not_sealed": {Card: sealingCard},
	},
}

// What is said of a case file, in more than one place.
const (
	sealedWords = "Here is the file of case {case_name}, with everything that was said, sent and decided. " +
		"One page in it is to read. The other one shows that nothing was changed. Please keep this message: its seal {seal} " +
		"belongs to this very file."
	sealingSaid     = "I'm putting the file of this case together. It comes here in a moment."
	passedToSupport = "I've passed it on to our support team. They will write to you here."
	notSealed       = "I couldn't put the file of case {case_name} together just now. Please ask again a little later."
)

// sealingCard is never shown: whoever asked hears of the file in passing, and gets it as a message.
var sealingCard = bot.To{
	bot.Buyer:   "The file of case {case_name}.",
	bot.Seller:  "The file of case {case_name}.",
	bot.Support: "The file of case {case_name}.",
}

// askCaseFile is the button by which a party has the file of a case made.
var askCaseFile = bot.Choice{Event: "case_file_asked", Label: "Send me the case file"}

// forSupport is empty where the file is not support's.
func forSupport(words string) bot.Term {
	return func(v *bot.View, r *bot.Person) string {
		if v.Fact("viewer") != string(bot.Support) {
			return ""
		}
		return v.Say(r, words)
	}
}

// sealedFile is the file that was made.
func sealedFile(v *bot.View) []bot.File {
	if bot.Party(v.Fact("viewer")) == "" {
		return nil
	}
	size, _ := strconv.ParseInt(v.Fact("file_size"), 10, 64)
	return []bot.File{{Name: v.Fact("file_name"), Type: "application/zip", Size: size, Hash: v.Fact("file_hash"), At: v.Now}}
}

// askSealing asks for the file of this very case.
func askSealing(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return sealingRequest(v, e, v.Conv)
}

// askLastSealing asks for the file of the last case about the order that a talk is about.
func askLastSealing(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	c := lastCase(v)
	if c == nil {
		return "", bot.Event{}
	}
	return sealingRequest(v, e, c)
}

// sealingRequest is the record that makes a case's file for the party who asks; support shares one.
func sealingRequest(v *bot.View, e *bot.Event, c *bot.Conversation) (bot.Key, bot.Event) {
	who, viewer := v.Actor.ID, v.Actor.Party()
	if viewer == bot.Support {
		who = bot.Desk
	}
	facts := bot.Facts{"case_key": string(c.Key), "case_name": c.ID, "viewer": string(viewer), "asked_by": string(v.Actor.ID)}
	if v.Actor.Language != "en" {
		facts["language"] = v.Actor.Language
	}
	return bot.Key("sealing/" + string(c.Key) + "/" + string(viewer)), bot.Event{
		Name: "case_file_asked", Facts: facts, By: viewer, Actor: who, Room: e.Room,
	}
}

// caseFileWindow is how long making a file may take.
func caseFileWindow(*bot.View) bot.Window { return bot.Window{Length: 10 * time.Minute} }
