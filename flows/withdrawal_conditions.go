package flows

import "nevermind/bot"

// Who may withdraw, who has, and how far it has come.
var (
	mayWithdraw = cond("the law lets the buyer withdraw", func(v *bot.View) bool {
		o := orderOf(v)
		return o != nil && withdrawable(v, o)
	})
	cannotWithdraw    = cond("the law gives no right to withdraw now", func(v *bot.View) bool { return !mayWithdraw.Holds(v) })
	nothingToWithdraw = cond("there is no order to withdraw from", func(v *bot.View) bool {
		return orderOf(v) == nil && len(listWithdrawable(v)) == 0
	})
	nothingToDeclare = cond("what is open is a withdrawal already, or its money is moving", func(v *bot.View) bool {
		c := openNow(v)
		return c != nil && !declarable(c)
	})
	mayDeclare = cond("the law lets the buyer withdraw, and they have not yet", func(v *bot.View) bool {
		return v.Order != nil && withdrawable(v, v.Order) && declarable(v.Conv)
	})
	sentIsEnough = cond("the buyer has proved that the goods were sent, and withdrawal_refund = sent", func(v *bot.View) bool {
		return byLaw.Holds(v) && v.Fact("return_code") != "" && v.Policy.Choices["withdrawal_refund"] == "sent"
	})
	codeIsOdd    = cond("the tracking code looks odd", func(v *bot.View) bool { return v.Fact("doubts") != "" })
	orderHasLeft = cond("the order has left", func(v *bot.View) bool { return v.Order.HasLeft() })
	moneyStuck   = cond("money is stuck", func(v *bot.View) bool { return v.Fact("stuck") != "" })
	returnOpen   = factIs("return_open", "yes")
	onItsWayBack = cond("it is on its way back", func(v *bot.View) bool { return v.Fact("return_code") != "" })
	byLaw        = factIs("law", "yes")
	notByLaw     = cond("it is not a withdrawal by law", func(v *bot.View) bool { return !byLaw.Holds(v) })
)

// listWithdrawable lists the buyer's orders that the law lets them withdraw from.
func listWithdrawable(v *bot.View) []bot.Choice {
	return listOrders(func(o *bot.Order) bool { return withdrawable(v, o) })(v)
}
