package flows

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// How many other cases an agent can choose from, and how many can be linked with one.
const (
	mostOthers = 12
	mostLinked = 5
)

// recentFor is how long a closed case still counts as recent.
const recentFor = 90 * 24 * time.Hour

// linkOtherCase shows the buyer's other open and recent cases, and links one with this.
var linkOtherCase = bot.Choice{Event: "case_linked", Label: "Other cases…", Form: func(v *bot.View) []bot.Field {
	others := otherCasesOf(v)
	ask := v.Say(v.Actor, "Other cases of {buyer}: ") + countOthers(v, v.Actor, openOf(others), len(others)-openOf(others)) + v.Say(v.Actor, " Which one belongs with this? Each then shows the other, and a decision in one is told in the other, to support only.")
	if len(others) == 0 {
		ask = v.Say(v.Actor, "{buyer} has no other case that is open, or was closed in the last 90 days.")
	}
	options := []bot.Option{{Value: "none", Label: "None of them"}}
	for i := range others {
		options = append(options, bot.Option{Value: string(others[i].Key) + " " + others[i].ID, Label: otherLine(v, &others[i])})
	}
	return []bot.Field{{Name: "link", Kind: bot.OneOf, Ask: ask, Options: options}}
}}

// linkedMoves are heard by every case.
var linkedMoves = bot.Moves{
	"case_linked":    bot.Stay().Learning(linkedFacts).Saying(bot.To{bot.Here: "{link_said}"}).Asking(linkBack).Dealing(bot.Support),
	"linked_back":    bot.Stay().Learning(linkedFacts).Dealing(bot.Support),
	"linked_decided": bot.Stay().Saying(bot.To{bot.Support: "{linked_news}"}),
}

// otherCasesOf are the buyer's other cases that are open or were closed lately, the newest first, the open ones before all.
func otherCasesOf(v *bot.View) []bot.Conversation {
	if v.Others == nil {
		return nil
	}
	others := slices.DeleteFunc(v.Others(), func(c bot.Conversation) bool {
		return c.ID == "" || c.Key == v.Conv.Key || !c.Closed.IsZero() && v.Now.Sub(c.Closed) > recentFor
	})
	slices.SortStableFunc(others, func(a, b bot.Conversation) int {
		if a.Closed.IsZero() != b.Closed.IsZero() {
			return map[bool]int{true: -1, false: 1}[a.Closed.IsZero()]
		}
		return b.Opened.Compare(a.Opened)
	})
	return others[:min(len(others), mostOthers)]
}

func openOf(cases []bot.Conversation) (n int) {
	for i := range cases {
		if cases[i].Closed.IsZero() {
			n++
		}
	}
	return n
}

// countOthers is a count, and no judgement.
func countOthers(v *bot.View, r *bot.Person, open, closed int) string {
	var parts []string
	if open > 0 {
		parts = append(parts, v.Count(r, open, "one open", "{n} open"))
	}
	if closed > 0 {
		parts = append(parts, v.Count(r, closed, "one closed in the 90 days before", "{n} closed in the 90 days before"))
	}
	return strings.Join(parts, ", ") + "."
}

// otherLine is a case in a line: its name, its order, what it is about, where it stands.
func otherLine(v *bot.View, c *bot.Conversation) string {
	line := c.ID + " · " + c.Order
	if reason, ok := v.Policy.Reason(c.Facts["reason"]); ok {
		line += " · " + v.Say(v.Actor, reason.Label)
	}
	for _, p := range problems {
		if p.id == c.Facts["problem"] {
			line += " · " + v.Say(v.Actor, p.label)
		}
	}
	return line + " · " + v.Say(v.Actor, stateWords[c.State])
}

// otherCasesCount is what support reads of a buyer's other cases when one is opened: counts; nothing where there is none.
func otherCasesCount(v *bot.View) bot.Facts {
	open, closed := 0, 0
	for _, flow := range []string{"case", "dispute"} {
		for _, c := range v.Look.Cases(string(v.Actor.ID), flow, 50) {
			switch {
			case c.ID == "":
			case c.Closed.IsZero():
				open++
			case v.Now.Sub(c.Closed) <= recentFor:
				closed++
			}
		}
	}
	if open+closed == 0 {
		return nil
	}
	return bot.Facts{"others_open": strconv.Itoa(open), "others_closed": strconv.Itoa(closed)}
}

