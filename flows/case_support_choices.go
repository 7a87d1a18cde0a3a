package flows

import "nevermind/bot"

// mayUndo: what the bank has given back already can still be cancelled.
var mayUndo = cond("support may decide, and something can still go back or be cancelled", func(v *bot.View) bool {
	return mayGiveBack.Holds(v) || mayDecide.Holds(v) && cancelToo(v) != nil
})

var (
	fullRefund = bot.Choice{
		Event: "full_decided", Label: "Full refund", When: mayUndo, Style: bot.Primary, Form: func(v *bot.View) []bot.Field {
			return append(cancelToo(v), grounds, bot.Field{
				Name: "sure", Kind: bot.Sure, Ask: "{will_read}{others_hold}{buyer} gets {full} back. {undo_after} Decide this?",
				Options: yesNo("Yes, decide this"),
			})
		},
	}
	partialRefund = bot.Choice{
		Event: "partial_decided", Label: "Partial refund", When: mayGiveBack, Form: func(v *bot.View) []bot.Field {
			fields := append([]bot.Field{{
				Name: "amount", Kind: bot.Amount, Ask: "How much goes back? At most {refundable}.", Max: v.Order.Refundable(),
			}}, cancelToo(v)...)
			return append(fields, grounds, bot.Field{
				Name: "sure", Kind: bot.Sure, Ask: "{will_read}{others_hold}{buyer} gets that back. {undo_after} Decide this?",
				Options: yesNo("Yes, decide this"),
			})
		},
	}
	refuse = bot.Choice{
		Event: "refused_decided", Label: "Refuse", When: mayDecide, Style: bot.Danger, Form: func(*bot.View) []bot.Field {
			return []bot.Field{
				grounds,
				{
					Name: "sure", Kind: bot.Sure,
					Ask:     "{will_read}{others_hold}No money goes back, and the order goes ahead. {undo_after} Decide this?",
					Options: yesNo("Yes, decide this"),
				},
			}
		},
	}
	askEvidence   = bot.Choice{Event: "evidence_asked", Label: "Ask for evidence", When: mayDecide, Form: evidenceForm}
	retryCancel   = bot.Choice{Event: "cancel_retried", Label: "Try to cancel again", When: stuckCancel}
	refundAnyway  = bot.Choice{Event: "refund_ordered", Label: "Refund without cancelling", When: stuckCancelOwed}
	retryRefund   = bot.Choice{Event: "refund_retried", Label: "Start the refund again", When: amountFits, Style: bot.Primary}
	paidOtherwise = bot.Choice{
		Event: "paid_otherwise", Label: "It is paid: note how", When: moneyOut, Form: func(*bot.View) []bot.Field {
			return []bot.Field{{
				Name: "reference", Kind: bot.Text, Ask: "How was it paid, and under which reference? The buyer may ask for it.",
				Limit: 200,
			}}
		},
	}
	showFiles = bot.Choice{Event: "files_asked", Label: "Show the files", When: hasFiles}
	toBuyer   = bot.Choice{
		Event: "support_to_buyer", Label: "Write to the buyer",
		Form: letter("What would you like to tell {buyer}? They read it exactly as you write it."),
	}
	toSeller = bot.Choice{
		Event: "support_to_seller", Label: "Write to the seller",
		Form: letter("What would you like to tell {seller}? They read it exactly as you write it."),
	}
	dontWait = bot.Choice{Event: "went_on", Label: "Decide without waiting"}
	grounds  = bot.Field{
		Name:  "grounds",
		Kind:  bot.Text,
		Ask:   "What are your reasons? The buyer and the seller will read them.",
		Limit: 600,
	}
)

// cancelToo asks whether the order is cancelled with the verdict, where that can still be done.
func cancelToo(v *bot.View) []bot.Field {
	if v.Order.Stage == bot.Cancelled || v.Order.CancelOutcome(v.Frame.Facts) != "order_cancelled" {
		return nil
	}
	return []bot.Field{{Name: "cancels", Kind: bot.OneOf, Ask: "What happens to the order?",
		Options: []bot.Option{{Value: "yes", Label: "Cancel it too"}, {Value: "no", Label: "It goes on"}}}}
}
