package report

import (
	"cmp"
	"slices"
	"time"

	"nevermind/bot"
)

// Read reads a record's whole journal, from its first line; nothing where there is no such record.
type Read func(bot.Key) ([]bot.Entry, error)

// Find lists the keys of the records filed under a term, at most n, after the given one, as bot.Records does.
type Find func(term string, after bot.Key, n int) ([]bot.Key, error)

// Make makes a report of all that can be found. An error is a reader's.
func Make(q bot.ReportQuery, made time.Time, find Find, read Read) (bot.Report, error) {
	m := New(q, made)
	for _, flow := range Flows {
		for after, more := bot.Key(""), true; more; {
			keys, err := find("flow:"+flow, after, atOnce)
			if err != nil {
				return bot.Report{}, err
			}
			for _, key := range keys {
				if err := m.Add(key, read); err != nil {
					return bot.Report{}, err
				}
				after = key
			}
			more = len(keys) == atOnce
		}
	}
	return m.Report(), nil
}

// atOnce is how many keys are found at once.
const atOnce = 500

// Maker makes a report of the requests that it is handed, one after the other. Not safe for concurrent use.
type Maker struct {
	query bot.ReportQuery
	made  time.Time
	all   *tally
	by    map[string]map[string]*tally
	said  []bot.ReportSentence
}

// New begins a report as of a moment.
func New(q bot.ReportQuery, made time.Time) *Maker {
	m := &Maker{query: q, made: made, all: newTally(""), by: map[string]map[string]*tally{}}
	for _, what := range bot.ReportGroupings {
		if q.By == "" || q.By == what {
			m.by[what] = map[string]*tally{}
		}
	}
	return m
}

// Add counts a request, by the key of its record. An error is the reader's.
func (m *Maker) Add(key bot.Key, read Read) error {
	entries, err := read(key)
	if err != nil {
		return err
	}
	for begins, ends := range lives(entries) {
		j, err := m.journey(key, entries[begins:ends], ends == len(entries), read)
		if err != nil {
			return err
		}
		if j != nil {
			m.count(j)
		}
	}
	return nil
}

// lives are where the records of a key begin and end in its journal: older versions began a closed one anew.
func lives(entries []bot.Entry) func(yield func(begins, ends int) bool) {
	return func(yield func(int, int) bool) {
		for begins := 0; begins < len(entries); {
			ends := begins + 1
			for ends < len(entries) && !(entries[ends].From == "" && entries[ends].To != "") {
				ends++
			}
			if !yield(begins, ends) {
				return
			}
			begins = ends
		}
	}
}

// journey follows one request; nil where it was made at another time than is asked for. What lies beside it belongs to the
// last one of a key.
func (m *Maker) journey(key bot.Key, entries []bot.Entry, last bool, read Read) (*journey, error) {
	j := begin(&entries[0])
	if !m.query.From.IsZero() && j.opened.Before(m.query.From) || !m.query.To.IsZero() && !j.opened.Before(m.query.To) {
		return nil, nil
	}
	for i := range entries {
		j.add(&entries[i])
	}
	if !last {
		return j, nil
	}
	if j.flow != "refund" {
		money, err := read(beside("arrival", key))
		if err != nil {
			return nil, err
		}
		j.follow(money)
	}
	for _, who := range []bot.Party{bot.Buyer, bot.Seller} {
		said, err := read(beside(string(who)+"_rating", key))
		if err != nil {
			return nil, err
		}
		j.rate(who, said)
	}
	return j, nil
}

// mostSaid is how many sentences a report has, the latest.
const mostSaid = 100

// quote keeps what people wrote, where it is asked for and still there.
func (m *Maker) quote(j *journey) {
	for _, who := range []bot.Party{bot.Buyer, bot.Seller} {
		if r := j.ratings[who]; m.query.Sentences && r.words != "" && r.words != bot.Erased {
			m.said = append(m.said, bot.ReportSentence{At: r.at, By: who, Rating: r.how, Order: j.order, Text: r.words})
		}
	}
	if len(m.said) > 2*mostSaid {
		m.said = latest(m.said)
	}
}

// latest are the last sentences, in order.
func latest(said []bot.ReportSentence) []bot.ReportSentence {
	slices.SortFunc(said, func(a, b bot.ReportSentence) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Order, b.Order), cmp.Compare(a.By, b.By))
	})
	return slices.Clone(said[max(0, len(said)-mostSaid):])
}

// count adds a journey to everything that it belongs to.
func (m *Maker) count(j *journey) {
	m.quote(j)
	m.all.count(j)
	for what, names := range map[string]string{
		"week": week(j.opened), "kind": j.kind, "seller": j.seller, "reason": j.reason, "language": j.language, "method": j.method,
	} {
		groups, wanted := m.by[what]
		if !wanted {
			continue
		}
		if groups[names] == nil {
			groups[names] = newTally(names)
		}
		groups[names].count(j)
	}
}

// Report is what has been counted so far.
func (m *Maker) Report() bot.Report {
	r := bot.Report{Made: m.made.UTC(), All: m.all.group(), By: map[string][]bot.ReportGroup{}, Said: latest(m.said)}
	if from := m.query.From.UTC(); !m.query.From.IsZero() {
		r.From = &from
	}
	if to := m.query.To.UTC(); !m.query.To.IsZero() {
		r.To = &to
	}
	for what, groups := range m.by {
		r.By[what] = []bot.ReportGroup{}
		for _, t := range groups {
			r.By[what] = append(r.By[what], t.group())
		}
		slices.SortFunc(r.By[what], inOrder(what))
	}
	return r
}
