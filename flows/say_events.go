package flows

import "nevermind/bot"

// recordEventWords say what has happened to a record, by its event: a line of a timeline. Who did it stands beside it.
var recordEventWords = map[string]string{
	// The request, and the case about goods.
	"submitted": "Asked to cancel", "dispute_opened": "Opened a case", "withdrawn": "Withdrew the request",
	"withdrawn_by_law": "Withdrew from the contract by law", "withdrawal_begun": "Asked to withdraw from the contract",
	"nudged": "Reminded the seller", "order_kept": "Kept the order", "doubted": "Doubts that it has shipped",
	"notice_asked": "Asked for the dispatch notice", "notice_late": "No dispatch notice came in time",
	"seller_accepted": "Agreed", "seller_rejected": "Said no", "seller_offered": "Made an offer",
	"seller_shipped": "Said that it has shipped", "seller_reminded": "The seller was reminded",
	"seller_silent": "The seller did not answer in time", "seller_left": "The seller can no longer be reached",
	"seller_reached": "The seller can be reached", "buyer_left": "The buyer can no longer be reached",
	"buyer_reached": "The buyer can be reached", "buyer_offered": "Made an offer", "offer_taken": "Took the offer",
	"offer_declined": "Declined the offer", "negotiation_over": "The time to agree ran out",
	"claim_changed": "Changed what is asked for", "claim_refused": "Refused", "solution_offered": "Offered a solution",
	"solution_taken": "Took a solution", "proposed": "Suggested a solution", "support_asked": "Asked support to decide",
	// Letters and files.
	"buyer_wrote": "Wrote a message", "seller_wrote": "Wrote a message", "support_to_buyer": "Wrote to the buyer",
	"support_to_seller": "Wrote to the seller", "support_wrote": "Wrote a message", "support_noted": "Made a note",
	"reply_picked": "Chose a prepared reply", "reply_sent": "Sent a prepared reply", "file_added": "Added files",
	"files_asked": "Looked at the files", "files_shown": "Files went along", "proof_named": "Said what a file shows",
	"evidence_asked": "Asked for photos or files", "evidence_given": "Answered support", "evidence_late": "No answer came in time",
	"evidence_kept": "Kept a message as proof", "talk_asked": "Read the whole conversation",
	"ahead_asked": "Asked what happens next", "card_asked": "Looked at where it stands",
	"case_file_asked": "Asked for the case file", "case_sealed": "The case file was made", "seal_late": "The case file is late",
	"person_asked": "Asked for a person", "letter_unanswered": "No answer came to the message", "phoned": "Phoned",
	// Support.
	"claimed": "Took the case", "released": "Gave the case back", "handed_over": "Handed the case on",
	"snoozed": "Set the case aside", "snooze_over": "The case came back", "woken": "The case came back",
	"woken_by_hand": "Took the case up again", "support_reminded": "Support was reminded", "support_late": "Support is late",
	"support_silent": "Support did not decide in time", "leads_called": "The leads were told",
	"lead_unreached": "A lead could not be told", "case_linked": "Linked another case", "linked_back": "Was linked from another case",
	"linked_decided": "A linked case was decided", "went_on": "Went on without waiting", "full_decided": "Decided: all the money back",
	"partial_decided": "Decided: part of the money back", "refused_decided": "Decided: nothing goes back", "ruled": "Decided",
	"decision_stood": "The decision went out", "decision_undone": "The decision was undone",
	"second_confirmed": "A second person confirmed", "second_refused": "A second person said no", "appealed": "Asked for another look",
	"appeal_over": "The decision stands", "not_delivered": "A message could not be delivered", "settled": "The question was answered",
	"fell_silent": "Nothing more was said",
	// The order, as the shop tells of it.
	"order_open": "The order is still open", "order_unpaid": "The order is not paid", "order_locked": "The payment is being confirmed",
	"order_unlocked": "The payment is confirmed", "order_had_shipped": "The order had shipped already",
	"order_was_cancelled": "The order was cancelled already", "order_shipped": "The order has shipped",
	"order_delivered": "The order was delivered", "order_cancelled": "The order is cancelled", "order_changed": "The order has changed",
	"order_refunded": "The shop sent money back itself", "part_shipped": "Part of the order has shipped",
	"parcel_added": "Another parcel was named", "tracking_changed": "The tracking code has changed",
	"tracking_checked": "The tracking code was checked", "shipping_unproved": "The shipping was not proved in time",
	"proof_reminded": "The seller was reminded to prove it", "stood_still": "The parcel stands still",
	"last_day_neared": "The last day for a case is near", "total_changed": "What can go back has changed",
	"price_adjusted": "The price was adjusted", "check_late": "The shop did not answer in time", "shop_told": "The shop was told",
	"shop_unanswered": "The shop does not answer", "shop_contradicted": "The shop said two different things",
	"cancel_failed": "The shop could not cancel", "cancel_late": "The shop has not cancelled in time",
	"cancel_retried": "Asked the shop to cancel again", bot.OutageOver: "The assistant was away; there is more time",
	// Money.
	"refund_ordered": "Had the money sent back", "refund_settled": "The money was sent", "refund_failed": "The refund failed",
	"refund_late": "The refund is late", "refund_retried": "The refund was started again", "refund_held": "The refund waits",
	"refund_doubled": "The money went back twice", "refund_undone": "The refund was taken back", "refund_bounced": "The refund came back",
	"refund_sent": "The money was sent", "refund_found": "Found the money", "paid_otherwise": "Paid it back another way",
	"chargeback_opened": "The bank was asked to pay it back", "chargeback_won": "The bank decided for the shop",
	"chargeback_lost": "The bank decided for the buyer", "arrival_due": "The money should be there", "arrival_halfway": "Half of the time is over",
	"arrived": "The money is there", "missed": "The money is missing", "other_came": "Another amount came", "not_yet": "Not there yet",
	"nobody_missed_it": "Nobody missed the money",
	// Goods that go back.
	"address_given": "Gave the address for the return", "return_sent": "Sent it back", "return_left": "Did not take the parcel in",
	"return_reminded": "The buyer was reminded to send it back", "return_missed": "It was not sent back in time",
	"parcel_back": "The parcel should be back", "parcel_came": "The parcel is back", "parcel_missing": "The parcel has not come back",
	"parcel_wrong": "The parcel is not right", "proof_late": "The code could not be looked at in time",
	// Watching an order, and joining a chat.
	"watch_asked": "Asked to keep an eye on it", "watch_ended": "Watching has ended", "claim_opened": "A case can be opened now",
	"case_opened": "A case was opened", "cancel_begun": "Began to cancel", "problem_begun": "Began to report a problem",
	"let_be": "Left it as it is", "payment_late": "The payment is late", "invited": "A link was made", "link_expired": "The link ran out",
	"link_opened": "The link was opened", "link_opened_elsewhere": "The link was opened elsewhere", "owner_confirmed": "Connected the chat",
	"owner_denied": "Did not connect the chat",
}

