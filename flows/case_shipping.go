package flows

import (
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// caseShipping is the state in which somebody says that the parcel has left although the buyer asked to cancel.
var caseShipping = bot.States{
	// The shop says it, which settles it: cancelling is over (S06). Or only the seller says it, and then it has to be proved
	// within the policy's "shipping_proof": by the shop's word, or by the carrier's receipt (S46). What is not proved counts
	// as no answer, and the policy says what follows from that. Meanwhile the buyer can keep the order, ask for the dispatch
	// notice, which has a deadline of its own, or doubt it, which brings in support. The tracking code is checked for what
	// looks odd (S47).
	"checking_tracking": {
		Tell: bot.To{
			bot.Buyer:  "{shipping_news} {what_to_do}",
			bot.Seller: "{shipping_for_seller} {evidence_mine}",
		},
		Card: bot.To{bot.Support: "{shipping_news}"},
		Do:   "check_tracking",
		Offer: bot.Offers{
			bot.Buyer:   {keepIt, goodsWrong, doubt, withdrawByLaw, askNotice, writeSeller, addFiles, aPerson, askForecast},
			bot.Seller:  {acceptUnshipped, showReceipt, addFiles, writeToBuyer, askForecast},
			bot.Support: {confirmCall, dropCall, byPhone, toBuyer, toSeller, askForecast},
		},
		After: bot.Waits{
			{Half: "shipping_proof", Event: "proof_reminded", When: proofDue},
			{Full: "shipping_proof", Event: "shipping_unproved", When: proofDue, Judges: true},
			{Full: "dispatch_notice", Event: "notice_late", When: noticeDue},
			{Full: "negotiation", Event: "negotiation_over", Kept: true},
		},
		Rules: []string{"S06", "S07", "S46", "S47", "Q4"},
		Then: bot.Moves{
			"tracking_checked": codeDoubted,
			"order_kept":       bot.Go("withdrawn"),
			"goods_wrong":      reportInstead,
			"proof_reminded": bot.Stay().Saying(bot.To{bot.Seller: "A reminder: please show that the parcel has left. " +
				"Send me the carrier's receipt, or have the shop mark the order as shipped. {next_says}"}).Rules("S46"),
			"shipping_unproved": bot.ByPolicy("seller_silence", "approve", "cancelling").Else("with_support").
				Learning(silenceCounts("unproved", "unproved")).Rules("S42", "S46"),
			"notice_asked": bot.Stay().Learning(noticeAsked).Restarting("dispatch_notice").Saying(bot.To{
				bot.Seller: "{buyer} asks for the carrier's receipt. Please send it by {notice_by}. " +
					"Our support team sees how fast you answer.",
				bot.Here: "I've asked {seller} for the carrier's receipt. {notice_else}",
			}).Rules("S46"),
			"notice_late": bot.Stay().Learning(setFact("notice_due", "")).Saying(bot.To{
				bot.Buyer: "{seller} hasn't sent the carrier's receipt. If you doubt that the parcel has left, press " +
					"“I doubt it, ask support”. If it moves, or you have it already, you don't need to do anything.",
				bot.Seller: "You haven't sent the carrier's receipt that {buyer} asked for. You still can, and our support team sees " +
					"when it came.",
				bot.Support: "{seller} hasn't sent the carrier's receipt that {buyer} asked for in case {case}.",
			}).Rules("S46"),
			"file_added": bot.Stay().Learning(noticeAnswered).Restarting("shipping_proof", "dispatch_notice").Quoting(bot.To{
				bot.Buyer:   "{files_for_buyer}\n{receipt_came}",
				bot.Seller:  "{files_for_seller}",
				bot.Support: "{files_for_support}",
				bot.Here:    "{files_received}",
			}, answers).Following(askWhatFilesShow).Dealing(bot.Seller).Rules("S46", "S52"),
			"proof_named": bot.Stay().Learning(proofFacts).Restarting("shipping_proof").
				Saying(bot.To{bot.Here: "{proof_noted}\n{receipt_missing}", bot.Support: "{proof_for_support}"}).
				Dealing(bot.Seller).Rules("S46", "S52"),
			"seller_untold":    untold(bot.Seller),
			"doubted":          bot.Go("with_support").Learning(setFact("why", "doubted")).Rules("S46", "S47", "S51"),
			"negotiation_over": bot.Go("with_support").Learning(setFact("why", "negotiation_over")).Rules("S55"),
			"seller_accepted":  bot.Go("cancelling").Learning(sellerAgreed),
			"order_shipped": bot.Stay().Learning(shopConfirmedShipping).Restarting("shipping_proof").
				Saying(bot.To{bot.Buyer: "{confirms}", bot.Seller: "{confirms}"}).Rules("S46"),
			"order_delivered": bot.Stay().Learning(setFact("shop_says", "shipped")).Restarting("shipping_proof").
				Saying(bot.To{bot.Buyer: "The shop says the parcel has been delivered. " +
					"If it hasn't, press “I doubt it, ask support”."}),
			"order_cancelled": bot.If(owed, "refunding").Else("cancelled").Learning(shopCancelledAll),
		},
	},
}

// showReceipt is the seller's button for the carrier's receipt, while it is missing.
var showReceipt = bot.Choice{
	Event: "file_added", Label: "Send the carrier's receipt", When: proofDue, Style: bot.Primary,
	Form: bringFiles("Send a photo or a document of the carrier's receipt for this parcel. The buyer and our support team will " +
		"see it."),
}

// Whether shipping is proved.
var (
	receiptShown = cond("the seller has shown a receipt", func(v *bot.View) bool { return len(receipts(v)) > 0 })
	proofDue     = cond("nobody has proved that it has left", func(v *bot.View) bool {
		return notShipped.Holds(v) && v.Fact("shipping_said") != "" && !receiptShown.Holds(v)
	})
	noticeDue    = cond("a dispatch notice was asked for", func(v *bot.View) bool { return v.Fact("notice_due") != "" })
	mayAskNotice = cond("the seller has a chat and has shown no receipt", func(v *bot.View) bool {
		return sellerReachable.Holds(v) && !receiptShown.Holds(v)
	})
)

// receipts are the files by which a seller shows that the parcel has left: all that they have brought, but for the ones of
// which they have said that they show something else. Nobody loses by not saying what a file shows.
func receipts(v *bot.View) []bot.File {
	other, receipt := strings.Fields(v.Fact("shown_else")), strings.Fields(v.Fact("shown_dispatch"))
	return slices.DeleteFunc(filesFrom(v, bot.Seller, time.Time{}), func(f bot.File) bool {
		return slices.Contains(other, shortHash(f.Hash)) && !slices.Contains(receipt, shortHash(f.Hash))
	})
}

// shippingProofWindow is how long is left to prove that the parcel has left, counted from when the seller has said so. A
// record of a version that did not keep the time has the whole of it.
func shippingProofWindow(v *bot.View) bot.Window {
	said, err := time.Parse(time.RFC3339, v.Fact("shipping_said"))
	if err != nil {
		return v.Policy.Windows["shipping_proof"]
	}
	return windowUntil(v, v.Policy.After(v.Policy.Windows["shipping_proof"], said, sellersZone(v)))
}

// dispatchNoticeWindow is how long is left to send a dispatch notice that the buyer has asked for.
func dispatchNoticeWindow(v *bot.View) bot.Window { return windowUntil(v, noticeBy(v)) }

// noticeBy is until when a dispatch notice that is asked for has to come: as long as proof of shipping may take, and not
// later than that where it is still due.
func noticeBy(v *bot.View) time.Time {
	if due, err := time.Parse(time.RFC3339, v.Fact("notice_due")); err == nil {
		return due
	}
	by := v.Policy.After(v.Policy.Windows["shipping_proof"], v.Now, sellersZone(v))
	if proofDue.Holds(v) {
		if due := v.Now.Add(shippingProofWindow(v).Length); due.Before(by) {
			return due
		}
	}
	return by
}

// sellerClaimsShipped: the seller says that it has shipped; the shop has not confirmed it. The time to prove it runs from
// now.
func sellerClaimsShipped(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"shop_says": "", "shipping_said": v.Now.UTC().Format(time.RFC3339)}
}

// noticeAsked records until when the dispatch notice has to come. Where shipping itself has to be proved by then anyway,
// that deadline says what follows.
func noticeAsked(v *bot.View, _ *bot.Event) bot.Facts {
	if proofDue.Holds(v) {
		return nil
	}
	return bot.Facts{"notice_due": noticeBy(v).UTC().Format(time.RFC3339)}
}

// noticeAnswered forgets a notice that was asked for, once the seller has brought something.
func noticeAnswered(_ *bot.View, e *bot.Event) bot.Facts {
	if e.By == bot.Seller && len(e.Files) > 0 {
		return bot.Facts{"notice_due": ""}
	}
	return nil
}
