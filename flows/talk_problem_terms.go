package flows

import (
	"strings"

	"nevermind/bot"
)

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
