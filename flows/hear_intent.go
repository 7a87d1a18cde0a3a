package flows

import (
	"regexp"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// wishEvents are the events by which talks hear what people want. What a dispute or a question is about, dispute and topic
// say: see hearWish.
var wishEvents = map[understand.Intent]string{
	understand.CancelOrder:    "cancel_asked",
	understand.OrderStatus:    "parcel_sought",
	understand.Late:           "parcel_sought",
	understand.RefundStatus:   "cases_asked",
	understand.RefundPolicy:   "about_asked",
	understand.OpenDispute:    "problem_begun",
	understand.HumanAgent:     "person_asked",
	understand.ThanksBye:      "thanked",
	understand.DeleteMyData:   "privacy_asked",
	understand.Greeting:       "greeted",
	understand.ChangeLanguage: "language_asked",
	understand.ContactSeller:  "seller_asked",
	understand.ListOrders:     "orders_asked",
	understand.Escalate:       "complaint_made",
	understand.TakeItBack:     "not_cancelling",
	understand.ChangeOrder:    "change_asked",
}

// explained are questions about how things work here; of other languages the commands ask it.
var explained = regexp.MustCompile(`\bhow (does|do) (it|this|that|you|cancell?\w*) work|\bwhat (can|do) you do`)

// asksToCancel says whether free words ask to cancel something.
func asksToCancel(text, language string) bool {
	return understand.Decide(text, language).Act == understand.CancelOrder
}

// hearIntent hears what somebody wants from free words. A wish that is denied, past, quoted, somebody else's or only supposed
// is none; what is not sure enough is asked about by hearMeaning, and what names a line of the list at hand chooses it.
func hearIntent(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if namesOffer(v, m.Text) {
		return bot.Event{}, false
	}
	if explained.MatchString(plainWords(m.Text)) {
		topic, _ := hearTopic(v, m)
		return bot.Event{Name: "about_asked", Facts: bot.Facts{"topic": topic.Name}}, true
	}
	verdict := understand.Decide(m.Text, v.Actor.Language)
	switch {
	case asksReason(v) && !verdict.LeavesReason() && !verdict.AsksOrder():
		return bot.Event{}, false
	case verdict.Act == understand.TakeItBack, verdict.Act == "" && verdict.Denied == understand.CancelOrder:
		return takeBack(v, ""), true
	case neverCame(v, m, verdict), likelyTrouble(v, m, verdict):
		return troubleBegun(v, m.Text), true
	case likelyPart(v, m, verdict):
		return wish(v, m, understand.CancelOrder), true
	case verdict.Act != "":
		return wish(v, m, verdict.Act), true
	case verdict.IfOnly == understand.CancelOrder:
		return bot.Event{Name: "about_asked", Facts: bot.Facts{"topic": policyTopic(v, m)}}, true
	}
	return bot.Event{}, false
}

// wish is the event of a wish, with what it is about.
func wish(v *bot.View, m *bot.Message, i understand.Intent) bot.Event {
	said := func(names ...string) bool { return understand.Mentions(m.Text, v.Actor.Language, names...) }
	event := bot.Event{Name: wishEvents[i]}
	switch {
	case i == understand.CancelOrder && v.Look != nil:
		return withPart(v, event, m.Text)
	case i == understand.OrderStatus, i == understand.Late:
		return seekParcel(v)
	case i == understand.RefundPolicy && said("can") && said("refund", "money") &&
		!said("how", "howlong", "what", "when", "if", "fee"): // "can I have my money back?"
		event.Name, event.Facts = "cases_asked", bot.Facts{"wants": "money"}
	case i == understand.RefundPolicy:
		event.Facts = bot.Facts{"topic": policyTopic(v, m)}
	case i == understand.RefundStatus:
		event.Facts = bot.Facts{"wants": "money"}
	case i == understand.ChangeOrder && said("address"):
		event.Name = "address_asked"
	case i == understand.OpenDispute && said("broken", "wrong", "nothere", "return", "dispute", "fake", "lacking", "colour"):
		return troubleBegun(v, m.Text)
	case i == understand.OpenDispute && said("complain", "scam"):
		event.Name = "complaint_made"
	case i == understand.OpenDispute && said("refund", "money", "giveback"):
		event.Name, event.Facts = "cases_asked", bot.Facts{"wants": "money"}
	case i == understand.OpenDispute:
		return troubleBegun(v, m.Text)
	}
	return event
}

// takeBack is what somebody wants who changes their mind about cancelling: their request withdrawn, where one is open; of
// several it is asked which, unless they name its order. Where a request is only being made, nothing has been sent.
func takeBack(v *bot.View, order string) bot.Event {
	kept := bot.Event{Name: "not_cancelling"}
	if v.Look == nil || v.Actor.Party() != bot.Buyer || v.Frame.Flow == "cancel" {
		return kept
	}
	c, o, several := buttonMeant(v, []string{"withdrawn", "order_kept"}, func(c *bot.Conversation) bool {
		return order == "" || c.Order == order
	})
	switch {
	case several:
		return bot.Event{Name: "cases_asked"}
	case o == nil:
		return kept
	}
	return askButton(v, &c, o, nil)
}

// policyTopic is what a question about the rules is about: when an order can be cancelled, or how long money takes.
func policyTopic(v *bot.View, m *bot.Message) string {
	if topic, ok := hearTopic(v, m); ok {
		return topic.Name
	}
	said := func(names ...string) bool { return understand.Mentions(m.Text, v.Actor.Language, names...) }
	if said("cancel", "fee") && !said("refund", "money") {
		return "topic_stages"
	}
	return "topic_refunds"
}

// asksReason says whether a reason for cancelling is asked for just now.
func asksReason(v *bot.View) bool {
	return v.Frame.Flow == "cancel" && v.Frame.State == "choosing_reason"
}

// namesOffer says whether everything that was typed stands in the label of one line of the list that is on offer.
func namesOffer(v *bot.View, text string) bool {
	typed := strings.Fields(plainWords(text))
	return len(typed) > 0 && slices.ContainsFunc(v.Frame.Offers, func(o bot.Offer) bool {
		label := strings.Fields(plainWords(o.Label))
		return o.Listed() && !slices.ContainsFunc(typed, func(w string) bool { return !slices.Contains(label, w) })
	})
}

// seekParcel is what somebody wants who asks where their parcel is: the order that the talk is about, or the one that is under
// way; where there are several, the list of them.
func seekParcel(v *bot.View) bot.Event {
	if v.Look == nil {
		return bot.Event{Name: "orders_asked"}
	}
	sought := ""
	if o := orderOf(v); o != nil {
		sought = o.ID
	} else if v.Actor.Party() == bot.Buyer {
		for _, o := range v.Look.Orders(0, mostLookedAt) {
			if o.Stage == bot.Cancelled || o.Stage == bot.Completed {
				continue
			}
			if sought != "" {
				return bot.Event{Name: "orders_asked"}
			}
			sought = o.ID
		}
	}
	if sought == "" {
		return bot.Event{Name: "orders_asked"}
	}
	return bot.Event{Name: "order_named", Facts: bot.Facts{"order": sought}}
}
