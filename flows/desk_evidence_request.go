package flows

import (
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// evidenceForm asks support whom they ask, and what they should show.
func evidenceForm(v *bot.View) []bot.Field {
	who := bot.Field{Name: "evidence_of", Kind: bot.OneOf, Ask: "Who should show something?", Options: evidenceAskOptions(v)}
	what := bot.Field{Name: "evidence_ask", Kind: bot.Text, Ask: "What should they show? Say exactly what would help."}
	if len(who.Options) > 2 {
		who.Ask = "Who should show something, and what? What is missing stands first."
		what.Ask, what.Optional = "What should they show? Say exactly what would help. If you leave this out, I ask for what you "+
			"chose, or "+
			"for all that is missing.", true
	}
	return []bot.Field{
		who, what,
		{
			Name: "evidence_days", Kind: bot.OneOf, Optional: true, Options: evidenceDays(v),
			Ask: "How long do they have? Leave it out for {evidence_usual}, as usual.",
		},
	}
}

// evidenceDays are the times that can be set, up to what the policy allows, each with the day it ends on.
func evidenceDays(v *bot.View) []bot.Option {
	zone := v.People[bot.Support].Location()
	ends := func(w bot.Window) bot.Facts {
		return bot.Facts{"day": formatDate(v, v.Actor, v.Policy.After(w, v.Now, zone).In(zone), v.Say(v.Actor, "Monday 2 January"))}
	}
	var options []bot.Option
	last := v.Policy.After(v.Policy.Windows["evidence_most"], v.Now, zone)
	for _, days := range []int{1, 2, 3, 4, 5, 7, 10, 14, 21, 30} {
		w := bot.Window{Length: time.Duration(days) * 24 * time.Hour}
		if w != v.Policy.Windows["evidence"] && !v.Policy.After(w, v.Now, zone).After(last) {
			options = append(options, bot.Option{
				Value: strconv.Itoa(days), Label: v.With(ends(w)).Count(v.Actor, days, "One day, until {day}", "{n} days, until {day}"),
			})
		}
	}
	return options
}

// evidenceWindow is how long whoever support has asked has to answer: as long as support has set, or as usual.
func evidenceWindow(v *bot.View) bot.Window {
	if days := intOrZero(v.Fact("evidence_days")); days > 0 {
		return bot.Window{Length: time.Duration(days) * 24 * time.Hour}
	}
	return v.Policy.Windows["evidence"]
}

// evidenceAskOptions are whom support can ask, and for what: what is missing first.
func evidenceAskOptions(v *bot.View) []bot.Option {
	var options []bot.Option
	for _, side := range bothSides {
		for _, s := range missingEvidence(v, side) {
			options = append(options, bot.Option{
				Value: string(side) + " " + s.ID,
				Label: v.With(bot.Facts{"proof": v.Say(v.Actor, s.Label)}).Say(v.Actor, sideShows[side]),
			})
		}
	}
	return append(options, bot.Option{Value: "buyer", Label: "The buyer"}, bot.Option{Value: "seller", Label: "The seller"})
}

// sideShows is what a side may show, as a line to choose.
var sideShows = map[bot.Party]string{bot.Buyer: "The buyer: {proof}", bot.Seller: "The seller: {proof}"}

// evidenceAskedFacts records who has been asked, for which line of the checklist if for one, and since when, so that
// what comes in time can be told apart.
func evidenceAskedFacts(v *bot.View, e *bot.Event) bot.Facts {
	of, proof, _ := strings.Cut(e.Facts["evidence_of"], " ")
	return bot.Facts{"evidence_of": of, "evidence_proof": proof, "evidence_since": v.Now.UTC().Format(time.RFC3339Nano)}
}

// evidenceTimeOver: the time to answer is over. If files came without an answer, support is told that they are there.
func evidenceTimeOver(v *bot.View, _ *bot.Event) bot.Facts {
	if evidenceFiles(v, v.Actor) != "" {
		return bot.Facts{"why": "evidence_in"}
	}
	return bot.Facts{"why": "evidence_late"}
}