// windowWords name what a deadline ends, by its window in the policy.
var windowWords = map[string]string{
	"seller_answer": "The seller's time to answer", "shipping_proof": "The time to prove that it has shipped",
	"dispatch_notice": "The time for the dispatch notice", "negotiation": "The time to agree", "support_answer": "Support's time to answer",
	"support_lead": "Support's time to answer", "support_verdict": "Support's time to decide", "undo": "The time to undo a decision",
	"evidence": "The time to answer support", "appeal": "The time to ask for another look", "shop_answer": "The shop's time to answer",
	"refund_send": "The shop's time to send the money", "refund_overdue": "The time for the money to arrive",
	"arrival_grace": "The time to say that it is missing", "dispute_answer": "The seller's time to answer",
	"return_by": "The time to send it back", "parcel_back": "The time for the parcel to come back",
	"letter_answer": "The time to answer a message", "snooze": "Set aside until", "standstill": "The next look at the parcel",
	"last_day_near": "The last day for a case", "may_claim": "The day from which a case can be opened", "watch_over": "Watching the order",
	"payment_verification": "The time to confirm the payment", "case_file": "The time to make the case file", "link": "The link's time",
	"next_morning": "The next overview", "talk_idle": "The time to answer me", "tally_kept": "How long it is counted",
}
