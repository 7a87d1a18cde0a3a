package flows

import (
	"slices"

	"nevermind/bot"
)

// bankHasPaid: the bank has given back what was agreed. The hand answers at once that there is nothing to pay, so nobody reads
// that the shop was asked to send it.
var (
	bankHasPaid = cond("the bank has paid what was agreed", func(v *bot.View) bool {
		return v.Order != nil && amountOf(v, "amount").IsZero() && v.Order.Refundable().IsZero() &&
			slices.ContainsFunc(v.Order.Adjustments, func(a bot.Adjustment) bool {
				return a.Type == bot.Chargeback && a.Status == bot.AdjustmentCompleted
			})
	})
	bankAsksOrHasPaid = cond("a chargeback is open, or has paid what was agreed", func(v *bot.View) bool {
		return bankAsks.Holds(v) || bankHasPaid.Holds(v)
	})
)

// disputeRefunding are the states in which the shop sends the money, once the goods are back where they have to be first.
var disputeRefunding = refundStates(bot.State{
	Tell: bot.To{
		bot.Buyer: "{refund_why} I've asked the shop to send {amount} back to {method}, the way you paid. It should be there by " +
			"{refund_by}. I'll tell you when the shop has sent it.",
		bot.Seller: "{refund_why} The shop sends {amount} back to {buyer}.",
	},
	Card:   bot.To{bot.Support: "{refund_why} The shop is asked to send {amount} back.{decided_by}"},
	Rules:  []string{"S48", "S68", "S73", "S75"},
	Silent: bankAsksOrHasPaid,
	Then: bot.Moves{"refund_failed": bot.If(bankHasPaid, "charged_back").Else("with_support").
		Learning(unlessBankHasPaid(stuckBecause("refund_failed", "refund"))).Rules("S48", "S77")},
}, disputeRefundSent, bot.State{
	Tell: bot.To{
		bot.Buyer: "{sent_how} It should be there by {refund_by}; that usually takes {refund_interval}. " +
			"On {refund_half} I'll ask you a first time whether it has come. Please check your account statement then.",
		bot.Seller: "The shop has sent {amount} back to {buyer}. This case is closed. {law_parcel}",
	},
	Rules: []string{"S68", "S73", "S78"},
})

// disputeRefundSent leads to the end once the shop has sent the money.
var disputeRefundSent = bot.Go("refunded").Asking(watchArrival)

// unlessBankHasPaid learns nothing where nothing is due any more.
func unlessBankHasPaid(learn factsOf) factsOf {
	return func(v *bot.View, e *bot.Event) bot.Facts {
		if bankHasPaid.Holds(v) {
			return nil
		}
		return learn(v, e)
	}
}
