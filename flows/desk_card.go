package flows

import (
	"strings"

	"nevermind/bot"
)

// deskCard is what support's card of a case says, so that it fits a laptop's screen: what is held or asked, who has it,
// then what it is about and where both stand, what they have shown, the money, and the order. All else is a press away:
// the whole conversation, every file, other cases. The deadline stands in the footer.
func deskCard(about, order string) string {
	return "{desk_head} {desk_holder}\n" + about + "{desk_talk}{exhibits}{often}{links}\n{money_line}\n" + order + "\n{answer_by}"
}

// onTheDesk are the buttons of support's card: what becomes of a decision that is held, then the decisions themselves or
// what can be done about money that is stuck, and then what helps an agent to decide, and to write.
func onTheDesk(decisions ...bot.Choice) []bot.Choice {
	all := append([]bot.Choice{confirmDecision, sendDecisionBack, undoDecision}, decisions...)
	return append(
		all,
		takeIt,
		showConversation,
		showFiles,
		askEvidence,
		toBuyer,
		toSeller,
		cannedReply,
		release,
		handOver,
		snooze,
		wakeNow,
		byPhone,
		linkOtherCase,
		askCaseFile,
	)
}

// deskCardTerms are what {names} stand for on support's card.
var deskCardTerms = map[string]bot.Term{
	"desk_head":   deskHead,
	"desk_holder": deskHolder,
	"desk_talk":   deskTalk,
	"money_line":  moneyLine,
	"case_about": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, "• {parties}\n• {at_stake}\n• Reason: {reason}{note_quoted}")
	},
	"case_order_line":    func(v *bot.View, r *bot.Person) string { return v.Say(r, "Order: {stage}.{doubts_line}") },
	"dispute_order_line": func(v *bot.View, r *bot.Person) string { return v.Say(r, "Order: {stage}. {code_line}{doubts_line}") },
	"code_line": func(v *bot.View, r *bot.Person) string {
		if v.Order == nil || v.Order.Tracking == "" && v.Order.Stage == bot.Delivered {
			return "" // nobody asks for the code of a parcel that is there
		}
		return trackingTerm(v, r)
	},
	"story_cut": func(v *bot.View, r *bot.Person) string {
		if v.Fact("story") == "" {
			return ""
		}
		return quotedShort(v, r, v.Fact("story"), longestStory)
	},
}

// How much of what people wrote stands on the card, in characters.
const (
	longestStory  = 300
	longestSaying = 160
)

// quotedShort is the beginning of what somebody wrote, as a quotation.
func quotedShort(v *bot.View, r *bot.Person, words string, most int) string {
	return quoted(v, r, bot.Shorten(bot.Clean(words), most))
}

// deskHead is what a card begins with: the decision that is held, or why the case is support's.
func deskHead(v *bot.View, r *bot.Person) string {
	if held := heldDecisionTerm(v, r); held != "" {
		return held
	}
	return v.Say(r, "{why_support}")
}

// deskHolder says who of support's people has it, and until when it is snoozed.
func deskHolder(v *bot.View, r *bot.Person) string {
	words := ""
	if v.Fact("agent") != "" {
		words = v.Say(r, "{agent_name} has it.")
	}
	return v.Sentences(r, words, snoozedWords(v, r))
}

// deskTalk is how the two have talked: what the seller has said no to, and the last letters, the beginning of each (S52).
func deskTalk(v *bot.View, r *bot.Person) string {
	var said strings.Builder
	if v.Fact("rejection") != "" {
		why := v.With(bot.Facts{"why": quotedShort(v, r, v.Fact("rejection"), longestSaying)})
		said.WriteString("\n• " + why.Say(r, "{seller} said no: {why}"))
	}
	if v.Conv.Flow == caseFlow.Name && v.Fact("offer_kind") != "" {
		by := v.With(bot.Facts{"who": partyName(v, r, bot.Party(v.Fact("offer_by")))})
		said.WriteString("\n• " + by.Say(r, "Last offer, by {who}: {offer}"))
	}
	for letter := range strings.Lines(v.Fact("letters")) {
		by, text, _ := strings.Cut(strings.TrimSpace(letter), " ")
		wrote := v.With(bot.Facts{"who": partyName(v, r, bot.Party(by)), "words": quotedShort(v, r, text, longestSaying)})
		said.WriteString("\n• " + wrote.Say(r, "{who} wrote: {words}"))
	}
	return said.String()
}

// moneySentBack is what has gone back of an order, without what is still on its way.
func moneySentBack(o *bot.Order) bot.Money {
	gone := o.PaidBack()
	for _, p := range o.Book {
		if p.Do == "pay_refund" && p.State == "pending" {
			gone.Minor -= p.Amount.Minor
		}
	}
	return gone
}

// moneyLine is what was paid, what has gone back or is on its way, and what can still go back (S77).
func moneyLine(v *bot.View, r *bot.Person) string {
	if v.Order == nil {
		return ""
	}
	gone, left := moneySentBack(v.Order), v.Order.Refundable()
	pending := v.Order.PaidBack().Minus(gone)
	words := []string{v.Say(r, "Paid: {total} by {method_plain}.")}
	if !pending.IsZero() {
		words = append(words, v.With(bot.Facts{"sum": pending.String()}).Say(r, "{sum} is on its way back."))
	}
	if !gone.IsZero() {
		words = append(words, v.With(bot.Facts{"sum": gone.String()}).Say(r, "{sum} has gone back."))
	}
	switch {
	case left == v.Order.Total:
		words = append(words, v.Say(r, "All of it can go back."))
	case left.IsZero():
		words = append(words, v.Say(r, "Nothing more can go back."))
	default:
		words = append(words, v.Say(r, "{refundable} can still go back."))
	}
	return v.Sentences(r, words...)
}
