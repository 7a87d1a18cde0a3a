package flows

import "nevermind/bot"

// comesTwice says whether more goes back than was paid, if the bank gives what it asks for.
func comesTwice(o *bot.Order) bool {
	back := o.PaidBack()
	for _, a := range o.Adjustments {
		if a.Type == bot.Chargeback && a.Status == bot.AdjustmentOpen {
			back = back.Plus(a.Amount)
		}
	}
	return o.Total.Less(back)
}

// chargeOpened tells of a chargeback after money has been sent: a warning where the same money would come twice.
func chargeOpened(v *bot.View, r *bot.Person) string {
	switch twice, mine := comesTwice(v.Order), r.Party() == bot.Buyer; {
	case twice && mine:
		return v.Say(r, "Your bank has asked the shop for {charged} of this order, although {amount} has been sent back to you "+
			"already. If you did not mean that, please tell your bank: what comes twice has to be returned.")
	case twice:
		return v.Say(r, "A chargeback of {charged} is open about order {order}, although {amount} has been sent back already. "+
			"Please show the bank that it was.")
	case mine:
		return v.Say(r, "Your bank has asked the shop for {charged} of this order, besides the {amount} that has been sent back to "+
			"you. Until that is decided, no other refund of this order is sent from here.")
	}
	return v.Say(r, "A chargeback of {charged} is open about order {order}, besides the {amount} that has been sent back.")
}

// chargeLost tells of a chargeback that the shop has lost after money has been sent.
func chargeLost(v *bot.View, r *bot.Person) string {
	switch twice, mine := comesTwice(v.Order), r.Party() == bot.Buyer; {
	case twice && mine:
		return v.Say(r, "The bank has decided that {charged} goes back to you, although {amount} has been sent already. "+
			"Our support team will write to you about what came twice.")
	case twice:
		return v.Say(r, "The chargeback about order {order} is lost: {charged} goes back although {amount} has been sent already. "+
			"Please write to the buyer about what came twice.")
	case mine:
		return v.Say(r, "The bank has decided for you: {charged} goes back to you by your bank.")
	}
	return v.Say(r, "The chargeback about order {order} is lost: {charged} goes back by the bank.")
}
