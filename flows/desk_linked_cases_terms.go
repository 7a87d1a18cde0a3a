package flows

import (
	"strings"

	"nevermind/bot"
)

// linkedCaseTerms are what {names} stand for in words about cases that belong together.
var linkedCaseTerms = map[string]bot.Term{
	"links": func(v *bot.View, r *bot.Person) string { return otherCasesLine(v, r) + linksLine(v, r) },
	"link_said": func(v *bot.View, r *bot.Person) string {
		_, id, _ := strings.Cut(v.Event.Facts["link"], " ")
		if id == "" {
			return v.Say(r, "Nothing is linked.")
		}
		return v.With(
			bot.Facts{"other": bot.Clean(id)},
		).Say(
			r,
			"{other} is now linked with this case. The buyer and the seller don't see that.",
		)
	},
	"linked_news": linkedDecision,
}

// otherCasesLine counts the buyer's other cases on the card; empty where there were none.
func otherCasesLine(v *bot.View, r *bot.Person) string {
	open, closed := intOrZero(v.Fact("others_open")), intOrZero(v.Fact("others_closed"))
	if open+closed == 0 {
		return ""
	}
	return "\n• " + v.Sentences(r, v.Say(r, "{buyer} had other cases when this was opened."), countOthers(v, r, open, closed))
}

// linksLine names the cases that belong with this one; empty where none does.
func linksLine(v *bot.View, r *bot.Person) string {
	var ids []string
	for _, link := range linkedCases(v) {
		_, id, _ := strings.Cut(link, " ")
		ids = append(ids, bot.Clean(id))
	}
	if len(ids) == 0 {
		return ""
	}
	return "\n• " + v.With(bot.Facts{"others": together(v, r, ids)}).Say(r, "Linked with {others}.")
}

// linkedDecision tells support what was decided in a case that belongs with this one.
func linkedDecision(v *bot.View, r *bot.Person) string {
	f := v.Event.Facts
	news := v.With(bot.Facts{"other": bot.Clean(f["linked_case"]), "sum": bot.Clean(f["linked_amount"])})
	what := news.Say(r, "{sum} goes back.")
	switch f["linked_what"] {
	case "refused", "nothing":
		what = news.Say(r, "No money goes back.")
	case "return":
		what = news.Say(r, "{sum} goes back once the goods are back.")
	}
	return v.Sentences(r, news.Say(r, "{other}, which is linked with case {case}, is decided."), what,
		quoted(v, r, f["linked_grounds"]))
}
