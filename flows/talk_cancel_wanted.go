package flows

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nevermind/bot"
)

// A buyer who writes "cancel 2 of the mugs" has said how many. Their words stand in the fact "wanted" until they are taken as
// what is chosen, which the last look shows before anything is sent.

// wantedWords is what a buyer has written, where it names a number of pieces; empty where it names none, or where the number
// is that of an order.
func wantedWords(v *bot.View, text string) string {
	said := slices.DeleteFunc(quantitiesSaid(text), func(q quantitySaid) bool { return q.number == 0 })
	if len(said) == 0 || slices.ContainsFunc(said, func(q quantitySaid) bool {
		_, isOrder := v.Look.OrderByID(strconv.Itoa(q.number))
		return isOrder
	}) {
		return ""
	}
	return bot.Shorten(strings.TrimSpace(text), 300)
}

// withWanted adds the words to an event, where they name a number of pieces. What was wanted before stands where these come to
// nothing: "I only need one".
func withWanted(v *bot.View, e bot.Event, text string) bot.Event {
	words := wantedWords(v, text)
	if o := orderOf(v); o != nil && words != "" && v.Fact("wanted") != "" && !partOf(v, o, text) {
		return e
	}
	return saying(e, "wanted", words)
}

// saying adds a fact to an event, where there is anything to say.
func saying(e bot.Event, name, value string) bot.Event {
	if value == "" {
		return e
	}
	if e.Facts == nil {
		e.Facts = bot.Facts{}
	}
	e.Facts[name] = value
	return e
}

// withPart adds the words of a wish to cancel to its event, where they are about a part of an order. Where no order is at hand
// and they fit one of the buyer's alone, that is the order; of several it is asked which.
func withPart(v *bot.View, e bot.Event, text string) bot.Event {
	e = withWanted(v, e, text)
	if v.Actor.Party() != bot.Buyer {
		return e
	}
	if o := orderOf(v); o != nil && partOf(v, o, text) {
		return saying(e, "wanted", bot.Shorten(strings.TrimSpace(text), 300))
	}
	spoken, fit := false, []string(nil)
	for _, o := range v.Look.Orders(0, mostLookedAt) {
		meant := partsMeant(&o, o.OpenParts(), text, v.Actor.Language)
		spoken = spoken || meant.some && mayCancel(&o)
		if mayCancel(&o) && meant.some && meant.named {
			fit = append(fit, o.ID)
		}
	}
	switch {
	case !spoken:
		return e
	case len(fit) == 0:
		return saying(e, "wanted", bot.Shorten(strings.TrimSpace(text), 300))
	}
	e = saying(e, "wanted", bot.Shorten(strings.TrimSpace(text), 300))
	if len(fit) == 1 {
		e.Facts["order"] = fit[0]
		return e
	}
	e.Facts["order"] = ""
	return saying(e, "named", strings.Join(fit, "\n"))
}

// partOf says whether words are about a part of an order.
func partOf(v *bot.View, o *bot.Order, text string) bool {
	return partsMeant(o, o.OpenParts(), text, v.Actor.Language).some
}

// hearParts hears what of an order is to be cancelled, where it is asked for, or shown once more: how many of what, or by the
// titles and a word such as "only".
func hearParts(v *bot.View, m *bot.Message) (bot.Event, bool) {
	o := orderOf(v)
	if o == nil || len(m.Files) > 0 || v.Policy.Choices["lines"] == "whole" {
		return bot.Event{}, false
	}
	switch meant := partsMeant(o, choosable(v), m.Text, v.Actor.Language); {
	case meant.unfit.ID != "":
		return bot.Event{Name: "parts_unfit", Facts: bot.Facts{"unfit": bot.Shorten(strings.TrimSpace(m.Text), 300)}}, true
	case len(meant.parts) > 0 && meant.some && meant.sure:
		return bot.Event{Name: "parts_named", Facts: bot.Facts{"wanted": bot.Shorten(strings.TrimSpace(m.Text), 300)}}, true
	}
	return bot.Event{}, false
}

// titleWords are the words of a title.
var titleWords = regexp.MustCompile(`[\p{L}\d]+`)

