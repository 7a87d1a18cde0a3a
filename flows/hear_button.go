package flows

import (
	"slices"
	"strconv"

	"nevermind/bot"
)

// A button of a card may be meant in words: "no, it has shipped", "I changed my mind, don't cancel". Words do not press it. The
// talk asks what the button's form asks, or where it has none, whether it was meant; the answer to that is the press.

// buttonMeant is the one open record of the writer's that offers them one of these buttons, and the button; with several such
// records nobody can tell which, and the list of them is asked. Only records for which about holds count.
func buttonMeant(
	v *bot.View, events []string, about func(c *bot.Conversation) bool,
) (c bot.Conversation, o *bot.Offer, several bool) {
	for _, open := range openCasesOf(v) {
		offer := offered(&open, v.Actor.Party(), events)
		switch {
		case offer == nil || !about(&open):
		case o != nil:
			return c, nil, true
		default:
			c, o = open, offer
		}
	}
	return c, o, false
}

// offered is the first of some events that a record offers a party by a single button; nil where it offers none.
func offered(c *bot.Conversation, p bot.Party, events []string) *bot.Offer {
	for _, event := range events {
		var found []*bot.Offer
		for i := range c.Frame.Offers {
			if o := &c.Frame.Offers[i]; o.Event == event && o.Party == p && !o.Used && !o.Answer {
				found = append(found, o)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
	}
	return nil
}

// givenFacts are the answers to a form's fields that words have given.
type givenFacts func(about *bot.View, fields []bot.Field) bot.Facts

// askButton has the talk ask what a button of a record asks before it counts, as far as given does not answer it.
func askButton(v *bot.View, c *bot.Conversation, o *bot.Offer, given givenFacts) bot.Event {
	about := recordView(v, c)
	choice := choiceOf(c, o)
	var fields []bot.Field
	if choice.Form != nil {
		fields = choice.Form(about)
	} else {
		fields = []bot.Field{{Name: "sure", Kind: bot.Sure, Options: yesNo(o.Words),
			Ask: "Is this what you mean? Nothing has been sent yet."}}
	}
	facts := bot.Facts{}
	if given != nil {
		facts = given(about, fields)
	}
	next := 0
	for next < len(fields)-1 && (!fields[next].Asked(facts) || facts[fields[next].Name] != "") {
		next++
	}
	for i := range fields {
		fields[i].Ask = about.Say(v.Actor, fields[i].Ask)
		fields[i].Options = slices.Clone(fields[i].Options)
		for n := range fields[i].Options {
			fields[i].Options[n].Label = about.Say(v.Actor, fields[i].Options[n].Label)
		}
	}
	facts["form_key"], facts["form_event"], facts["form_offer"] = string(c.Key), o.Event, o.Token
	facts["form_title"], facts["field_no"] = about.Say(v.Actor, recordFlows[c.Flow].Title), strconv.Itoa(next)
	return bot.Event{Name: "form_opened", Facts: facts, Fields: fields}
}

// recordFlows are the flows whose buttons can be meant in words.
var recordFlows = map[string]*bot.Flow{"case": &caseFlow, "dispute": &dispute}

// choiceOf is the choice behind a record's button.
func choiceOf(c *bot.Conversation, o *bot.Offer) bot.Choice {
	for _, choice := range recordFlows[c.Flow].States[c.State].Offer[o.Party] {
		if choice.Event == o.Event && choice.Label == o.Words {
			return choice
		}
	}
	return bot.Choice{}
}

// recordView is a record as the writer may see it.
func recordView(v *bot.View, c *bot.Conversation) *bot.View {
	about := *v
	about.Conv, about.Frame = c, &c.Frame
	about.People = map[bot.Party]*bot.Person{}
	for party, id := range c.Parties {
		about.People[party] = v.Look.Person(id)
	}
	about.Order, _ = v.Look.OrderByID(c.Order)
	if v.BasePolicy != nil {
		about.Policy = v.BasePolicy.For(about.Order)
	}
	return &about
}
