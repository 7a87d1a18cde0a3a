package flows

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// wholeTalk shows support what buyer, seller and support have said to each other about an order, from the beginning.
var wholeTalk = bot.Choice{Event: "talk_asked", Label: "The whole conversation"}

var talkAsked = bot.Stay().ReadingHistory().Privately().Learning(talkRead).Saying(bot.To{bot.Here: "{whole_talk}"}).Following(moreTalk).Rules("S52")

// longestTalk is how many characters of a conversation are shown at once; what is longer comes in parts.
const longestTalk = 2400

// said is what somebody did with words, and where the words are: in a fact, or in what was written where it is empty.
var said = map[string]struct{ does, fact string }{
	"submitted": {"asks to cancel", "note"}, "seller_accepted": {"agrees", ""}, "seller_rejected": {"says no", "rejection"},
	"seller_offered": {"makes an offer", "offer_note"}, "buyer_offered": {"makes an offer", "offer_note"}, "offer_taken": {"takes the offer", ""}, "offer_declined": {"declines the offer", ""},
	"seller_shipped": {"says that it has shipped", "dispatch"}, "notice_asked": {"asks for the dispatch notice", ""}, "doubted": {"doubts that it has left", ""},
	"support_asked": {"asks support to decide", ""}, "person_asked": {"asks for a person", ""}, "withdrawn": {"withdraws the request", ""}, "order_kept": {"keeps the order", ""},
	"dispute_opened": {"opens a case", "story"}, "claim_changed": {"asks for something else", "claim_note"}, "claim_refused": {"refuses", "rejection"},
	"solution_offered": {"offers a solution", "solution_note"}, "proposed": {"suggests a solution", "proposal_note"}, "solution_taken": {"takes a solution", ""},
	"return_sent": {"says that it is sent back", "return_code"}, "parcel_back": {"says that the parcel is back", ""}, "parcel_wrong": {"says that it is back, but not right", "parcel_fault"},
	"appealed": {"asks to look again", ""}, "evidence_given": {"answers support", ""}, "evidence_asked": {"asks for evidence", "evidence_ask"},
	"file_added": {"adds to the case", ""}, "files_shown": {"sends along", ""},
	"buyer_wrote": {"writes", ""}, "seller_wrote": {"writes", ""}, "support_to_buyer": {"writes to the buyer", ""}, "support_to_seller": {"writes to the seller", ""},
}

// spoken are the entries of the past in which somebody has said something to somebody else.
func spoken(v *bot.View) []*bot.Entry {
	var all []*bot.Entry
	for i := range v.History {
		e := &v.History[i]
		if _, heard := said[e.Event.Name]; heard && e.Refused == "" && e.Event.By != bot.Clock && e.Event.By != bot.Shop {
			all = append(all, e)
		}
	}
	return all
}

// talkLine is one of them in a reader's words and by their clock.
func talkLine(v *bot.View, r *bot.Person, e *bot.Entry) string {
	what := said[e.Event.Name]
	line := e.At.In(r.Location()).Format("15:04") + " " + speaker(v, r, e) + " " + v.Say(r, what.does) + wordsOf(e, what.fact)
	if len(e.Event.Files) > 0 {
		line += " (" + fileWords(v, r, e.Event.Files) + ")"
	}
	return line
}

// speaker is who has said something: a side by its name, support's people by theirs.
func speaker(v *bot.View, r *bot.Person, e *bot.Entry) string {
	if e.Event.By == bot.Support {
		return v.Say(r, "Support")
	}
	return party(v, r, e.Event.By)
}

// wordsOf are the very words, as they are quoted; empty where there are none.
func wordsOf(e *bot.Entry, fact string) string {
	text := e.Event.Text
	if fact != "" && e.Event.Facts[fact] != "" {
		text = e.Event.Facts[fact]
	}
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return ": " + quoted(text)
}

// talkPart is a part of a conversation, in lines below their dates: from which line on, how many, and of how many.
func talkPart(v *bot.View, r *bot.Person) (text string, from, n, all int) {
	entries := spoken(v)
	from, _ = strconv.Atoi(v.Event.Facts["talk_from"])
	day, length := "", 0
	for _, e := range entries[min(max(from, 0), len(entries)):] {
		line := "\n" + talkLine(v, r, e)
		if date := dated(v, r, e.At.In(r.Location()), "Monday 2 January"); date != day {
			day, line = date, "\n\n"+date+line
		}
		if length += utf8.RuneCountInString(line); n > 0 && length > longestTalk {
			break
		}
		text, n = text+line, n+1
	}
	return text, from, n, len(entries)
}

// wholeTalkTerm is a part of a conversation, and which part of it.
func wholeTalkTerm(v *bot.View, r *bot.Person) string {
	text, from, n, all := talkPart(v, r)
	switch {
	case all == 0:
		return v.Say(r, "Nobody has written anything about this order yet.")
	case n == all:
		return v.Say(r, "All that was said about this order, by your clock:") + text
	}
	return v.Say(r, "What was said about this order, by your clock: ") + strconv.Itoa(from+1) + "–" + strconv.Itoa(from+n) + " / " + strconv.Itoa(all) + text
}

// moreTalk offers the part that comes next.
func moreTalk(v *bot.View) []bot.Choice {
	_, from, n, all := talkPart(v, v.Actor)
	if from+n >= all {
		return nil
	}
	return []bot.Choice{{Event: "talk_asked", Label: "More of it", Facts: bot.Facts{"talk_from": strconv.Itoa(from + n)}}}
}

// talkRead: what was asked to be read is no fact of the case.
func talkRead(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"past": "", "talk_from": ""} }
