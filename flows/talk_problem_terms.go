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
	add := func(what, amount, mark string) {
		lines = append(lines, "– "+v.Say(r, what)+amount+" ("+v.Say(r, mark)+")")
	}
	asked := solutionAmount(v, "claim")
	lines = append(lines, v.Say(r, "• Back to you: ")+asked.String()+v.Say(r, ", if it is agreed or decided so"))
	if left := o.Refundable(); asked == left && !o.Shipping.IsZero() {
		add("of that, what you paid for delivery: ", o.Shipping.String(), "possible: some sellers keep it")
	}
	if v.Fact("claim_kind") == "return" && v.Fact("way") == "" {
		add("the way back is usually yours to pay; nobody adds it to the refund", "", "certain, unless the seller says otherwise")
	}
	for _, f := range v.Policy.Fees {
		if f.Seller == "" || bot.NewPersonID(bot.Seller, f.Seller) == o.Seller {
			add("this seller may keep a fee: ", f.Amount.String(), "possible")
		}
	}
	if o.Coupon.Code != "" && o.Coupon.Used {
		add("your coupon is not paid out: only money that was paid comes back", "", "certain")
	}
	return strings.Join(lines, "\n")
}

// problemTerm is what is wrong, as a heading.
func problemTerm(v *bot.View, r *bot.Person) string {
	for _, p := range problems {
		if p.id == v.Fact("problem") {
			return v.Say(r, problemWords[p.id])
		}
	}
	return v.Say(r, "something is wrong with the goods")
}

// problemWords are the same as headings.
var problemWords = map[string]string{
	"not_received": "the parcel has not come", "damaged": "it is damaged", "not_as_described": "it is not as described",
	"incomplete": "something is missing", "counterfeit": "it may be a fake", "unwanted": "it is no longer wanted",
}

// storyQuoted is what the buyer has told of it; who withdraws by law need tell nothing.
func storyQuoted(v *bot.View, _ *bot.Person) string {
	if v.Fact("story") == "" {
		return ""
	}
	return quoted(v.Fact("story"))
}

// storyAsk asks for the buyer's own words.
func storyAsk(v *bot.View, r *bot.Person) string {
	switch v.Fact("problem") {
	case "unwanted":
		return v.Say(r, "What should {seller} know? Write it in one message; they and support read it as it is. "+
			"Please do not unpack it: goods that were not opened are taken back soonest.")
	case "not_received":
		return v.Say(r, "What do you know of the parcel? Write it in one message; {seller} and support read it as it is.")
	}
	return v.Say(r, "Please describe it in one message: what you ordered, what came, and when you saw it. "+
		"{seller} and support will read it as it is.")
}

// problemOver says why no case can be opened about an order that is over.
func problemOver(v *bot.View, r *bot.Person) string {
	if orderOf(v).Stage == bot.Completed {
		return v.Say(r, "You have confirmed that you received this order, so it is completed and no case can be opened about it any "+
			"more. You can still write to the seller, and a person can look at anything unusual.")
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
	for _, p := range v.Policy.Evidence[v.Fact("problem")] {
		if p.From == bot.Buyer {
			asks = append(asks, v.Say(r, p.Ask))
		}
	}
	if len(asks) == 0 {
		return ""
	}
	return v.Say(r, "What helps most: ") + strings.Join(asks, "; ") + v.Say(r, ". Photos and videos can come along, here or later.")
}
