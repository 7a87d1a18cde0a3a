package flows

import (
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// returnOrReport is the one name of the way to the talk about goods.
const returnOrReport = "Return it or report a problem"

// The choices of the talk about goods. What is chosen is told by facts: the way back, the kind of claim, its amount.
var (
	somethingWrong = bot.Choice{Event: "problem_begun", Label: returnOrReport, Style: bot.Primary, When: noCaseOpen}
	giveBack       = bot.Choice{Event: "problem_begun", Label: returnOrReport, Style: bot.Primary}
	refuseAtDoor   = bot.Choice{
		Event: "way_chosen", Label: "Refuse it at the door", Facts: bot.Facts{"way": "refuse"}, When: stillOnItsWay,
	}
	leaveThere = bot.Choice{Event: "way_chosen", Label: "Don't collect it", Facts: bot.Facts{"way": "leave"}, When: stillOnItsWay}
	sendBack   = bot.Choice{Event: "way_chosen", Label: "Send it back unopened", Facts: bot.Facts{"way": ""}}
	claimPart  = bot.Choice{
		Event: "solution_chosen", Label: "Keep it and get some money back",
		Facts: bot.Facts{"claim_kind": "keep", "part": "yes"},
	}
	claimReturn = bot.Choice{
		Event: "solution_chosen", Label: "Send it back and get all the money",
		Facts: bot.Facts{"claim_kind": "return", "claim_amount": "", "part": ""},
	}
	claimAll = bot.Choice{
		Event: "solution_chosen", Label: "Keep it and get all the money back",
		Facts: bot.Facts{"claim_kind": "keep", "claim_amount": "", "part": ""},
	}
)

// problemKind is something that can be wrong with goods. The id is stored, and names a list of evidence in the policy.
type problemKind struct {
	id, label string
	delivered bool // only once the parcel is there
}

// problems are what can be wrong, in the order in which they are shown; the last has no fault in it.
var problems = []problemKind{
	{"not_received", "It hasn't come", false},
	{"damaged", "It's damaged", true},
	{"not_as_described", "It isn't as described", true},
	{"incomplete", "Something is missing", true},
	{"counterfeit", "I think it's a fake", true},
	{"unwanted", "I don't want it any more", false},
}

// listProblems lists what can be wrong with an order where it stands.
func listProblems(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, p := range problems {
		if p.delivered && !arrivedAtHand(v) {
			continue
		}
		choices = append(choices,
			bot.Choice{Event: "problem_chosen", Label: v.Say(v.Actor, p.label), Facts: bot.Facts{"problem": p.id}})
	}
	return choices
}

// arrivedAtHand says whether the goods at hand are there, by what the shop says.
func arrivedAtHand(v *bot.View) bool {
	if p := parcelOf(v); p != nil {
		return orderOf(v).Arrived(p)
	}
	return orderOf(v).Stage == bot.Delivered
}

// hearClaim reads how much a buyer asks back.
func hearClaim(v *bot.View, m *bot.Message) (bot.Event, bool) {
	text := strings.TrimSpace(m.Text)
	if text == "" || understand.CountDigits(understand.Digits(text)) == 0 {
		return bot.Event{}, false
	}
	value, unfit := fitAmount(&bot.Field{Max: mostBack(v)}, text)
	switch unfit {
	case "":
	case amountInTwoWays:
		return bot.Event{Name: "amount_unclear"}, true
	default:
		return bot.Event{Name: "amount_unfit"}, true
	}
	return bot.Event{Name: "amount_named", Facts: bot.Facts{"claim_amount": value}}, true
}

// allBack: where nothing came, all the money is asked for.
func allBack(_ *bot.View, e *bot.Event) bot.Facts {
	facts := bot.Facts{"way": "", "part": "", "claim_amount": "", "claim_kind": ""}
	if e.Facts["problem"] == "not_received" {
		facts["claim_kind"] = "keep"
	}
	return facts
}

// backFirst: the goods go back before the money.
func backFirst(*bot.View, *bot.Event) bot.Facts {
	return bot.Facts{"claim_kind": "return", "claim_amount": "", "part": ""}
}

// storyFacts records what the buyer wrote.
func storyFacts(_ *bot.View, e *bot.Event) bot.Facts {
	return bot.Facts{"story": strings.TrimSpace(e.Text)}
}

// openDispute sends the case, or finds the one that another phone has just opened.
func openDispute(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	o := orderOf(v)
	kind := "dispute"
	if v.Fact("problem") == "unwanted" {
		kind = "return"
	}
	asked := solutionAmount(v, "claim").String()
	facts := bot.Facts{"order": o.ID, "id": v.NewID("C"), "kind": kind, "amount": asked, "asked": asked}
	facts["claim_amount"] = asked
	for _, name := range []string{"problem", "story", "way", "claim_kind"} {
		if s := v.Fact(name); s != "" {
			facts[name] = s
		}
	}
	maps.Copy(facts, buyerHistory(v))
	about := o.ID
	if p := parcelOf(v); p != nil {
		facts["parcel"], facts["parcel_all"] = p.ID, mostBack(v).String()
		about += "/" + p.ID // each parcel may have a case of its own
	}
	return v.Look.CaseKey("dispute", about), bot.Event{Name: "dispute_opened", Facts: facts, Files: v.Frame.Files}
}

// hasLeft says whether an order, or a part of it, has left the seller and is not over.
func hasLeft(o *bot.Order) bool {
	return o.Stage == bot.Shipped || o.Stage == bot.PartShipped || o.Stage == bot.Delivered
}

// When a case about goods can be opened.
var (
	nothingShipped = cond("no order has left", func(v *bot.View) bool {
		return orderOf(v) == nil && len(listOrders(hasLeft)(v)) == 0
	})
	notLeft        = stageIs("the order has not left", bot.Unpaid, bot.Verifying, bot.Processing)
	mayStillCancel = stageIs("it can be cancelled", bot.Unpaid, bot.Processing)
	stillOnItsWay  = cond("it is still on its way", func(v *bot.View) bool {
		o, p := orderOf(v), parcelOf(v)
		return o != nil && (o.Stage == bot.PartShipped || o.Stage == bot.Shipped) && (p == nil || !o.Arrived(p))
	})
	unwanted    = factIs("problem", "unwanted")
	notReceived = factIs("problem", "not_received")
	problemTold = cond("what is wrong with goods that have come is said", func(v *bot.View) bool {
		return slices.ContainsFunc(problems, func(p problemKind) bool {
			return p.id == v.Fact("problem") && p.delivered && arrivedAtHand(v)
		})
	})
	partAsked      = factIs("part", "yes")
	disputeEnded   = cond("a case about the goods was settled before", func(v *bot.View) bool { return endedDispute(v) != nil })
	disputeTooLate = cond("the last day for a case has passed", func(v *bot.View) bool {
		last, known := lastDay(v)
		return known && v.Now.After(last)
	})
	tooEarly = cond("it may still be on its way", func(v *bot.View) bool {
		first, known := firstDay(v)
		return notReceived.Holds(v) && known && v.Now.Before(first)
	})
)
