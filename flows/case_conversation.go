package flows

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// conversationTerms are what {names} stand for in words that show the whole conversation.
var conversationTerms = map[string]bot.Term{
	"whole_talk": conversationTerm,
}

// showConversation is support's button for all that buyer, seller and support have said to each other about an order,
// from the beginning. It is made from the journal of all records about the order, and shown to whoever presses alone
// (S52).
var showConversation = bot.Choice{Event: "talk_asked", Label: "The whole conversation"}

// conversationAsked answers that button, a part at a time where the conversation is long.
var conversationAsked = bot.Stay().ReadingHistory().Privately().Learning(conversationRead).
	Saying(bot.To{bot.Here: "{whole_talk}"}).Following(moreConversation).Rules("S52")

// longestPart is how many characters of a conversation are shown at once; a message on any platform holds that.
const longestPart = 2400

// spokenEvents are the events by which a person says something to somebody: what they do by it, in a sentence, and the
// fact that holds the words. An empty fact means that the words are the event's own text.
var spokenEvents = map[string]struct{ does, fact string }{
	"submitted":         {"{who} asks to cancel. {words}", "note"},
	"seller_accepted":   {"{who} agrees. {words}", ""},
	"seller_rejected":   {"{who} says no. {words}", "rejection"},
	"seller_offered":    {"{who} makes an offer. {words}", "offer_note"},
	"buyer_offered":     {"{who} makes an offer. {words}", "offer_note"},
	"offer_taken":       {"{who} takes the offer. {words}", ""},
	"offer_declined":    {"{who} declines the offer. {words}", ""},
	"seller_shipped":    {"{who} says that it has shipped. {words}", "dispatch"},
	"notice_asked":      {"{who} asks for the carrier's receipt. {words}", ""},
	"proof_asked":       {"{who} asks for proof. {words}", ""},
	"doubted":           {"{who} doubts that it has left. {words}", ""},
	"support_asked":     {"{who} asks support to decide. {words}", ""},
	"person_asked":      {"{who} asks for a person. {words}", ""},
	"withdrawn":         {"{who} withdraws the request. {words}", ""},
	"goods_wrong":       {"{who} reports a problem with the goods instead. {words}", ""},
	"order_kept":        {"{who} keeps the order. {words}", ""},
	"dispute_opened":    {"{who} opens a case. {words}", "story"},
	"claim_changed":     {"{who} asks for something else. {words}", "claim_note"},
	"claim_refused":     {"{who} says no. {words}", "rejection"},
	"solution_offered":  {"{who} makes an offer. {words}", "solution_note"},
	"proposed":          {"{who} suggests a solution. {words}", "proposal_note"},
	"solution_taken":    {"{who} agrees. {words}", ""},
	"return_sent":       {"{who} says that it is sent back. {words}", "return_code"},
	"parcel_back":       {"{who} says that the parcel is back. {words}", ""},
	"parcel_wrong":      {"{who} says that it is back, but not right. {words}", "parcel_fault"},
	"appealed":          {"{who} asks for another look. {words}", ""},
	"evidence_given":    {"{who} answers support. {words}", ""},
	"evidence_asked":    {"{who} asks for evidence. {words}", "evidence_ask"},
	"phoned":            {"{who} notes a phone call. {words}", "call_note"},
	"address_given":     {"{who} says where it goes back to. {words}", "return_address"},
	"parcel_came":       {"{who} says that the parcel has come. {words}", ""},
	"return_left":       {"{who} says that the parcel is refused or left. {words}", ""},
	"file_added":        {"{who} adds to the case. {words}", ""},
	"files_shown":       {"{who} sends along. {words}", ""},
	"buyer_wrote":       {"{who} writes. {words}", ""},
	"seller_wrote":      {"{who} writes. {words}", ""},
	"support_to_buyer":  {"{who} writes to the buyer. {words}", ""},
	"support_to_seller": {"{who} writes to the seller. {words}", ""},
}

