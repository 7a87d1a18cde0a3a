package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"nevermind/bot"
)

// tally counts the journeys of a group; of how long things took it keeps every one, in seconds.
type tally struct {
	bot.ReportGroup
	left                       map[[2]string]int
	answering, first, deciding times
	sending, arriving          map[string]*times
}

// times are how long something took, each time, in seconds.
type times []int32

func newTally(name string) *tally {
	return &tally{
		ReportGroup: bot.ReportGroup{
			Name: name, AnsweredBy: map[string]int{}, AgreedBy: map[string]int{}, Refunds: map[string]bot.ReportRefunds{},
			Seller: bot.ReportSeller{Answers: map[string]int{}}, Satisfaction: map[bot.Party]bot.ReportSatisfaction{},
		},
		left: map[[2]string]int{}, sending: map[string]*times{}, arriving: map[string]*times{},
	}
}

// count adds one journey.
func (t *tally) count(j *journey) {
	t.countSupport(j)
	for who, r := range j.ratings {
		t.countRating(who, r)
	}
	if j.flow == "refund" {
		return // it follows a request that is counted already
	}
	for step, n := range []*int{&t.Asked, &t.Answered, &t.Agreed, &t.Refunded, &t.Arrived} {
		if step <= j.step {
			*n++
		}
	}
	if j.step < arrived {
		t.left[[2]string{steps[j.step], cmp.Or(j.why, "open")}]++
	}
	if j.step >= answered {
		t.AnsweredBy[j.answeredBy]++
	}
	if j.step >= agreed {
		t.AgreedBy[j.agreedBy]++
	}
	t.countSeller(j)
	if j.step >= refunded {
		t.countRefund(j)
	}
}

func (t *tally) countSeller(j *journey) {
	s := &t.Seller
	add(&s.Asked, !j.put.IsZero())
	add(&s.Silent, j.silent)
	add(&s.OddCodes, j.oddCode)
	add(&s.Reversed, j.agreedBy == "support" && (j.answer == "refused" || j.answer == "shipped"))
	if j.answer != "" {
		s.Answers[j.answer]++
	}
	if j.answer != "" && !j.put.IsZero() {
		t.answering.add(j.answering)
	}
}

func (t *tally) countSupport(j *journey) {
	s := &t.Support
	add(&s.Cases, !j.toSupport.IsZero())
	add(&s.Decided, j.decided)
	add(&s.Late, j.late)
	if j.first >= 0 {
		t.first.add(j.first)
	}
	if j.decided {
		t.deciding.add(j.deciding)
	}
}

func (t *tally) countRefund(j *journey) {
	r := t.Refunds[j.method]
	if t.sending[j.method] == nil {
		r.Amounts, t.sending[j.method], t.arriving[j.method] = map[string]bot.Money{}, &times{}, &times{}
	}
	r.Sent++
	add(&r.Arrived, j.step >= arrived)
	t.sending[j.method].add(j.sentAt.Sub(j.agreedAt))
	if j.arriving >= 0 {
		t.arriving[j.method].add(j.arriving)
	}
	if c := j.sent.Currency; c != "" {
		r.Amounts[c] = bot.Money{Currency: c, Minor: r.Amounts[c].Minor + j.sent.Minor}
	}
	t.Refunds[j.method] = r
}

func (t *tally) countRating(who bot.Party, said rating) {
	s := t.Satisfaction[who]
	s.Asked++
	add(&s.Answered, said.how != "")
	add(&s.Good, said.how == "good")
	add(&s.Fair, said.how == "fair")
	add(&s.Bad, said.how == "bad")
	add(&s.Sentences, said.sentence)
	t.Satisfaction[who] = s
}

func add(n *int, counts bool) {
	if counts {
		*n++
	}
}

// group is what was counted.
func (t *tally) group() bot.ReportGroup {
	g := t.ReportGroup
	g.Left = []bot.ReportLeft{}
	for at, n := range t.left {
		g.Left = append(g.Left, bot.ReportLeft{After: at[0], Why: at[1], N: n})
	}
	slices.SortFunc(g.Left, func(a, b bot.ReportLeft) int {
		return cmp.Or(cmp.Compare(slices.Index(steps, a.After), slices.Index(steps, b.After)), -cmp.Compare(a.N, b.N),
			cmp.Compare(a.Why, b.Why))
	})
	g.Seller.Took, g.Support.First, g.Support.Decide = t.answering.spread(), t.first.spread(), t.deciding.spread()
	g.Refunds = maps.Clone(g.Refunds)
	for method, r := range g.Refunds {
		r.Sending, r.Arriving, r.Sums = t.sending[method].spread(), t.arriving[method].spread(), []string{}
		for _, c := range slices.Sorted(maps.Keys(r.Amounts)) {
			r.Sums = append(r.Sums, r.Amounts[c].String())
		}
		g.Refunds[method] = r
	}
	return g
}

// add keeps a span of time; a clock that was set back makes none shorter than nothing.
func (t *times) add(d time.Duration) {
	*t = append(*t, int32(min(max(0, d/time.Second), math.MaxInt32)))
}

// spread is by when half and nine in ten were done.
func (t *times) spread() bot.ReportTimes {
	n := len(*t)
	if n == 0 {
		return bot.ReportTimes{}
	}
	slices.Sort(*t)
	hours := func(i int) float64 { return math.Round(float64((*t)[i])/36) / 100 }
	return bot.ReportTimes{N: n, Half: hours((n - 1) / 2), Nine: hours((n*9+9)/10 - 1)}
}

// week is the week of a moment by ISO 8601, in UTC: "2026-W48".
func week(at time.Time) string {
	year, n := at.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, n)
}

// inOrder sorts weeks by time, and everything else by how many requests there were.
func inOrder(what string) func(a, b bot.ReportGroup) int {
	return func(a, b bot.ReportGroup) int {
		if what == "week" {
			return cmp.Compare(a.Name, b.Name)
		}
		return cmp.Or(-cmp.Compare(a.Asked, b.Asked), cmp.Compare(a.Name, b.Name))
	}
}
