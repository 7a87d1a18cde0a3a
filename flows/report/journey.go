package report

import (
	"cmp"
	"time"

	"nevermind/bot"
)

// journey is what became of one request.
type journey struct {
	flow, kind, seller, reason, language, method string
	order                                        string
	opened                                       time.Time

	step       int    // the furthest step that it has reached
	why        string // why it is no further
	answeredBy string
	agreedBy   string

	put       time.Time // to the seller
	answer    string    // the seller's first, and how long it took
	answering time.Duration
	silent    bool
	oddCode   bool
	law       bool

	toSupport time.Time // when it first came to support
	late      bool
	decided   bool
	first     time.Duration // until support first did something; negative where it has not
	deciding  time.Duration

	agreedAt time.Time
	sentAt   time.Time
	sent     bot.Money
	arriving time.Duration // negative where the buyer has not said when

	ratings map[bot.Party]rating
}

// rating is what somebody said of how it went.
type rating struct {
	how      string // good, fair or bad; empty where they have not
	sentence bool
	words    string // the sentence itself, where it is still kept
	at       time.Time
}

// begin starts a journey with the first line of a record's journal, which shows its order and people whole.
func begin(e *bot.Entry) *journey {
	j := &journey{flow: e.Flow, kind: kinds[e.Flow], opened: e.At.UTC(), first: -1, arriving: -1, ratings: map[bot.Party]rating{}}
	if o := e.Used.Order; o != nil {
		_, j.seller = o.Seller.Split()
		j.order = o.ID
		j.method = o.Method
		if e.Flow == "case" && o.HasLeft() && o.CancelOutcome(e.Learned) != "order_cancelled" {
			j.kind = "dispute" // what is asked of an order that has left is one, as in GET /v1/cases
		}
	}
	for i := range e.Used.People {
		if p := &e.Used.People[i]; p.Party() == bot.Buyer {
			j.language = p.Language
		}
	}
	return j
}

// kinds is what a request is, by its flow; its facts may say otherwise.
var kinds = map[string]string{"case": "cancellation", "dispute": "dispute", "refund": "refund"}

// add takes in one line of the request's own journal.
func (j *journey) add(e *bot.Entry) {
	if e.Refused != "" {
		return
	}
	j.learn(e.Learned)
	if e.To == "awaiting_seller" && j.put.IsZero() {
		j.put = e.At
	}
	j.sellerActs(e)
	j.supportActs(e)
	if carriedOut[e.To] && j.flow != "refund" {
		j.settled(agreed, e)
	} else if e.Event.Name == "decision_stood" || e.To == "refused" {
		j.settled(answered, e)
	}
	if e.To == "refunded" && e.From != "refunded" {
		j.step, j.sentAt = max(j.step, refunded), e.At
	}
	j.why = ends[e.To]
}

// learn takes in what the record learned.
func (j *journey) learn(f bot.Facts) {
	j.kind = cmp.Or(f["kind"], j.kind)
	if reason := cmp.Or(f["reason"], f["problem"]); reason != "" {
		j.reason = reason
	}
	j.law = j.law || f["law"] == "yes"
	j.oddCode = j.oddCode || f["doubts"] != ""
}

// sellerActs notes what the seller did, or support for them on the phone.
func (j *journey) sellerActs(e *bot.Entry) {
	switch what := sellersAnswers[e.Event.Name]; {
	case e.Event.Name == "seller_silent" && e.From == "awaiting_seller":
		j.silent = true
	case what != "" && j.answer == "" && onBehalf(&e.Event) == bot.Seller:
		j.answer = what
		if !j.put.IsZero() {
			j.answering = e.At.Sub(j.put)
		}
		j.settled(answered, e)
	}
}

// onBehalf is whose act an event is: whoever caused it, or whoever had phoned support.
func onBehalf(e *bot.Event) bot.Party { return bot.Party(cmp.Or(e.Facts["called_for"], string(e.By))) }

// supportActs notes what support did, and when.
func (j *journey) supportActs(e *bot.Entry) {
	if e.To == "with_support" && j.toSupport.IsZero() {
		j.toSupport = e.At
		return
	}
	if j.toSupport.IsZero() {
		return
	}
	if e.Event.By == bot.Support && j.first < 0 {
		j.first = e.At.Sub(j.toSupport)
	}
	switch e.Event.Name {
	case "support_late":
		j.late = true
	case "decision_stood":
		if !j.decided {
			j.decided, j.deciding = true, e.At.Sub(j.toSupport)
		}
	}
}

// settled moves the request on to a step, and notes who or what has moved it.
func (j *journey) settled(step int, e *bot.Entry) {
	by := cmp.Or(settledBy[e.Event.Name], string(onBehalf(&e.Event)))
	if j.law && step == agreed {
		by = "law"
	}
	j.answeredBy = cmp.Or(j.answeredBy, by)
	if step == agreed && j.agreedBy == "" {
		j.agreedBy, j.agreedAt = by, e.At
	}
	j.step = max(j.step, step)
}

// follow takes in the journal of the record that follows the money until it is there.
func (j *journey) follow(entries []bot.Entry) {
	if j.step < refunded {
		return
	}
	j.why = "not_followed"
	for i := range entries {
		e := &entries[i]
		if e.Refused != "" {
			continue
		}
		if e.From == "" {
			j.sent, _ = bot.ReadMoney(e.Event.Facts["amount"])
		}
		if e.Event.Name == "arrived" && e.To == "there" {
			j.arriving = e.At.Sub(j.sentAt)
		}
		why, known := arrivals[e.To]
		if !known {
			continue
		}
		if j.why = why; why == "" {
			j.step = arrived
		}
	}
}

// rate takes in the journal of the record that asks one side how it was handled.
func (j *journey) rate(by bot.Party, entries []bot.Entry) {
	var r rating
	wasAsked := false
	for i := range entries {
		e := &entries[i]
		if e.Refused != "" {
			continue
		}
		switch e.To {
		case "asking_rating":
			wasAsked = true
		case "not_asked": // the question could not be delivered
			wasAsked = false
		}
		r.how = cmp.Or(e.Learned["rating"], r.how)
		if words := e.Learned["rating_words"]; words != "" {
			r.sentence, r.words, r.at = true, words, e.At.UTC()
		}
	}
	if wasAsked {
		j.ratings[by] = r
	}
}
