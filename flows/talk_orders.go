package flows

import (
	"slices"
	"strconv"
	"strings"

	"nevermind/bot"
)

// pageSize is how many orders are shown at once.
const pageSize = 5

var more = bot.Choice{Event: "more_asked", Label: "More", When: cond("there are more", func(v *bot.View) bool { return nextPageOf(v) != "" })}

// anyOrder and mayCancel say which orders a list shows.
func anyOrder(*bot.Order) bool { return true }

func mayCancel(o *bot.Order) bool {
	return !slices.Contains([]bot.Stage{bot.Cancelled, bot.Completed, bot.Delivered}, o.Stage)
}

// listOrders lists a buyer's orders, newest first, a page at a time, with labels that need no picture.
func listOrders(which func(*bot.Order) bool) bot.List {
	return func(v *bot.View) []bot.Choice {
		skip, _ := strconv.Atoi(v.Fact("page"))
		var choices []bot.Choice
		for {
			found := v.Look.Orders(skip, pageSize*2)
			for i := range found {
				skip++
				if !which(&found[i]) {
					continue
				}
				if len(choices) == pageSize {
					v.Frame.Facts["next_page"] = strconv.Itoa(skip - 1)
					return choices
				}
				choices = append(choices, bot.Choice{Event: "order_named", Label: orderLabel(v, &found[i]), Facts: bot.Facts{"order": found[i].ID}})
			}
			if len(found) < pageSize*2 {
				delete(v.Frame.Facts, "next_page")
				return choices
			}
		}
	}
}

func nextPageOf(v *bot.View) string { return v.Frame.Facts["next_page"] }

// orderLabel is an order in a few words: "Bamboo lamp · 24.90 USD · being prepared".
func orderLabel(v *bot.View, o *bot.Order) string {
	return shorten(orderSummary(o), 28) + " · " + o.Total.String() + " · " + v.Say(v.Actor, stageWords[o.Stage])
}

// stageWords are short enough for a button.
var stageWords = map[bot.Stage]string{
	bot.Unpaid: "not paid", bot.Verifying: "payment being confirmed", bot.Processing: "being prepared", bot.PartShipped: "partly shipped",
	bot.Shipped: "shipped", bot.Delivered: "delivered", bot.Completed: "completed", bot.Cancelled: "cancelled", bot.Frozen: "on hold",
}

// listLines lists the lines of an order, to be marked one by one (S20).
func listLines(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	marked := markedLines(v)
	for _, item := range openLines(orderOf(v)) {
		box := "☐ "
		if slices.Contains(marked, item.ID) {
			box = "☑ "
		}
		choices = append(choices, bot.Choice{Event: "line_marked", Facts: bot.Facts{"line": item.ID},
			Label: box + bot.Clean(shorten(item.Title, 40)) + " · " + item.Price.String()})
	}
	return choices
}

// listReasons lists the policy's reasons in its order (S33).
func listReasons(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, r := range v.Policy.Reasons {
		choices = append(choices, bot.Choice{Event: "reason_chosen", Label: v.Say(v.Actor, r.Label), Facts: bot.Facts{"reason": r.ID}})
	}
	return choices
}

// openRecords are what a person may look at again.
func openRecords(v *bot.View) []bot.Conversation {
	if v.Actor.Party() == bot.Support {
		return mineFirst(v, slices.Concat(v.Look.Cases("desk", "case", 20), v.Look.Cases("desk", "dispute", 20), v.Look.Cases("desk", "help", 20), v.Look.Cases("desk", "arrival", 20)))
	}
	term := "open:" + string(v.Actor.ID)
	if v.Actor.Party() == bot.Seller {
		return slices.Concat(v.Look.Cases(term, "case", 20), v.Look.Cases(term, "dispute", 20)) // whether the money arrives is not theirs to act on
	}
	return slices.Concat(v.Look.Cases(term, "case", 20), v.Look.Cases(term, "dispute", 20), v.Look.Cases(term, "arrival", 20))
}

// listCases lists what is open for a person.
func listCases(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, c := range openRecords(v) {
		choices = append(choices, bot.Choice{Event: "case_picked", Facts: bot.Facts{"key": string(c.Key)}, Label: caseLabel(v, &c)})
	}
	return choices
}

// caseLabel is a record in a few words.
func caseLabel(v *bot.View, c *bot.Conversation) string {
	name := c.ID
	if name == "" {
		name = v.Say(v.Actor, recordWords[c.Flow])
	}
	if o, ok := v.Look.OrderByID(c.Order); ok {
		name += " · " + shorten(orderSummary(o), 24)
	}
	return name + " · " + v.Say(v.Actor, stateWordsFor(v.Actor.Party(), c.State)) + assigneeLabel(v, c) + snoozedLabel(v, c)
}

// stateWordsFor says where a record stands to somebody of a party: what waits for them is theirs to do.
func stateWordsFor(p bot.Party, state string) string {
	if words, ok := stateWordsForYou[p][state]; ok {
		return words
	}
	return stateWords[state]
}

// stateWordsForYou is what a record waits for, told to whom it waits for.
var stateWordsForYou = map[bot.Party]map[string]string{
	bot.Seller: {"awaiting_seller": "you have to answer", "weighing_counter": "an offer to weigh"},
	bot.Buyer:  {"weighing_offer": "an offer to weigh"},
}

var recordWords = map[string]string{"help": "A question", "arrival": "Refund"}

// StateWords says in few English words where a record of this state stands; empty where there are none.
func StateWords(state string) string { return stateWords[state] }

// WaitsForSeller says whether a record waits for its seller to answer.
func WaitsForSeller(c *bot.Conversation) bool {
	_, waits := waitsForSeller[c.Flow+"."+c.State]
	return waits && (c.State != "awaiting_evidence" || c.Facts["evidence_of"] == "seller")
}

// stateWords says in few words where a record stands.
var stateWords = map[string]string{
	"opening": "being prepared", "seeking_seller": "the seller is being found", "awaiting_seller": "the seller has to answer",
	"checking_tracking": "said to be shipped", "negotiating": "being talked over", "weighing_offer": "the buyer weighs an offer",
	"weighing_counter": "the seller weighs an offer", "with_support": "with support", "awaiting_evidence": "support awaits an answer",
	"cancelling": "being cancelled", "refunding": "the money is being sent", "refunded": "refunded", "cancelled": "cancelled",
	"withdrawn": "withdrawn", "refused": "refused", "overtaken": "not sent", "awaiting_support": "waits for support",
	"awaiting_appeal": "decided, open to appeal", "returning": "to be sent back", "awaiting_parcel": "on its way back", "not_returned": "not sent back in time",
	"not_shipped": "not sent", "watching_arrival": "on its way", "asking_arrival": "has it arrived?", "chasing_refund": "being looked for",
}

// shorten cuts a text to so many characters, at a word if it can.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := n - 1
	for i := cut; i > n*2/3; i-- {
		if r[i] == ' ' {
			cut = i
			break
		}
	}
	short := string(r[:cut]) + "…"
	if open := strings.Count(short, "\u2068") - strings.Count(short, "\u2069"); open > 0 {
		short += strings.Repeat("\u2069", open) // an isolate that was cut is closed
	}
	return short
}
