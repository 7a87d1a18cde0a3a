package flows

import (
	"strconv"
	"strings"
	"unicode"

	"nevermind/bot"
)

// nameOf is what somebody is called by a reader, never empty.
func nameOf(v *bot.View, r, who *bot.Person) string {
	if n := strings.TrimSpace(bot.Clean(who.Name)); hasVisible(n) {
		return shorten(n, 60)
	}
	_, id := who.ID.Split()
	switch who.Party() {
	case bot.Buyer:
		return v.Say(r, "Buyer ") + id
	case bot.Seller:
		return v.Say(r, "Seller ") + id
	}
	return v.Say(r, "Somebody")
}

// myName is what somebody is called to their face.
func myName(v *bot.View, r *bot.Person) string {
	if !hasVisible(r.Name) {
		return v.Say(r, "there")
	}
	return nameOf(v, r, r)
}

// hasVisible says whether anything of a name can be seen.
func hasVisible(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsSymbol(c) })
}

// partyName is the name of a side, in a record or of the order a talk is about.
func partyName(v *bot.View, r *bot.Person, p bot.Party) string {
	who := v.People[p]
	if who == nil {
		o := orderOf(v)
		if o == nil || v.Look == nil {
			return v.Say(r, "the "+string(p))
		}
		id := o.Buyer
		if p == bot.Seller {
			id = o.Seller
		}
		who = v.Look.Person(id)
	}
	return nameOf(v, r, who)
}

// askerName is who asks for a person: the actor, or the one person a help record is with.
func askerName(v *bot.View, r *bot.Person) string {
	if v.Actor.ID != "" && v.Actor.Party() != bot.Support {
		return nameOf(v, r, v.Actor)
	}
	for _, p := range []bot.Party{bot.Buyer, bot.Seller} {
		if who := v.People[p]; who != nil {
			return nameOf(v, r, who)
		}
	}
	return v.Say(r, "Somebody")
}

func ofOrder(v *bot.View, f func(*bot.Order) string) string {
	if o := orderOf(v); o != nil {
		return f(o)
	}
	return ""
}

func orderTitle(v *bot.View, r *bot.Person) string {
	if orderOf(v) == nil {
		return ""
	}
	return v.Say(r, "Order {order} · {item}")
}

// orderSummary is an order in words: its first line, and how many more there are.
func orderSummary(o *bot.Order) string {
	if len(o.Items) == 0 {
		return o.ID
	}
	t := bot.Clean(o.Items[0].Title)
	if n := len(o.Items) - 1; n > 0 {
		t = shorten(t, 40) + " +" + strconv.Itoa(n)
	}
	return t
}

// allLines is what an order holds.
func allLines(o *bot.Order) string {
	if len(o.Items) == 0 {
		return o.ID
	}
	if open := openLines(o); len(open) > 0 {
		return itemWords(open)
	}
	return itemWords(o.Items) // all of it is cancelled
}

func itemWords(items []bot.Item) string {
	var words []string
	for i, item := range items {
		if i == 3 && len(items) > 4 {
			words = append(words, "+"+strconv.Itoa(len(items)-3))
			break
		}
		w := bot.Clean(shorten(item.Title, 48))
		if item.Quantity > 1 {
			w = strconv.Itoa(item.Quantity) + " × " + w
		}
		words = append(words, w)
	}
	return strings.Join(words, ", ")
}

// linesTerm is what is to be cancelled: the whole order, or the lines chosen (S20).
func linesTerm(v *bot.View, r *bot.Person) string {
	chosen := markedLines(v)
	o := orderOf(v)
	if len(chosen) == 0 {
		if left := openLines(o); len(left) > 0 && len(left) < len(o.Items) {
			return v.Say(r, "the rest of the order") + " (" + itemWords(left) + ")"
		}
		return v.Say(r, "the whole order ({lines_all})")
	}
	var items []bot.Item
	for _, item := range o.Items {
		for _, id := range chosen {
			if item.ID == id {
				items = append(items, item)
			}
		}
	}
	return itemWords(items)
}

// amountShown is what goes back: settled in a record, worked out in a talk.
func amountShown(v *bot.View) string {
	if a := v.Fact("amount"); a != "" {
		return a
	}
	if orderOf(v) == nil {
		return ""
	}
	return asked(v).String()
}

// method is how the order was paid.
func method(v *bot.View) string {
	if o := orderOf(v); o != nil && o.Method != "" {
		return o.Method
	}
	return "other"
}

func methodWords(method string) string {
	switch method {
	case "card":
		return "your card"
	case "bank":
		return "your bank account"
	case "wallet":
		return "your wallet"
	}
	return "where it came from"
}

func waitingTerm(v *bot.View, r *bot.Person) string {
	n := len(openRecords(v))
	if n == 0 {
		return v.Say(r, "Nothing is waiting at the moment.")
	}
	return v.Count(r, n, "One request is open.", "{n} requests are open.")
}

// fieldAsk is what is asked now; before a last yes, all that was answered stands above it once more.
func fieldAsk(v *bot.View, r *bot.Person) string {
	return ofField(v, func(f *bot.Field) string {
		if f.Kind == bot.Files && filesSent.Holds(v) {
			return v.Say(r, "You can send more, or end with a few words, or press “That is all”.")
		}
		if f.Kind == bot.Sure {
			return answersSoFar(v) + talkDecisionPreview(v, r) + f.Ask
		}
		return f.Ask
	})
}

// ofField says something of the field that is being asked.
func ofField(v *bot.View, say func(*bot.Field) string) string {
	if f := currentField(v); f != nil {
		return say(f)
	}
	return ""
}

// answersSoFar lists a form's answers so far, one a line.
func answersSoFar(v *bot.View) string {
	var lines strings.Builder
	for _, f := range v.Frame.Fields {
		value := bot.Clean(v.Fact(f.Name))
		for _, o := range f.Options {
			if o.Value == value {
				value = o.Label
			}
		}
		switch {
		case f.Kind == bot.Sure || value == "":
			continue
		case f.Kind == bot.Text:
			value = "“" + value + "”"
		}
		lines.WriteString("• " + value + "\n")
	}
	return lines.String()
}

// shopWord is what the shop says of a command, late or twice.
func shopWord(v *bot.View, r *bot.Person, outcome string) string {
	switch outcome {
	case "refund_settled":
		return v.Say(r, "it has sent {amount}")
	case "refund_failed":
		return v.Say(r, "it could not send {amount}")
	case "order_cancelled":
		return v.Say(r, "it has cancelled the order")
	}
	return v.Say(r, "it did not cancel the order")
}
