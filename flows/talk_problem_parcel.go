package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// choosingParcel asks which of several parcels something is wrong with; all of them is one more choice, as long as none has had
// a case of its own.
var choosingParcel = bot.States{
	"choosing_parcel": {
		Tell:  bot.To{bot.Here: "This order comes in several parcels. Which one is it about?"},
		Light: true,
		List:  listParcels,
		Offer: bot.Offers{bot.Here: {
			{Event: "parcel_chosen", Label: "All of them", Facts: bot.Facts{"parcel": allParcels}, When: noParcelHasCase}, back,
		}},
		Hear:  []bot.Hear{hearParcel},
		Rules: []string{"S20", "S25"},
		Then:  bot.Moves{"parcel_chosen": bot.Become("problem")},
	},
}

// allParcels is the fact "parcel" of a talk that is about the whole order.
const allParcels = "all"

var (
	parcelUnnamed = cond("it is not said which of several parcels", func(v *bot.View) bool {
		o := orderOf(v)
		return o != nil && hasLeft(o) && apart(o) && len(o.Sent()) > 1 && v.Fact("parcel") == ""
	})
	noParcelHasCase = cond("no parcel has a case of its own", func(v *bot.View) bool {
		return !slices.ContainsFunc(goodsCases(v), func(c bot.Conversation) bool { return c.Facts["parcel"] != "" && countsAsCase(&c) })
	})
	contentsUnknown = cond("it has not come, and what is in it is not known", func(v *bot.View) bool {
		p := parcelOf(v)
		return notReceived.Holds(v) && p != nil && len(p.Items) == 0
	})
)

// listParcels lists the parcels of an order that have left.
func listParcels(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	o := orderOf(v)
	for _, p := range o.Sent() {
		words := "{parcel} · on its way"
		if o.Arrived(&p) {
			words = "{parcel} · delivered"
		}
		choices = append(choices, bot.Choice{
			Event: "parcel_chosen", Facts: bot.Facts{"parcel": p.ID}, Label: withParcel(v, v.Actor, &p).Say(v.Actor, words),
		})
	}
	return choices
}

// hearParcel hears which parcel is meant by its tracking code.
func hearParcel(v *bot.View, m *bot.Message) (bot.Event, bool) {
	said := strings.ToUpper(m.Text)
	for _, p := range orderOf(v).Sent() {
		if p.Code != "" && strings.Contains(said, strings.ToUpper(p.Code)) {
			return bot.Event{Name: "parcel_chosen", Facts: bot.Facts{"parcel": p.ID}}, true
		}
	}
	return bot.Event{}, false
}

// goodsCases are the cases about an order's goods, open or closed.
func goodsCases(v *bot.View) []bot.Conversation {
	return v.Look.Cases("order:"+v.Fact("order"), "dispute", 50)
}

// countsAsCase says whether a case is open, or has ended with a decision or a payment.
func countsAsCase(c *bot.Conversation) bool {
	return c.Closed.IsZero() || slices.Contains([]string{"refused", "refunded", "not_returned", "charged_back"}, c.State)
}
