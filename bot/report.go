package bot

import (
	"slices"
	"strings"
	"time"
)

// Report is what came of the requests that were made in a span of time, as their journals say. A request counts where it was
// made, whenever what followed happened.
type Report struct {
	From *time.Time               `json:"from" doc:"Requests made from here on; null is from the first"`
	To   *time.Time               `json:"to" doc:"Requests made before this; null is up to now"`
	Made time.Time                `json:"made_at"`
	All  ReportGroup              `json:"all"`
	By   map[string][]ReportGroup `json:"by" doc:"The same by week, kind, seller, reason, language and method; groups add up to all"`
	Said []ReportSentence         `json:"said,omitempty" doc:"What people wrote of how it was handled; only where it is asked for"`
}

// ReportGroup counts requests that have something in common.
type ReportGroup struct {
	Name string `json:"name" example:"2026-W48" doc:"What they have in common; empty is not known, and of all"`
	// The steps of the funnel: whoever reaches one has reached those before.
	Asked    int `json:"asked" doc:"Requests that were made"`
	Answered int `json:"answered" doc:"Of those, answered by anybody, or settled by silence or by law"`
	Agreed   int `json:"agreed" doc:"Of those, agreed or decided in the buyer's favour, all or in part"`
	Refunded int `json:"refunded" doc:"Of those, whose money the shop has sent"`
	Arrived  int `json:"arrived" doc:"Of those, whose money is there, or was not missed after asking"`

	Left       []ReportLeft   `json:"left" nullable:"false" doc:"Who has not gone on, by the last step and why"`
	AnsweredBy map[string]int `json:"answered_by" doc:"seller, silence, support, law, shop or nobody: who answered first"`
	AgreedBy   map[string]int `json:"agreed_by" doc:"Who or what settled it first"`

	Seller  ReportSeller             `json:"seller"`
	Support ReportSupport            `json:"support"`
	Refunds map[string]ReportRefunds `json:"refunds" doc:"By the way of payment"`
	// Satisfaction is by who was asked: buyer and seller.
	Satisfaction map[Party]ReportSatisfaction `json:"satisfaction" doc:"How buyers and sellers found it handled"`
}

// ReportLeft is how many have not gone beyond a step of the funnel, and why: "open" are those that still may.
type ReportLeft struct {
	After string `json:"after" enum:"asked,answered,agreed,refunded"`
	Why   string `json:"why" example:"withdrawn"`
	N     int    `json:"n"`
}

// ReportSeller is how sellers have answered.
type ReportSeller struct {
	Asked    int            `json:"asked" doc:"Requests that a seller was asked about"`
	Answers  map[string]int `json:"answers" doc:"agreed, refused, offered, shipped: their first answer"`
	Took     ReportTimes    `json:"took" doc:"From asking to their first answer"`
	Silent   int            `json:"silent" doc:"Requests whose time to answer ran out"`
	OddCodes int            `json:"odd_codes" doc:"Requests with a tracking code that looked odd"`
	Reversed int            `json:"reversed" doc:"Refusals that support decided otherwise"`
}

// ReportSupport is how support has worked on cases.
type ReportSupport struct {
	Cases   int         `json:"cases" doc:"Cases that came to support"`
	Decided int         `json:"decided" doc:"Of those, with a decision that went out"`
	Late    int         `json:"late" doc:"Of those, with a time to answer that ran out"`
	First   ReportTimes `json:"first" doc:"From when a case came to the first thing that support did"`
	Decide  ReportTimes `json:"decide" doc:"From when a case came to the first decision that went out"`
}

// ReportRefunds is how long money took, by one way of payment.
type ReportRefunds struct {
	Sent     int              `json:"sent"`
	Arrived  int              `json:"arrived"`
	Sending  ReportTimes      `json:"sending" doc:"From the agreement until the shop had sent it"`
	Arriving ReportTimes      `json:"arriving" doc:"From then until the buyer said that it is there"`
	Amounts  map[string]Money `json:"-"`
	Sums     []string         `json:"sums" nullable:"false" example:"[\"24.90 USD\"]" doc:"What was sent, a sum for each currency"`
}

// ReportSatisfaction is what people said of how it was handled.
type ReportSatisfaction struct {
	Asked     int `json:"asked" doc:"Requests about whose handling they were asked"`
	Answered  int `json:"answered" doc:"Of those, with an answer"`
	Good      int `json:"good"`
	Fair      int `json:"fair"`
	Bad       int `json:"bad"`
	Sentences int `json:"sentences" doc:"Of those asked, with a sentence of their own"`
}

// ReportSentence is what somebody wrote of how it was handled. It says who it was by their side alone.
type ReportSentence struct {
	At     time.Time `json:"at"`
	By     Party     `json:"by" enum:"buyer,seller"`
	Rating string    `json:"rating" enum:"good,fair,bad," doc:"Empty where they only wrote"`
	Order  string    `json:"order"`
	Text   string    `json:"text"`
}

// ReportTimes says how long something took, how often it was measured, and by when half and nine in ten were done.
type ReportTimes struct {
	N    int     `json:"n"`
	Half float64 `json:"half_hours" doc:"Hours within which half were done"`
	Nine float64 `json:"nine_in_ten_hours" doc:"Hours within which nine in ten were done"`
}

// ReportQuery is what a report is asked for.
type ReportQuery struct {
	From, To time.Time // zero is open
	By       string    // one of the report's groupings; empty is all of them

	Sentences bool // what people wrote of how it was handled, too
}

// ReportGroupings are what a report can be broken down by.
var ReportGroupings = []string{"week", "kind", "seller", "reason", "language", "method"}

// ReportFault is what is wrong with what a report is asked for.
type ReportFault struct {
	Field string // from, to or by
	Says  string // what would be right
}

// Error says what is wrong.
func (f ReportFault) Error() string { return f.Field + " " + f.Says }

// ReadReportQuery reads what a report is asked for: days, which begin at midnight UTC, or moments, and a grouping; an empty
// one is open. Its error is a ReportFault.
func ReadReportQuery(from, to, by string) (q ReportQuery, err error) {
	if q.From, err = readReportDay("from", from); err != nil {
		return q, err
	}
	if q.To, err = readReportDay("to", to); err != nil {
		return q, err
	}
	if !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		return q, ReportFault{"to", "has to be after from"}
	}
	if by != "" && !slices.Contains(ReportGroupings, by) {
		return q, ReportFault{"by", "has to be one of " + strings.Join(ReportGroupings, ", ")}
	}
	q.By = by
	return q, nil
}

func readReportDay(field, text string) (at time.Time, err error) {
	if text == "" {
		return at, nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if at, err = time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return at, ReportFault{field, "has to be a day such as 2026-11-01, or a moment such as 2026-11-01T09:00:00Z"}
}
