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
		return v.Say(r, "Your bank has asked the shop to give back {charged}, but {amount} has already been sent to you. "+
			"If you didn't mean that, please tell your bank. What comes twice has to be returned.")
	case twice:
		return v.Say(r, "A chargeback of {charged} is open about order {order}, although {amount} has already been sent back. "+
			"Please show the bank that it was.")
	case mine:
		return v.Say(r, "Your bank has asked the shop to give back {charged}, besides the {amount} that has been sent to you. "+
			"Until that is decided, no other refund of this order goes out from here.")
	}
	return v.Say(r, "A chargeback of {charged} is open about order {order}, besides the {amount} that has been sent back.")
}

// chargeLost tells of a chargeback that the shop has lost after money has been sent.
func chargeLost(v *bot.View, r *bot.Person) string {
	switch twice, mine := comesTwice(v.Order), r.Party() == bot.Buyer; {
	case twice && mine:
		return v.Say(r, "The bank has decided to give you {charged} back, but {amount} has already been sent to you. "+
			"Our support team will write to you about what came twice.")
	case twice:
		return v.Say(r, "The chargeback about order {order} is lost: {charged} goes back although {amount} has already been sent. "+
			"Please write to the buyer about what came twice.")
	case mine:
		return v.Say(r, "The bank has decided for you: you get {charged} back from your bank.")
	}
	return v.Say(r, "The chargeback about order {order} is lost: {charged} goes back by the bank.")
}
