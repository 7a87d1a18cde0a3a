package report

import (
	"strings"

	"nevermind/bot"
)

// Flows are the flows whose records a report counts: requests, and refunds that have come back to the shop.
var Flows = []string{"case", "dispute", "refund"}

// The steps of the funnel, in order.
const (
	asked = iota
	answered
	agreed
	refunded
	arrived
)

// steps are what the steps are called.
var steps = []string{"asked", "answered", "agreed", "refunded", "arrived"}

// carriedOut are the states in which what was agreed or decided is carried out, of both kinds of request.
var carriedOut = words("cancelling refunding refunded cancelled returning awaiting_parcel checking_proof")

// ends says why a request has gone no further, by the state in which it ended. What is not named is open.
var ends = map[string]string{
	"withdrawn": "withdrawn", "refused": "refused", "overtaken": "overtaken", "not_shipped": "overtaken",
	"cancelled": "nothing_owed", "charged_back": "charged_back", "not_returned": "not_returned",
}

// arrivals says why money that was sent has not arrived, by the state of its record; "" is arrived.
var arrivals = map[string]string{
	"watching_arrival": "on_its_way", "asking_arrival": "on_its_way", "chasing_refund": "looked_for", "came_back": "came_back",
	"there": "", "not_missed": "", "explained": "",
}

// sellersAnswers are the events by which a seller answers, and what each is to the report.
var sellersAnswers = map[string]string{
	"seller_accepted": "agreed", "seller_rejected": "refused", "seller_offered": "offered", "seller_shipped": "shipped",
	"solution_taken": "agreed", "solution_offered": "offered", "claim_refused": "refused",
}

// settledBy says who or what settles a request by an event; of one that is not named, whoever has caused it.
var settledBy = map[string]string{
	"seller_silent": "silence", "shipping_unproved": "silence", "decision_stood": "support", "appeal_over": "support",
	"support_silent": "silence", "cancel_retried": "support", "refund_ordered": "support", "order_unpaid": "nobody",
	"withdrawn_by_law": "law", "order_cancelled": "shop",
}

func words(list string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(list) {
		all[w] = true
	}
	return all
}

// beside is the key of another record about the same request, as the flows name it.
func beside(flow string, request bot.Key) bot.Key {
	key := bot.Key(flow + "/" + request.Rest())
	if kind := request.Kind(); kind != "case" {
		key += bot.Key("/" + kind)
	}
	return key
}
