package flows

import (
	"strconv"

	"nevermind/bot"
)

// ownData makes the file of everything that is kept about somebody, and sends it to them.
var ownData = bot.Flow{
	Name:    "copy",
	About:   "Everything that is kept about somebody, as a file for them.",
	Title:   "Your data",
	Born:    []string{"data_asked"},
	First:   "gathering_data",
	Without: []bot.Party{bot.Support},
	Hear:    []bot.Hear{hearReply},
	Always:  ownRecordAlways,
	States: bot.States{
		"gathering_data": {
			Card:  bot.To{bot.Buyer: "The file of your data.", bot.Seller: "The file of your data."},
			Do:    "gather_data",
			After: bot.Waits{{Full: "case_file", Event: "data_late"}},
			Then: bot.Moves{
				"data_asked": bot.Stay().Saying(
					bot.To{bot.Here: "I'm putting everything about you together. The file comes here in a moment."},
				),
				"data_gathered": bot.Go("data_sent").Attaching(ownFile).
					Saying(bot.To{bot.Buyer: ownDataWords, bot.Seller: ownDataWords}),
				"data_late": bot.Go("no_data").Saying(bot.To{bot.Buyer: noOwnData, bot.Seller: noOwnData}),
			},
		},
		"data_sent": {Card: bot.To{bot.Buyer: "The file of your data.", bot.Seller: "The file of your data."}},
		"no_data":   {Card: bot.To{bot.Buyer: "The file of your data.", bot.Seller: "The file of your data."}},
	},
}

// erasure deletes what is kept about somebody. Once it is done there is nobody left to tell.
var erasure = bot.Flow{
	Name:    "erasure",
	About:   "Deletes what is kept about somebody, who has looked at it twice.",
	Title:   "Your data",
	Born:    []string{"deletion_confirmed"},
	First:   "erasing",
	Without: []bot.Party{bot.Support},
	Hear:    []bot.Hear{hearReply},
	Always:  ownRecordAlways,
	States: bot.States{
		"erasing": {
			Card:  bot.To{bot.Buyer: "Your data are being deleted.", bot.Seller: "Your data are being deleted."},
			Do:    "erase_person",
			Firm:  true,
			After: bot.Waits{{Full: "case_file", Event: "erasure_late"}},
			Then: bot.Moves{
				"deletion_confirmed": bot.Stay().Saying(
					bot.To{bot.Here: "I'm deleting your data now. If something keeps me from it, I'll tell you here. Goodbye!"},
				),
				"data_erased":     bot.Go("erased"),
				"erasure_refused": bot.Go("not_erased").Saying(bot.To{bot.Buyer: notErased, bot.Seller: notErased}),
				"erasure_late":    bot.Go("not_erased").Saying(bot.To{bot.Buyer: notErased, bot.Seller: notErased}),
			},
		},
		"erased":     {Card: bot.To{bot.Buyer: "Your data were deleted.", bot.Seller: "Your data were deleted."}},
		"not_erased": {Card: bot.To{bot.Buyer: "Your data were not deleted.", bot.Seller: "Your data were not deleted."}},
	},
}

// ownRecordAlways is heard in every state of the two.
var ownRecordAlways = bot.Moves{
	"person_asked": bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: "{person_called}"}),
	"buyer_wrote":  bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: passedToSupport}),
	"seller_wrote": bot.Stay().Asking(askHelp).Saying(bot.To{bot.Here: passedToSupport}),
}

// What is said of the two.
const (
	ownDataWords = "Here is everything that is kept about you: who you are to the shop, your orders and requests, and what was " +
		"said in your chats. It is a text file that programs can read as well."
	noOwnData = "I couldn't put your data together just now. Please ask again a little later."
	notErased = "Your data are not deleted: something of yours is still open, or I couldn't do it just now. " +
		"/privacy says until when, and you can ask again there."
)

// ownFile is the file that was made.
func ownFile(v *bot.View) []bot.File {
	size, _ := strconv.ParseInt(v.Fact("file_size"), 10, 64)
	return []bot.File{{Name: v.Fact("file_name"), Type: "text/plain", Size: size, Hash: v.Fact("file_hash"), At: v.Now}}
}
