package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// meaning is where words lead that were not understood for sure: it asks which of two things was meant. Whoever was not
// understood twice in a row is offered a person.
var meaning = bot.Flow{
	Name:   "meaning",
	About:  "Words that were not surely understood: which of two things was meant, or a person.",
	Talk:   true,
	First:  "asking_meaning",
	Starts: []bot.Way{{If: nothingMeant, To: "offering_person"}},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: with(talkAlways, bot.Moves{
		"meaning_asked":  bot.Become("meaning"),
		"cancel_asked":   bot.Become("cancel").Rules("S12", "S19"),
		"problem_begun":  bot.Become("problem").Rules("S53"),
		"cases_asked":    bot.Become("cases").Rules("S76"),
		"orders_asked":   bot.Become("orders").Rules("S19"),
		"about_asked":    bot.Become("about"),
		"complaint_made": bot.Become("complaint").Rules("S31", "S51"),
	}),
	After: talkTimeout,
	Facts: []string{"number"},
	States: bot.States{
		"asking_meaning": {
			Tell:  bot.To{bot.Here: "I'm not sure I understood. Did you mean:"},
			Light: true,
			Offer: bot.Offers{bot.Here: append(meaningChoices(), neither, back)},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"offering_person": {
			Tell:  bot.To{bot.Here: "I still don't understand, sorry. Shall I call a person?"},
			Light: true,
			Offer: bot.Offers{bot.Here: {aPerson, back}},
			Rules: []string{"S91"},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
	},
}

// neither is for whoever meant something else.
var neither = bot.Choice{Event: "person_asked", Label: "Neither: a person, please"}

// meanings are what may be asked about, each as its button says it.
var meanings = []struct {
	intent understand.Intent
	choice bot.Choice
}{
	{understand.CancelOrder, bot.Choice{Event: "cancel_asked", Label: "Cancel an order"}},
	{understand.OrderStatus, bot.Choice{Event: "orders_asked", Label: "Where it stands"}},
	{understand.OpenDispute, bot.Choice{Event: "problem_begun", Label: "Something is wrong with my order"}},
	{understand.RefundStatus, bot.Choice{Event: "cases_asked", Label: "My money back", Facts: bot.Facts{"wants": "money"}}},
	{understand.RefundPolicy,
		bot.Choice{Event: "about_asked", Label: "How refunds work", Facts: bot.Facts{"topic": "topic_refunds"}}},
	{understand.ContactSeller, bot.Choice{Event: "seller_asked", Label: "Write to the seller"}},
	{understand.ChangeOrder, bot.Choice{Event: "change_asked", Label: "Change what I ordered"}},
	{understand.TakeItBack, bot.Choice{Event: "not_cancelling", Label: "Keep my order"}},
	{understand.Escalate, bot.Choice{Event: "complaint_made", Label: "Make a complaint"}},
	{understand.DeleteMyData, bot.Choice{Event: "privacy_asked", Label: "My data"}},
	{understand.ChangeLanguage, bot.Choice{Event: "language_asked", Label: "Language"}},
	{understand.HumanAgent, bot.Choice{Event: "person_asked", Label: "A person, please"}},
}

// meaningChoices are the buttons of all meanings, each shown where it may be meant.
func meaningChoices() (all []bot.Choice) {
	for _, m := range meanings {
		choice := m.choice
		choice.When = cond("it may be "+string(m.intent), func(v *bot.View) bool {
			return slices.Contains(strings.Fields(v.Fact("meant")), string(m.intent))
		})
		all = append(all, choice)
	}
	return all
}

var nothingMeant = factIs("meant", "")

// askable turns an intent into one that has a button, where it is like one.
var askable = map[understand.Intent]understand.Intent{
	understand.Late:       understand.OrderStatus,
	understand.ListOrders: understand.OrderStatus,
	understand.Greeting:   understand.OutOfScope,
	understand.ThanksBye:  understand.OutOfScope,
}

// hearMeaning hears that words may mean one of two things; or that it is the second time in a row that nothing is understood.
// It is the last that a talk hears, and only for those who buy here or are strangers.
func hearMeaning(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if v.Actor.Party() != bot.Buyer && v.Actor.ID != "" || strings.TrimSpace(m.Text) == "" || namesOffer(v, m.Text) {
		return bot.Event{}, false
	}
	var meant []string
	for _, i := range understand.Decide(m.Text, v.Actor.Language).Ask {
		if like, ok := askable[i]; ok {
			i = like
		}
		if i != understand.OutOfScope && i != understand.HumanAgent && !slices.Contains(meant, string(i)) {
			meant = append(meant, string(i))
		}
	}
	if len(meant) == 0 {
		meant = guessed(v, m)
	}
	if len(meant) == 0 && !missedBefore(v) {
		return bot.Event{}, false
	}
	return bot.Event{Name: "meaning_asked", Facts: bot.Facts{"meant": strings.Join(meant, " ")}}, true
}

// missedBefore says whether the last words in this talk were not understood either.
func missedBefore(v *bot.View) bool { return v.Conv.Missed > 0 && v.Conv.Missed == v.Conv.Entries }
