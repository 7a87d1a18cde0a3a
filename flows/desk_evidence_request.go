package flows

import (
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// evidenceForm asks support whom they ask, and what they should show.
func evidenceForm(v *bot.View) []bot.Field {
	who := bot.Field{Name: "evidence_of", Kind: bot.OneOf, Ask: "Whom do you ask?", Options: evidenceAskOptions(v)}
	what := bot.Field{Name: "evidence_ask", Kind: bot.Text, Ask: "What should they show? Say exactly what would help."}
	if len(who.Options) > 2 {
		who.Ask = "Whom do you ask, and for what? What is missing stands first."
		what.Ask, what.Optional = "What should they show? Say exactly what would help. Or leave it out: I then ask for what you "+
			"have chosen, or for all that is missing from them.", true
	}
	return []bot.Field{
		who, what,
		{
			Name: "evidence_days", Kind: bot.OneOf, Optional: true,
			Ask:     "How long do they have? Leave it out for {evidence_usual}, as usual. Each sees the date by their own clock.",
			Options: evidenceDays(v),
		},
	}
}

// evidenceDays are the times that can be set, up to what the policy allows, each with the day it ends on.
func evidenceDays(v *bot.View) []bot.Option {
	zone := v.People[bot.Support].Location()
	ends := func(w bot.Window) string {
		return ": " + formatDate(v, v.Actor, v.Policy.After(w, v.Now, zone).In(zone), v.Say(v.Actor, "Monday 2 January"))
	}
	var options []bot.Option
	last := v.Policy.After(v.Policy.Windows["evidence_most"], v.Now, zone)
	for _, days := range []int{1, 2, 3, 4, 5, 7, 10, 14, 21, 30} {
		w := bot.Window{Length: time.Duration(days) * 24 * time.Hour}
		if w != v.Policy.Windows["evidence"] && !v.Policy.After(w, v.Now, zone).After(last) {
			options = append(options,
				bot.Option{Value: strconv.Itoa(days), Label: v.Count(v.Actor, days, "One day", "{n} days") + ends(w)})
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
	for _, who := range []struct {
		party bot.Party
		label string
	}{{bot.Buyer, "The buyer"}, {bot.Seller, "The seller"}} {
		for _, s := range missingEvidence(v, who.party) {
			options = append(options, bot.Option{
				Value: string(who.party) + " " + s.ID, Label: v.Say(v.Actor, who.label) + ": " + v.Say(v.Actor, s.Label),
			})
		}
	}
	return append(options, bot.Option{Value: "buyer", Label: "The buyer"}, bot.Option{Value: "seller", Label: "The seller"})
}

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
