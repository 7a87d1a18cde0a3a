package flows

import (
	"strings"

	"nevermind/bot"
)

// problemTerms are what {names} stand for in the talk about goods.
var problemTerms = map[string]bot.Term{
	"problem":      problemTerm,
	"story_quoted": storyQuoted,
	"dispute_end":  disputeEnd,
	"problem_over": problemOver,
	"preview":      claimPreview,
	"what_helps":   whatHelps,
	"story_ask":    storyAsk,
}

// claimPreview itemises what a case about goods would bring, line by line, and how sure each is (S65, S67, S80–S82, Q7).
func claimPreview(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	var lines []string
	add := func(sum bot.Money, words string) {
		lines = append(lines, v.With(bot.Facts{"sum": sum.String()}).Say(r, words))
	}
	asked := solutionAmount(v, "claim")
	add(asked, "• You get {sum} back if {seller} agrees, or if our support team decides so.")
	if delivery := deliveryClaimed(v); asked == mostBack(v) && !delivery.IsZero() {
		add(delivery, "– {sum} of that is for delivery. Possible: some sellers keep it.")
	}
	if v.Fact("claim_kind") == "return" && v.Fact("way") == "" {
		add(asked, "– You usually pay for the way back. Certain, unless {seller} says otherwise.")
	}
	for _, f := range v.Policy.Fees {
		if f.Seller == "" || bot.NewPersonID(bot.Seller, f.Seller) == o.Seller {
			add(f.Amount, "– Possible: this seller may keep a fee of {sum}.")
		}
	}
	if o.Coupon.Code != "" && o.Coupon.Used {
		add(asked, "– Certain: your coupon isn't paid out. Only money that you paid comes back.")
	}
	return strings.Join(lines, "\n")
}

// deliveryClaimed is what of all that can go back was paid for delivery.
func deliveryClaimed(v *bot.View) bot.Money {
	o, p := orderOf(v), parcelOf(v)
	if p == nil {
		return o.Shipping
	}
	back, _ := o.RefundOfParcel(p.ID, v.Policy.RefundOrder)
	return back.Delivery
}

// problemTerm is what is wrong, to the buyer who says so.
func problemTerm(v *bot.View, r *bot.Person) string {
	if p := parcelOf(v); p != nil && problemOfParcel[v.Fact("problem")] != "" {
		return withParcel(v, r, p).Say(r, problemOfParcel[v.Fact("problem")])
	}
	for _, p := range problems {
		if p.id == v.Fact("problem") {
			return v.Say(r, problemWords[p.id])
		}
	}
	return v.Say(r, "Something is wrong with the goods.")
}

// problemWords are the problems as sentences.
var problemWords = map[string]string{
	"not_received": "The parcel hasn't come.", "damaged": "It came damaged.", "not_as_described": "It isn't as described.",
	"incomplete": "Something is missing.", "counterfeit": "It may be a fake.", "unwanted": "You no longer want it.",
}

// problemOfParcel are the same of one of several parcels.
var problemOfParcel = map[string]string{
	"not_received": "Parcel {parcel} hasn't come.", "damaged": "Parcel {parcel} came damaged.",
	"not_as_described": "Parcel {parcel} isn't as described.", "incomplete": "Something is missing from parcel {parcel}.",
	"counterfeit": "Parcel {parcel} may be a fake.", "unwanted": "You no longer want parcel {parcel}.",
}

// storyQuoted is what the buyer has told of it; who withdraws by law need tell nothing.
func storyQuoted(v *bot.View, r *bot.Person) string {
	if v.Fact("story") == "" {
		return ""
	}
	return quoted(v, r, v.Fact("story"))
}

// storyAsk asks for the buyer's own words.
func storyAsk(v *bot.View, r *bot.Person) string {
	switch v.Fact("problem") {
	case "unwanted":
		return v.Say(r, "What would you like to tell {seller}? One message, please; they and our support team read it "+
			"exactly as you write "+
			"it. Please don't unpack it: sellers take unopened goods back soonest.")
	case "not_received":
		return v.Say(r, "What do you know about the parcel? One message, please. {seller} and our support team read it exactly as you "+
			"write it.")
	}
	return v.Say(r, "Please describe it in one message: what you ordered, what came, and when you saw it. {seller} "+
		"and our support team "+
		"read it exactly as you write it.")
}

// problemOver says why no case can be opened about an order that is over.
func problemOver(v *bot.View, r *bot.Person) string {
	if orderOf(v).Stage == bot.Completed {
		return v.Say(r, "The shop counts this order as received, so no case can be opened about it any more. You can still "+
			"write to the seller, and a person can look at anything unusual.")
	}
	return stageNow(v, r)
}

// disputeEnd is how an earlier case about the order ended.
func disputeEnd(v *bot.View, r *bot.Person) string {
	if c := endedDispute(v); c != nil {
		return v.Say(r, recordStateWords[c.State])
	}
	return ""
}

// whatHelps says what proof helps with a problem, before it is sent (S46, S50, S52, S58, S62).
func whatHelps(v *bot.View, r *bot.Person) string {
	var asks []string
	unpacking := ""
	for _, p := range v.Policy.Evidence[v.Fact("problem")] {
		if p.From == bot.Buyer {
			asks = append(asks, "• "+v.Say(r, p.Ask))
		}
		if p.ID == "unpacking" {
			unpacking = v.Say(r, "Those from while you unpacked count most: without them it's hard to show that the damage isn't yours.")
		}
	}
	if len(asks) == 0 {
		return ""
	}
	return v.Say(r, "What helps most:") + "\n" + strings.Join(asks, "\n") + "\n" +
		v.Sentences(r, unpacking, v.Say(r, "You can send photos and videos now or later."))
}
