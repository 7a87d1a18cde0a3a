package flows

import "nevermind/bot"

// costsTerm says what asking costs: nothing before it ships, unless this seller keeps a fee (S81, S82, Q7).
func costsTerm(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil {
		return ""
	}
	for _, f := range v.Policy.Fees {
		if f.Seller == "" || bot.NewPersonID(bot.Seller, f.Seller) == o.Seller {
			return v.Say(r, "Cost: none is certain; {seller} may keep a fee of ") + f.Amount.String() + v.Say(r, ", as their terms say.")
		}
	}
	return v.Say(r, "Cost: none, as long as it has not shipped.")
}

// whatFollows is what else a cancellation leads to, beyond the money (S80, S83–S85).
func whatFollows(v *bot.View, r *bot.Person) string {
	words := v.Say(r, "What else follows if the order is cancelled:\n• It may be sold out or dearer if you want it again; what is in your basket now is not kept for you.\n• It stays in your purchase history, as cancelled.")
	if len(markedLines(v)) > 0 {
		words += v.Say(r, "\n• The rest of the order goes on, and may ship later than planned.")
	}
	switch o := orderOf(v); {
	case o != nil && o.Coupon.Code != "" && o.Coupon.Used:
		words += v.Say(r, "\n• Your coupon is not paid out in money. Some shops credit it, some do not; the shop decides.")
	case o != nil && o.Coupon.Code != "":
		words += v.Say(r, "\n• Your coupon was not used, and stays yours.")
	}
	return words + v.Say(r, "\nIf you do nothing, the order goes on as it is.")
}
