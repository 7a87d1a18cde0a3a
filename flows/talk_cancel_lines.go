package flows

import (
	"slices"
	"strconv"

	"nevermind/bot"
)

// A buyer chooses lines, and of a line how many, where the shop counts them. What was chosen stands in the fact "lines" (the
// ids) and, where the shop counts any of them or a part of the order has left, in the fact "parts" (how many of each).

// Whether there is anything to choose.
var (
	severalLines = cond("the order has several lines", func(v *bot.View) bool {
		o := orderOf(v)
		if o == nil || v.Policy.Choices["lines"] == "whole" {
			return false
		}
		open := choosable(v)
		return len(open) > 1 || len(open) == 1 && open[0].Quantity > 1 && isCounted(o, open[0].ID)
	})
	linesMarked = cond("some lines are marked, not all", func(v *bot.View) bool {
		chosen := markedParts(v)
		return len(chosen) > 0 && !slices.Equal(chosen, choosable(v))
	})
	partOpen = cond("a part of the order has not left", func(v *bot.View) bool {
		o := orderOf(v)
		return o != nil && o.Stage == bot.PartShipped && v.Policy.Choices["lines"] != "whole" && len(choosable(v)) > 0
	})
	restToCancel = cond("a part of the order has not left, and nothing is open about it", func(v *bot.View) bool {
		return partOpen.Holds(v) && noCaseOpen.Holds(v)
	})
	askHowMany = cond("the shop counts the line", func(v *bot.View) bool {
		return quantityAsked(v).Quantity > 1
	})
)

// choosable is what can be chosen: all that is neither cancelled nor has left. Of a line that the shop does not count there
// is all or nothing.
func choosable(v *bot.View) []bot.Part {
	o := orderOf(v)
	return slices.DeleteFunc(o.OpenParts(), func(p bot.Part) bool {
		n := slices.IndexFunc(o.Items, func(i bot.Item) bool { return i.ID == p.ID })
		i := &o.Items[n]
		return !i.Counted && p.Quantity < i.Ordered()-i.Gone()
	})
}

// markedParts is what is marked: what was chosen, or else what the buyer's words may mean.
func markedParts(v *bot.View) []bot.Part {
	if v.Fact("lines") == "" {
		return wantedPart(v).parts
	}
	return chosenParts(v)
}

// takeMarked chooses what is marked.
func takeMarked(v *bot.View, _ *bot.Event) bot.Facts {
	return chosenFacts(v, markedParts(v))
}

// isCounted says whether the shop counts what of a line is cancelled.
func isCounted(o *bot.Order, id string) bool {
	return slices.ContainsFunc(o.Items, func(i bot.Item) bool { return i.ID == id && i.Counted })
}

// chosenParts is what is chosen so far, in the order of the lines.
func chosenParts(v *bot.View) []bot.Part {
	if v.Fact("lines") == "" {
		return nil
	}
	parts, _ := orderOf(v).Named(v.Frame.Facts)
	return parts
}

// quantityAsked is the line of which the buyer was asked how many, with how many there are; nothing where it is not counted.
func quantityAsked(v *bot.View) bot.Part {
	for _, p := range choosable(v) {
		if p.ID == v.Fact("line") && isCounted(orderOf(v), p.ID) {
			return p
		}
	}
	return bot.Part{}
}

// listLines lists the lines of an order, to be marked one by one (S20).
func listLines(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	o, chosen := orderOf(v), markedParts(v)
	for _, p := range choosable(v) {
		box, n := "☐ ", slices.IndexFunc(chosen, func(c bot.Part) bool { return c.ID == p.ID })
		item := titleOf(o, p.ID)
		label := bot.Clean(bot.Shorten(item.Title, 40)) + " · " + v.Amount(v.Actor, item.Price)
		if isCounted(o, p.ID) && p.Quantity > 1 {
			label = strconv.Itoa(p.Quantity) + " × " + bot.Clean(bot.Shorten(item.Title, 40))
			if n >= 0 && chosen[n].Quantity < p.Quantity {
				label = v.With(bot.Facts{"some": strconv.Itoa(chosen[n].Quantity), "all": label}).Say(v.Actor, "{some} of {all}")
			}
		}
		if n >= 0 {
			box = "☑ "
		}
		choices = append(choices, bot.Choice{Event: "line_marked", Facts: bot.Facts{"line": p.ID}, Label: box + label})
	}
	return choices
}

