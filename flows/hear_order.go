package flows

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// hearOrder hears an order by its number, in groups or whole, or by a link with its number (S25). With a wish to cancel or a
// complaint beside it, that is what is heard, about this order; of several, a buyer is asked which. A number of six digits and
// more that is no order of theirs is said to be unknown, and the wish beside it is heard as well; a shorter one may be anything.
func hearOrder(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if v.Look == nil || utf8.RuneCountInString(m.Text) > 500 {
		return bot.Event{}, false
	}
	text := understand.Digits(m.Text)
	if o, ok := v.Look.OrderByID(bareNumber(text)); ok {
		return bot.Event{Name: "order_named", Facts: bot.Facts{"order": o.ID}}, true
	}
	likely, named := "", []string(nil)
	for _, c := range understand.OrderNumbers(m.Text) {
		if o, ok := v.Look.OrderByID(c.Number); ok {
			if !slices.Contains(named, o.ID) {
				named = append(named, o.ID)
			}
		} else if c.Likely && likely == "" {
			likely = c.Number
		}
	}
	e := bot.Event{Name: "order_unknown", Facts: bot.Facts{"number": likely}}
	switch {
	case len(named) > 1 && v.Actor.Party() == bot.Buyer:
		e = severalNamed(v, m, named)
	case len(named) > 0:
		if back, ok := takesBack(v, m, named[0]); ok {
			return back, true
		}
		e = withWish(v, m, bot.Event{Name: "order_named", Facts: bot.Facts{"order": named[0]}})
	case likely == "":
		return bot.Event{}, false
	default:
		return unknownWithWish(v, m, e), true
	}
	if len(likely) == len(named[0]) && v.Actor.Party() == bot.Buyer && besideUnknown[e.Name] {
		e.Name += "_unknown"
		e.Facts["number"] = likely
	}
	return e, true
}

// besideUnknown are the wishes that are heard beside a number of nobody's order, too: that it is unknown is said first.
var besideUnknown = wordSet("cancel_asked problem_begun order_named person_asked cases_asked orders_asked seller_asked " +
	"change_asked address_asked complaint_made about_asked")

// choosingFor are the wishes of the talks that ask for an order: more numbers than one do not change what is wished.
var choosingFor = map[string]string{"cancel": "cancel_asked", "problem": "problem_begun", "withdrawal": "withdrawal_begun"}

// severalNamed has a buyer who names several orders choose one of these, for the wish beside them or the one at hand.
func severalNamed(v *bot.View, m *bot.Message, ids []string) bot.Event {
	named := bot.Event{Name: "orders_asked", Facts: bot.Facts{}}
	if wish, ok := choosingFor[v.Frame.Flow]; ok && v.Frame.State == "choosing_order" {
		named.Name = wish
	}
	named = withWish(v, m, named)
	named.Facts["order"], named.Facts["named"] = "", strings.Join(ids, "\n")
	return named
}

// unknownWithWish makes an unknown number the wish that a buyer says beside it: they hear that it is unknown, and choose
// another order for the wish, whichever the talk was about before.
func unknownWithWish(v *bot.View, m *bot.Message, unknown bot.Event) bot.Event {
	act := understand.Decide(m.Text, v.Actor.Language).Act
	if v.Actor.ID == "" || v.Actor.Party() != bot.Buyer || act == "" {
		return unknown
	}
	wished := bot.Event{Name: "orders_asked"} // where an order stands that is none of theirs nobody can say
	if act != understand.OrderStatus && act != understand.Late {
		wished = wish(v, m, act)
	} else if noOrders.Holds(v) {
		return unknown // that there are none to choose from need not be said besides
	}
	if !besideUnknown[wished.Name] {
		return unknown
	}
	maps.Copy(unknown.Facts, wished.Facts)
	unknown.Name, unknown.Facts["order"] = wished.Name+"_unknown", ""
	return unknown
}

// takesBack hears that somebody wants a request withdrawn whose order they name.
func takesBack(v *bot.View, m *bot.Message, order string) (bot.Event, bool) {
	verdict := understand.Decide(m.Text, v.Actor.Language)
	if verdict.Act != understand.TakeItBack && (verdict.Act != "" || verdict.Denied != understand.CancelOrder) {
		return bot.Event{}, false
	}
	e := takeBack(v, order)
	return e, e.Name == "form_opened"
}

// withWish makes the naming of an order the wish that is said beside it, to cancel it or that something is wrong with it.
func withWish(v *bot.View, m *bot.Message, named bot.Event) bot.Event {
	act := understand.Decide(m.Text, v.Actor.Language).Act
	if act != understand.CancelOrder && act != understand.OpenDispute {
		return named
	}
	if wished := wish(v, m, act); wished.Name == "cancel_asked" || wished.Name == "problem_begun" {
		id := named.Facts["order"]
		named.Name = wished.Name
		maps.Copy(named.Facts, wished.Facts)
		named.Facts["order"] = id // what was named by its number, and not what the words would fit
		delete(named.Facts, "named")
	}
	return named
}

// bareNumber is a number that nothing else is said with, however short: "A-1", "#12", "Order 12".
func bareNumber(text string) string {
	if before, after, ok := strings.Cut(strings.TrimSpace(text), " "); ok && strings.EqualFold(before, "order") {
		text = after
	}
	return strings.TrimPrefix(strings.TrimSpace(text), "#")
}

// namesOrder says whether words have the number of an order of theirs in them.
func namesOrder(v *bot.View, text string) bool {
	return v.Look != nil && slices.ContainsFunc(understand.OrderNumbers(text), func(n understand.OrderNumber) bool {
		_, ok := v.Look.OrderByID(n.Number)
		return ok
	})
}
