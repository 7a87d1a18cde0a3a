package flows

import "nevermind/bot"

// orderStageWords are short enough for a button.
var orderStageWords = map[bot.Stage]string{
	bot.Unpaid: "not paid", bot.Verifying: "payment being confirmed", bot.Processing: "being prepared",
	bot.PartShipped: "partly shipped",
	bot.Shipped:     "shipped", bot.Delivered: "delivered", bot.Completed: "completed", bot.Cancelled: "cancelled",
	bot.Frozen: "on hold",
}

// recordStateWords say in few words where a record stands, by its state. Flows share the names of states that mean the
// same.
var recordStateWords = map[string]string{
	"opening":           "being prepared",
	"seeking_seller":    "the seller is being found",
	"awaiting_seller":   "the seller has to answer",
	"checking_tracking": "said to be shipped",
	"negotiating":       "being talked over",
	"weighing_offer":    "the buyer weighs an offer",
	"weighing_counter":  "the seller weighs an offer",
	"with_support":      "with support",
	"awaiting_evidence": "support awaits an answer",
	"cancelling":        "being cancelled",
	"refunding":         "the money is being sent",
	"refunded":          "refunded",
	"cancelled":         "cancelled",
	"withdrawn":         "withdrawn",
	"refused":           "refused",
	"overtaken":         "not sent",
	"awaiting_support":  "waits for support",
	"awaiting_appeal":   "decided, open to appeal",
	"passing_on_ruling": "decided, being passed on",
	"returning":         "to be sent back",
	"checking_proof":    "said to be sent back",
	"awaiting_parcel":   "on its way back",
	"not_returned":      "not sent back in time",
	"not_shipped":       "not sent",
	"awaiting_shipment": "being prepared",
	"shipment_overdue":  "late",
	"watching_arrival":  "on its way",
	"asking_arrival":    "has it arrived?",
	"chasing_refund":    "being looked for",
	"charged_back":      "paid back by the bank",
	"came_back":         "come back",
}

// recordStateWordsFor says where a record stands to somebody of a party: what waits for them is theirs to do.
func recordStateWordsFor(p bot.Party, state string) string {
	if words, ok := recordStateWordsForYou[p][state]; ok {
		return words
	}
	return recordStateWords[state]
}

// recordStateWordsForYou is what a record waits for, told to whom it waits for.
var recordStateWordsForYou = map[bot.Party]map[string]string{
	bot.Seller: {"awaiting_seller": "you have to answer", "weighing_counter": "an offer to weigh"},
	bot.Buyer:  {"weighing_offer": "an offer to weigh"},
}

// recordWords name a record in a list that has no name of its own.
var recordWords = map[string]string{"help": "A question", "arrival": "Refund", "refund": "Refund"}

// StateWords says in few English words where a record of this state stands; empty where there are none.
func StateWords(state string) string { return recordStateWords[state] }
