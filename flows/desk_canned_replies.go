package flows

import (
	"cmp"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/flows/words"
)

// The button by which an agent writes what the policy has ready. It is shown filled in, as the reader will have it, and
// goes out only when it is sent.
var (
	repliesThere = cond("the policy has canned replies", func(v *bot.View) bool { return len(v.Policy.Replies) > 0 })
	cannedReply  = bot.Choice{
		Event: "reply_picked", Label: "Canned reply…", When: repliesThere, Form: func(v *bot.View) []bot.Field {
			return []bot.Field{{
				Name: "reply", Kind: bot.OneOf, Ask: "Which one, and to whom? You see it filled in before anything is sent.",
				Options: repliesFor(v),
			}}
		},
	}
)

// cannedMoves are heard wherever support can write.
var cannedMoves = bot.Moves{
	"reply_picked": bot.Stay().Learning(replyFacts).Saying(bot.To{bot.Here: "{reply_shown}"}).Following(replyButtons),
	"reply_sent":   bot.Stay().Learning(clearReplyFacts).Asking(sendReply),
}

// repliesFor are the replies by whom they can go to, those for the buyer first.
func repliesFor(v *bot.View) []bot.Option {
	var options []bot.Option
	for _, to := range []struct {
		party bot.Party
		label string
	}{{bot.Buyer, "To the buyer: {reply_label}"}, {bot.Seller, "To the seller: {reply_label}"}} {
		for _, c := range v.Policy.Replies {
			if (c.To == "" || c.To == to.party) && v.People[to.party].Reachable() {
				options = append(options, bot.Option{
					Value: string(
						to.party,
					) + " " + c.ID,
					Label: v.With(bot.Facts{"reply_label": v.Say(v.Actor, c.Label)}).Say(v.Actor, to.label),
				})
			}
		}
	}
	return options
}

// replyFacts fills in a canned reply as its reader will have it: in their language if the policy has it in it, else in
// English.
func replyFacts(v *bot.View, e *bot.Event) bot.Facts {
	to, id, _ := strings.Cut(e.Facts["reply"], " ")
	who := v.People[bot.Party(to)]
	i := slices.IndexFunc(v.Policy.Replies, func(c bot.CannedReply) bool { return c.ID == id })
	if i < 0 || who == nil {
		return clearReplyFacts(v, e) // the policy has changed meanwhile
	}
	language, text := replyIn(v, who, v.Policy.Replies[i].Texts)
	return bot.Facts{"reply_to": to, "reply_language": language, "reply_text": v.Say(who, text)}
}

// replyIn is a canned reply for its reader, with the language it is in: theirs where the policy has it, or where the catalog has
// the English words in it, else English.
func replyIn(v *bot.View, who *bot.Person, texts map[string]string) (language, text string) {
	base, _, _ := strings.Cut(who.Language, "-")
	for _, code := range []string{who.Language, base} {
		if text, ok := texts[code]; ok {
			return who.Language, text
		}
	}
	english := texts["en"]
	if v.Translates(who, english) {
		return who.Language, english
	}
	return "en", english
}

// clearReplyFacts forgets the reply that was filled in: it was sent, or is no longer in the policy.
func clearReplyFacts(*bot.View, *bot.Event) bot.Facts {
	return bot.Facts{"reply": "", "reply_to": "", "reply_language": "", "reply_text": ""}
}

// replyButtons send what is shown above them, or let it be changed first: each carries its own words, for another agent
// may have picked another reply since.
func replyButtons(v *bot.View) []bot.Choice {
	to, text := v.Fact("reply_to"), v.Fact("reply_text")
	if text == "" {
		return nil
	}
	facts := bot.Facts{"reply_to": to, "reply_text": text}
	return []bot.Choice{
		{Event: "reply_sent", Label: "Send it", Facts: facts, Once: true, Style: bot.Primary},
		{Event: "support_to_" + to, Label: "Change it first", Facts: facts, Once: true, Form: changedReply},
	}
}

// changedReply asks for the words as they should be; those that were filled in stand ready.
func changedReply(v *bot.View) []bot.Field {
	ready := v.Event.Facts["reply_text"]
	return []bot.Field{{
		Name: "text", Kind: bot.Text, Ask: "How should it read? They'll read it exactly as you write it.",
		Options: []bot.Option{{Value: ready, Label: "As it stands above"}},
	}}
}

// sendReply writes it, as if the agent had typed it.
func sendReply(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return v.Conv.Key, bot.Event{Name: "support_to_" + e.Facts["reply_to"], Text: e.Facts["reply_text"]}
}

// replyTerms are what {names} stand for in canned replies and in words about them.
var replyTerms = map[string]bot.Term{
	"until":       untilTerm,
	"reply_shown": replyShown,
	"reply_to":    func(v *bot.View, r *bot.Person) string { return partyName(v, r, bot.Party(v.Fact("reply_to"))) },
	"reads": func(v *bot.View, r *bot.Person) string {
		return languageName(v, r, v.People[bot.Party(v.Fact("reply_to"))].Language)
	},
}

// untilTerm is when the next time runs out that concerns more than support's own people.
func untilTerm(v *bot.View, r *bot.Person) string {
	var first *bot.Deadline
	for i := range v.Conv.Deadlines {
		if d := &v.Conv.Deadlines[i]; concernsOthers(d) && (first == nil || d.At.Before(first.At)) {
			first = d
		}
	}
	if first == nil {
		return v.Say(r, "soon")
	}
	return formatMoment(v, r, first.At)
}

// replyShown shows an agent what would be read, by whom and in which language.
func replyShown(v *bot.View, r *bot.Person) string {
	text := v.Fact("reply_text")
	if text == "" {
		return v.Say(r, "That reply no longer exists, so nothing was sent.")
	}
	said := v.Say(r, "{reply_to} reads {reads}. This is what they would read:")
	if reads := v.People[bot.Party(v.Fact("reply_to"))].Language; reads != v.Fact("reply_language") && reads != "" {
		said = v.Say(r, "{reply_to} reads {reads}. This reply has no words in it, so they would read this in English:")
	}
	return said + "\n\n" + text + "\n\n" + v.Say(r, "Nothing is sent yet.")
}

// languageNames are languages that people write in besides those that we speak, in English.
var languageNames = map[string]string{
	"it": "Italian", "pl": "Polish", "tr": "Turkish", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "uk": "Ukrainian",
}

// languageName is a language by its tag, in the reader's words; the tag itself where it is not known, and English where none is.
func languageName(v *bot.View, r *bot.Person, tag string) string {
	code := words.Match(cmp.Or(tag, "en"))
	for _, l := range words.Languages {
		if l.Code == code {
			return v.Say(r, l.English)
		}
	}
	base, _, _ := strings.Cut(tag, "-")
	if languageNames[base] != "" {
		return v.Say(r, languageNames[base])
	}
	return bot.Clean(tag)
}