// spokenEntries are the journal's entries in which a person said something and the case moved by it or passed it on.
// What was refused, and what the clock or the shop did, is left out.
func spokenEntries(v *bot.View) []*bot.Entry {
	var all []*bot.Entry
	for i := range v.History {
		e := &v.History[i]
		_, heard := spokenEvents[e.Event.Name]
		if heard && e.Refused == "" && !calledFor(&e.Event) && e.Event.By != bot.Clock && e.Event.By != bot.Shop {
			all = append(all, e)
		}
	}
	return all
}

// spokenLine is one of them in a reader's words and by their clock.
func spokenLine(v *bot.View, r *bot.Person, e *bot.Entry) string {
	what := spokenEvents[e.Event.Name]
	said := bot.Facts{"who": speaker(v, r, e), "words": wordsSaid(v, r, e, what.fact)}
	line := inTheirZone(r, e.At.In(r.Location()).Format("15:04")) + " " + v.With(said).Say(r, what.does)
	if e.Event.Facts[bot.Through] != "" {
		line = v.Sentences(r, line, v.Say(r, "It came through their assistant."))
	}
	if len(e.Event.Files) > 0 {
		line = v.With(bot.Facts{"line": line, "files": fileWords(v, r, e.Event.Files)}).Say(r, "{line} ({files})")
	}
	return line
}

// speaker is who has said something: a side by its name, support's people by theirs.
func speaker(v *bot.View, r *bot.Person, e *bot.Entry) string {
	if e.Event.By == bot.Support {
		return v.Say(r, "Support")
	}
	return partyName(v, r, e.Event.By)
}

// wordsSaid are the very words, as they are quoted; empty where there are none.
func wordsSaid(v *bot.View, r *bot.Person, e *bot.Entry, fact string) string {
	text := e.Event.Text
	if fact != "" && e.Event.Facts[fact] != "" {
		text = e.Event.Facts[fact]
	}
	if usual := usualRefusal(e.Event.Facts["refusal"]); usual != "" {
		text = v.Say(r, usual)
	}
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return quoted(v, r, text)
}

// conversationPart is one part of the conversation as lines below their dates: its text, the number of its first line,
// how many lines it has, and how many there are in all. The event's fact "talk_from" says where it begins.
func conversationPart(v *bot.View, r *bot.Person) (text string, from, n, all int) {
	entries := spokenEntries(v)
	from, _ = strconv.Atoi(v.Event.Facts["talk_from"])
	day, length := "", 0
	for _, e := range entries[min(max(from, 0), len(entries)):] {
		line := "\n" + spokenLine(v, r, e)
		if date := formatDate(v, r, e.At.In(r.Location()), "Monday 2 January"); date != day {
			day, line = date, "\n\n"+date+line
		}
		if length += utf8.RuneCountInString(line); n > 0 && length > longestPart {
			break
		}
		text, n = text+line, n+1
	}
	return text, from, n, len(entries)
}

// conversationTerm is a part of a conversation, and which part of it.
func conversationTerm(v *bot.View, r *bot.Person) string {
	text, from, n, all := conversationPart(v, r)
	switch {
	case all == 0:
		return v.Say(r, "Nobody has written anything about this order yet.")
	case n == all:
		return v.Say(r, "Everything that was said about this order, by your clock:") + text
	}
	part := bot.Facts{"first": strconv.Itoa(from + 1), "last": strconv.Itoa(from + n), "all": strconv.Itoa(all)}
	return v.With(part).Say(r, "What was said about this order, {first} to {last} of {all}, by your clock:") + text
}

// moreConversation offers the part that comes next.
func moreConversation(v *bot.View) []bot.Choice {
	_, from, n, all := conversationPart(v, v.Actor)
	if from+n >= all {
		return nil
	}
	return []bot.Choice{{Event: "talk_asked", Label: "More of it", Facts: bot.Facts{"talk_from": strconv.Itoa(from + n)}}}
}

// conversationRead clears what the request was about: what somebody wished to read is no fact of the case.
func conversationRead(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"past": "", "talk_from": ""} }