// partsSaid is what words name of what can be chosen; of a line that cannot be so, since there are not that many or the shop
// cancels it as a whole only, the number that was named. Nothing where it cannot be told what is meant.
func partsSaid(o *bot.Order, open []bot.Part, text string) (parts []bot.Part, unfit bot.Part) {
	if isHan(text) {
		return hanParts(o, open, text)
	}
	last := ""
	if len(open) == 1 {
		last = open[0].ID
	}
	for _, q := range quantitiesSaid(text) {
		id, several := lineSaid(o, open, &q, last)
		if several && q.number > 0 || id != "" && q.number > 0 && slices.ContainsFunc(parts,
			func(p bot.Part) bool { return p.ID == id }) {
			return nil, bot.Part{}
		}
		if id == "" {
			continue
		}
		if last = id; q.number == 0 {
			continue
		}
		n := slices.IndexFunc(open, func(p bot.Part) bool { return p.ID == id })
		if most := open[n].Quantity; q.number > most || q.number < most && !isCounted(o, id) {
			unfit = bot.Part{ID: id, Quantity: q.number}
			continue
		}
		parts = append(parts, bot.Part{ID: id, Quantity: q.number})
	}
	slices.SortFunc(parts, func(a, b bot.Part) int { return lineIndex(o, a.ID) - lineIndex(o, b.ID) })
	if unfit.ID != "" {
		return nil, unfit
	}
	return parts, unfit
}

// lineSaid is the line of an order that a number is about: the one whose title has most of the words, or the one spoken of last
// where there is none or a pronoun. It is true where two lines have as many.
func lineSaid(o *bot.Order, open []bot.Part, q *quantitySaid, last string) (id string, several bool) {
	if len(q.of) == 0 || meansAgain[q.of[0]] {
		if q.plain && q.number > 0 {
			return last, false
		}
		return "", false
	}
	most := 0
	for _, p := range open {
		title := titleWords.FindAllString(strings.ToLower(titleOf(o, p.ID).Title), -1)
		found := 0
		for _, w := range q.of {
			if slices.ContainsFunc(title, func(t string) bool { return sameNoun(w, t) }) {
				found++
			}
		}
		switch {
		case found == 0 || !q.plain && slices.Contains(title, strconv.Itoa(q.number)):
		case found > most:
			most, id, several = found, p.ID, false
		case found == most:
			several = true
		}
	}
	return id, several
}

// lineIndex is where a line stands in its order.
func lineIndex(o *bot.Order, id string) int {
	return slices.IndexFunc(o.Items, func(i bot.Item) bool { return i.ID == id })
}

// wantedPart is what the words in the fact "wanted" come to for the order at hand.
func wantedPart(v *bot.View) partMeant {
	o := orderOf(v)
	words := v.Fact("wanted")
	if v.Event.Name == "parts_unfit" { // what was said before stands
		words = v.Event.Facts["unfit"]
	}
	if o == nil || words == "" {
		return partMeant{}
	}
	return partsMeant(o, choosable(v), words, v.Actor.Language)
}

// wantedParts is what the buyer's words surely name, or a number that cannot be so.
func wantedParts(v *bot.View) (parts []bot.Part, unfit bot.Part) {
	meant := wantedPart(v)
	if !meant.sure {
		meant.parts = nil
	}
	return meant.parts, meant.unfit
}

// takeWanted chooses what the buyer's words named.
func takeWanted(v *bot.View, _ *bot.Event) bot.Facts {
	facts := bot.Facts{}
	if parts, _ := wantedParts(v); len(parts) > 0 {
		facts = chosenFacts(v, parts)
	}
	facts["wanted"] = ""
	return facts
}

// Whether the buyer's words are about a part of the order, and it has to be asked which.
var (
	partUnsure = cond("only a part is meant, and it is not sure which", func(v *bot.View) bool {
		meant := wantedPart(v)
		return severalLines.Holds(v) && meant.some && !meant.sure && meant.unfit.ID == ""
	})
	restUnsure = cond("only a part of what has not left is meant, and it is not sure which", func(v *bot.View) bool {
		return partOpen.Holds(v) && partUnsure.Holds(v)
	})
)

// wantedSaid says what was understood of how many, before a reason is asked for; or why it cannot be so.
func wantedSaid(v *bot.View, r *bot.Person) string {
	parts, unfit := wantedParts(v)
	switch {
	case len(parts) > 0:
		return v.With(bot.Facts{"parts_wanted": partWords(v, r, orderOf(v), parts)}).
			Say(r, "You want to cancel {parts_wanted}, and keep the rest. I'll show you that once more before anything is sent.")
	case unfit.ID != "":
		return wantedUnfit(v, r)
	}
	return ""
}

// wantedUnfit says why so many of a line cannot be cancelled; empty where they can.
func wantedUnfit(v *bot.View, r *bot.Person) string {
	_, unfit := wantedParts(v)
	if unfit.ID == "" {
		return ""
	}
	o := orderOf(v)
	n := slices.IndexFunc(choosable(v), func(p bot.Part) bool { return p.ID == unfit.ID })
	there := choosable(v)[n]
	said := v.With(bot.Facts{"wanted_number": strconv.Itoa(unfit.Quantity), "there": partWords(v, r, o, []bot.Part{there})})
	if unfit.Quantity > there.Quantity {
		return said.Say(r, "You wrote {wanted_number}, but what can be cancelled is {there}.")
	}
	return said.Say(r, "You wrote {wanted_number}, but this shop can cancel {there} only as a whole.")
}
