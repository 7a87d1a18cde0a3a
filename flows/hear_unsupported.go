package flows

import "nevermind/bot"

// hearUnsupported hears a message without words, or with words that do not count: a sticker, an edit, another's words.
func hearUnsupported(m *bot.Message) (bot.Event, bool) {
	if m.Unsupported == "" || m.Heard() != "" {
		return bot.Event{}, false
	}
	return bot.Event{Name: "odd_sent", Facts: bot.Facts{"odd": string(m.Unsupported)}}, true
}

// unsupportedWords answer each kind of message that cannot be read.
var unsupportedWords = map[bot.Unsupported]string{
	bot.Sticker: "Nice! I can only read words, though, so nothing has changed.",
	bot.Place: "Thank you, but I need no location: the shop knows where your orders go. " +
		"I don't keep it, and nothing has changed.",
	bot.Contact: "Thank you, but I can't use a contact. Only your order page at the shop tells me which orders are yours. " +
		"Nothing has changed.",
	bot.Poll: "I can't take part in polls, so nothing has changed.",
	bot.Edited: "I see that you've changed an earlier message. What you wrote first still counts. To change something, please " +
		"write it as a new message.",
	bot.Forwarded: "That's a forwarded message, so I haven't taken it as your own words. Nothing has changed. " +
		"If you mean it, please write it yourself.",
	bot.TooLarge:  fileTooLarge,
	bot.Unwanted:  fileUnwanted,
	bot.Unfetched: fileUnfetched,
	bot.Unknown:   fileOfStranger,
	bot.TooMany:   fileTooMany,
	bot.NoRoom:    fileNoRoom,
	bot.Quota:     fileQuota,
}

// A file that is not kept is answered with why, also where words or other files came with it, which count all the same.
const (
	fileTooLarge = "That file is larger than 20 MB, which is the most I can take. I haven't kept it or passed it on. " +
		"Please send a smaller one: a screenshot, or a shorter video."
	fileUnwanted = "I can't keep that kind of file, so I haven't passed it on. " +
		"Photos, videos, voice messages, PDF and plain text files are fine."
	fileOfStranger = "Thank you, but I don't know yet who you are, so I didn't keep that file. Please open this chat from your " +
		"order page, where you are signed in, and send it again."
	fileTooMany = "That is more than I can take at once: I am still fetching what you sent before. I didn't keep this file; " +
		"please send it again in a few minutes."
	fileNoRoom = "I can't keep files right now, so I haven't passed this one on. Please send it again tomorrow. What you write " +
		"counts as always."
	fileQuota = "You have sent a lot of files today, so I didn't keep this one. Please send it tomorrow; if it can't wait, " +
		"tell me in words what it shows."
	fileUnfetched = "That file didn't reach me whole, so I haven't passed it on. Please send it once more."
)

// unsupportedTerm is the answer to the message at hand.
func unsupportedTerm(v *bot.View, r *bot.Person) string {
	if words, ok := unsupportedWords[bot.Unsupported(v.Event.Facts["odd"])]; ok {
		return v.Say(r, words)
	}
	return v.Say(r, "I can't read that kind of message, so nothing has changed. Please say it in words.")
}