// linkedFacts keeps that another case belongs with this one.
func linkedFacts(v *bot.View, e *bot.Event) bot.Facts {
	all := linkedCases(v)
	if key, id, _ := strings.Cut(e.Facts["link"], " "); id != "" && !slices.Contains(all, e.Facts["link"]) && key != string(v.Conv.Key) {
		all = append(all, e.Facts["link"])
	}
	return bot.Facts{"links": strings.Join(all[max(0, len(all)-mostLinked):], "\n")}
}

// linkedCases are the cases that belong with this one, each as its key and its name.
func linkedCases(v *bot.View) []string {
	if v.Fact("links") == "" {
		return nil
	}
	return strings.Split(v.Fact("links"), "\n")
}

// linkBack has the other case keep the same.
func linkBack(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	key, id, _ := strings.Cut(e.Facts["link"], " ")
	if id == "" {
		return "", bot.Event{}
	}
	return bot.Key(key), bot.Event{Name: "linked_back", By: bot.Shop, Facts: bot.Facts{"link": string(v.Conv.Key) + " " + v.Conv.ID}}
}

// tellLinked tells each case that belongs with this one what support has decided here.
func tellLinked() []bot.Ask {
	var asks []bot.Ask
	for i := range mostLinked {
		asks = append(asks, func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
			links := linkedCases(v)
			if i >= len(links) {
				return "", bot.Event{}
			}
			key, _, _ := strings.Cut(links[i], " ")
			facts := bot.Facts{"linked_case": v.Conv.ID, "linked_order": v.Conv.Order, "linked_what": v.Fact("verdict") + v.Fact("ruling"), "linked_amount": v.Fact("amount"), "linked_grounds": v.Fact("grounds")}
			return bot.Key(key), bot.Event{Name: "linked_decided", By: bot.Shop, Facts: facts}
		})
	}
	return asks
}

// linkedCaseTerms are what {names} stand for in words about cases that belong together.
var linkedCaseTerms = map[string]bot.Term{
	"links": func(v *bot.View, r *bot.Person) string { return otherCasesLine(v, r) + linksLine(v, r) },
	"link_said": func(v *bot.View, r *bot.Person) string {
		_, id, _ := strings.Cut(v.Event.Facts["link"], " ")
		if id == "" {
			return v.Say(r, "Nothing is linked.")
		}
		return bot.Clean(id) + v.Say(r, " is linked with this case now. Buyer and seller do not see that.")
	},
	"linked_news": linkedDecision,
}

// otherCasesLine counts the buyer's other cases on the card; empty where there were none.
func otherCasesLine(v *bot.View, r *bot.Person) string {
	open, closed := intOrZero(v.Fact("others_open")), intOrZero(v.Fact("others_closed"))
	if open+closed == 0 {
		return ""
	}
	return "\n• " + v.Say(r, "Other cases of {buyer} when this was opened: ") + countOthers(v, r, open, closed)
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
	return "\n• " + v.Say(r, "Linked with: ") + strings.Join(ids, ", ")
}

// linkedDecision tells support what was decided in a case that belongs with this one.
func linkedDecision(v *bot.View, r *bot.Person) string {
	f := v.Event.Facts
	what := bot.Clean(f["linked_amount"]) + v.Say(r, " goes back")
	switch f["linked_what"] {
	case "refused", "nothing":
		what = v.Say(r, "nothing goes back")
	case "return":
		what = v.Say(r, "the goods go back, and then ") + bot.Clean(f["linked_amount"])
	}
	return v.Say(r, "Decided in ") + bot.Clean(f["linked_case"]) + v.Say(r, ", which is linked with case {case}: ") + what + ". " + quoted(f["linked_grounds"])
}

// buyerHistory is all that support reads of what a buyer has asked before.
func buyerHistory(v *bot.View) bot.Facts {
	facts := bot.Facts{}
	maps.Copy(facts, requestHistory(v))
	maps.Copy(facts, otherCasesCount(v))
	return facts
}
