package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

// evidenceRequestTerms are what {names} stand for in words about what support asks a side to show.
var evidenceRequestTerms = map[string]bot.Term{
	"evidence_usual":  func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["evidence"]) },
	"evidence_side":   func(v *bot.View, r *bot.Person) string { return partyName(v, r, bot.Party(v.Fact("evidence_of"))) },
	"evidence_of":     func(v *bot.View, r *bot.Person) string { return v.Say(r, v.Fact("evidence_of")) },
	"evidence_buyer":  func(v *bot.View, r *bot.Person) string { return evidenceTerm(v, r, bot.Buyer) },
	"evidence_quoted": evidenceWanted,
	"evidence_seller": func(v *bot.View, r *bot.Person) string { return evidenceTerm(v, r, bot.Seller) },
	"evidence_answer": evidenceAnswer,
	"evidence_files":  evidenceFiles,
}

// evidenceTerm tells a side what support has asked for, or that the other side was asked (S50, S52, S60).
func evidenceTerm(v *bot.View, r *bot.Person, p bot.Party) string {
	if v.Fact("evidence_of") == string(p) {
		return v.Say(r, "Our support team needs something from you: {evidence_quoted} Please answer by {evidence}.{evidence_mine}")
	}
	if p == bot.Buyer {
		return v.Say(
			r,
			"Our support team has asked {seller} for something. They have until {evidence} to answer. You don't need to do "+
				"anything.",
		)
	}
	return v.Say(
		r,
		"Our support team has asked {buyer} for something. They have until {evidence} to answer. You don't need to do anything.",
	)
}

// evidenceWanted is what support has asked a side for: a line of the checklist, words of their own, or all that is missing.
func evidenceWanted(v *bot.View, r *bot.Person) string {
	side, own := bot.Party(v.Fact("evidence_of")), strings.TrimSpace(v.Fact("evidence_ask"))
	var asks []string
	for _, s := range checklistFor(v, side) {
		if s.ID == v.Fact("evidence_proof") || v.Fact("evidence_proof")+own == "" && len(s.Files) == 0 {
			asks = append(asks, v.Say(r, s.Ask))
		}
	}
	words := ""
	if own != "" {
		words = quoted(v, r, own)
	}
	switch {
	case len(asks) > 0:
		return v.Sentences(r, v.With(bot.Facts{"proofs": v.Clauses(r, asks)}).Say(r, "{proofs}."), words)
	case own != "":
		return words
	}
	return v.Say(r, "Anything that helps your side.")
}

// evidenceAnswer says how a side has answered support.
func evidenceAnswer(v *bot.View, r *bot.Person) string {
	side := v.With(bot.Facts{"side": partyName(v, r, bot.Party(v.Fact("evidence_of"))), "files": evidenceFiles(v, r)})
	switch {
	case strings.TrimSpace(v.Event.Text) != "" || len(v.Event.Files) > 0:
		return side.Say(r, "{side} has answered you:")
	case evidenceFiles(v, r) != "":
		return side.Say(r, "{side} has sent what there is: {files}.")
	}
	return side.Say(r, "{side} says that there is nothing to show.")
}

// evidenceFiles are the files that came since support asked.
func evidenceFiles(v *bot.View, r *bot.Person) string {
	since, _ := time.Parse(time.RFC3339Nano, v.Fact("evidence_since"))
	return fileWords(v, r, filesFrom(v, bot.Party(v.Fact("evidence_of")), since))
}
