package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// How many other cases an agent can choose from, the newest, and how many can be linked with one.
const (
	mostOthers = 9
	mostLinked = 5
)

// linkOtherCase shows the buyer's other open and recent cases, and links one with this.
var linkOtherCase = bot.Choice{Event: "case_linked", Label: "Other cases…", Form: func(v *bot.View) []bot.Field {
	others := otherCasesOf(v)
	ask := v.Sentences(v.Actor, v.Say(v.Actor, "Other cases of {buyer}:"),
		countOthers(v, v.Actor, openOf(others), len(others)-openOf(others)),
		v.Say(v.Actor, "Which one belongs with this? Each then shows the other. Only support sees that, and what is "+
			"decided in either."))
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

// linkedFacts records that another case belongs with this one; the oldest link goes where there are too many.
func linkedFacts(v *bot.View, e *bot.Event) bot.Facts {
	all := linkedCases(v)
	if key, id, _ := strings.Cut(e.Facts["link"], " "); id != "" && !slices.Contains(all, e.Facts["link"]) &&
		key != string(v.Conv.Key) {
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

// linkBack tells the other case the same, so that each shows the other.
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
			facts := bot.Facts{
				"linked_case":    v.Conv.ID,
				"linked_order":   v.Conv.Order,
				"linked_what":    v.Fact("verdict") + v.Fact("ruling"),
				"linked_amount":  v.Fact("amount"),
				"linked_grounds": v.Fact("grounds"),
			}
			return bot.Key(key), bot.Event{Name: "linked_decided", By: bot.Shop, Facts: facts}
		})
	}
	return asks
}