// markLine marks a line of the order, or takes the mark away. Of a line that the shop counts it is asked how many: then only
// a mark is taken away here.
func markLine(v *bot.View, e *bot.Event) bot.Facts {
	id := e.Facts["line"]
	chosen := markedParts(v)
	marked := slices.ContainsFunc(chosen, func(p bot.Part) bool { return p.ID == id })
	chosen = slices.DeleteFunc(chosen, func(p bot.Part) bool { return p.ID == id })
	if marked {
		return chosenFacts(v, chosen)
	}
	if askHowMany.Holds(v) {
		return nil
	}
	for _, p := range choosable(v) {
		if p.ID == id {
			chosen = append(chosen, p)
		}
	}
	return chosenFacts(v, chosen)
}

// chosenFacts writes what is chosen, in the order of the lines.
func chosenFacts(v *bot.View, chosen []bot.Part) bot.Facts {
	facts := orderOf(v).Chosen(choosable(v), chosen)
	facts["line"], facts["wanted"] = "", ""
	return facts
}

// chooseAll chooses all that can be: the whole order, or what of it has not left.
func chooseAll(v *bot.View, _ *bot.Event) bot.Facts {
	if partOpen.Holds(v) {
		return chosenFacts(v, choosable(v))
	}
	return bot.Facts{"lines": "", "parts": "", "line": "", "wanted": ""}
}

// mostButtons is how many quantities stand on buttons; more are typed.
const mostButtons = 6

// listQuantities lists how many of a line can be chosen.
func listQuantities(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	most := quantityAsked(v).Quantity
	for n := 1; n <= most && n <= mostButtons; n++ {
		label := strconv.Itoa(n)
		if n == most {
			label = v.Count(v.Actor, n, "All {n}", "All {n}")
		}
		choices = append(choices, bot.Choice{Event: "quantity_chosen", Facts: bot.Facts{"quantity": strconv.Itoa(n)}, Label: label})
	}
	return choices
}

// quantityFacts chooses so many of the line that was asked about.
func quantityFacts(v *bot.View, e *bot.Event) bot.Facts {
	line := quantityAsked(v)
	n, err := strconv.Atoi(e.Facts["quantity"])
	if err != nil || n < 1 || n > line.Quantity {
		return bot.Facts{"quantity": "", "line": ""}
	}
	chosen := slices.DeleteFunc(markedParts(v), func(p bot.Part) bool { return p.ID == line.ID })
	facts := chosenFacts(v, append(chosen, bot.Part{ID: line.ID, Quantity: n}))
	facts["quantity"] = ""
	return facts
}

// whichLines asks which lines, or how many of the one there is.
func whichLines(v *bot.View, r *bot.Person) string {
	if len(choosable(v)) > 1 {
		return v.Say(r, "Which items would you like to cancel? Mark what you no longer want.")
	}
	return v.Say(r, "You ordered {lines_all}. Press it to say how many you would like to cancel.")
}

// howMany asks how many of a line.
func howMany(v *bot.View, r *bot.Person) string {
	return v.With(bot.Facts{"part": partWords(v, r, orderOf(v), []bot.Part{quantityAsked(v)})}).
		Say(r, "How many would you like to cancel? There are {part}. Press or write a number.")
}

// onItsWayParts is what of an order has left, in words.
func onItsWayParts(v *bot.View, r *bot.Person, o *bot.Order) string {
	var gone []bot.Part
	for n := range o.Items {
		if q := o.Quantities(n); q.Shipped > 0 {
			gone = append(gone, bot.Part{ID: o.Items[n].ID, Quantity: q.Shipped})
		}
	}
	return partWords(v, r, o, gone)
}
