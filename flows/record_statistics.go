package flows

import (
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// statistics counts what became of requests: how a seller usually answers, how often a buyer asks, how long answers and
// refunds took. There is one record for each seller, each buyer and each way of payment. It speaks to nobody: talks read
// it, and say how many cases they go by. What nothing was added to for the policy's "tally_kept" is forgotten.
var statistics = bot.Flow{
	Name:    "tally",
	About:   "Counts what came of requests and how long answers and refunds took, so that what is usual can be said with its count.",
	Born:    []string{"counted"},
	First:   "counting",
	Without: []bot.Party{bot.Buyer, bot.Seller, bot.Support},
	States: bot.States{
		"counting": {
			After: bot.Waits{{Full: "tally_kept", Event: "grew_old"}},
			Rules: []string{"S39", "S45", "S61", "Q2"},
			Then: bot.Moves{
				"counted":  bot.Go("counting").Learning(addToStatistics),
				"grew_old": bot.Go("forgotten"),
			},
		},
		"forgotten": {},
	},
}

// mostDurations is how many durations are kept to tell what is usual; the oldest go first.
const mostDurations = 60

// addToStatistics adds one to the count named by the event, and a duration in whole hours to those kept with it.
func addToStatistics(v *bot.View, e *bot.Event) bot.Facts {
	what := "n_" + e.Facts["what"]
	facts := bot.Facts{"what": "", "took": "", what: strconv.Itoa(intOrZero(v.Fact(what)) + 1)}
	if hours := e.Facts["took"]; hours != "" {
		all := append(strings.Fields(v.Fact("hours")), hours)
		facts["hours"] = strings.Join(all[max(0, len(all)-mostDurations):], " ")
	}
	return facts
}

// countFor counts something once more, for the seller or the buyer of a record.
func countFor(whose func(v *bot.View) string, what string) bot.Ask {
	return func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) { return countEvent(whose(v), what, "") }
}

// countEvent is the event by which a statistics record counts, and the record's key. "took" is hours, or empty.
func countEvent(whose, what, took string) (bot.Key, bot.Event) {
	return bot.Key("tally/" + whose), bot.Event{
		Name: "counted", By: bot.Shop, Facts: bot.Facts{"id": statisticsID(whose), "what": what, "took": took},
	}
}

// countRefundTime counts how long a refund took until the buyer had it, by the way it was paid.
func countRefundTime(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	from, err := time.Parse(time.RFC3339, v.Fact("sent_at"))
	if err != nil {
		return "", bot.Event{}
	}
	return countEvent(refundStatistics(method(v), ""), "arrived", hoursSince(v, from))
}

// countSellersRefundTime counts the same for the order's seller alone.
func countSellersRefundTime(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	key, ev := countRefundTime(v, e)
	if key == "" || sellerOf(v) == "" {
		return "", bot.Event{}
	}
	return countEvent(refundStatistics(method(v), sellerOf(v)), "arrived", ev.Facts["took"])
}

// countAnswerTime counts how long a seller took to answer, among all sellers together.
func countAnswerTime(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	return countEvent(allSellersAnswers, "answered", hoursSince(v, v.Conv.Clocks["seller_answer"]))
}

// countSellersAnswer counts what this seller has answered, and how long it took.
func countSellersAnswer(what string) bot.Ask {
	return func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
		return countEvent(sellerOf(v), what, hoursSince(v, v.Conv.Clocks["seller_answer"]))
	}
}

// allSellersAnswers is under what the times of all sellers' answers are counted.
const allSellersAnswers = "answers"

// refundStatistics is under what refunds by a way of paying are counted: all of them, or those for one seller's orders.
func refundStatistics(way, seller string) string {
	if seller == "" {
		return "refund:" + way
	}
	return "refund:" + way + ":" + seller
}

// hoursSince is how long ago something was, in whole hours; empty where it is not known.
func hoursSince(v *bot.View, from time.Time) string {
	if from.IsZero() {
		return ""
	}

	return strconv.Itoa(int(v.Now.Sub(from) / time.Hour))
}

// sellerOf is a record's seller, by id.
func sellerOf(v *bot.View) string { return string(v.Conv.Parties[bot.Seller]) }

// buyerOf is a record's buyer, by id.
func buyerOf(v *bot.View) string { return string(v.Conv.Parties[bot.Buyer]) }

// statisticsID is the name under which a talk finds the record. "tally" is stored.
func statisticsID(whose string) string { return "tally:" + whose }

// statisticsOf reads in a talk what was counted; nil where nothing was.
func statisticsOf(v *bot.View, whose string) bot.Facts {
	if v.Look == nil {
		return nil
	}
	if found := v.Look.Cases("id:"+statisticsID(whose), "tally", 1); len(found) > 0 {
		return found[0].Facts
	}
	return nil
}
