package replay

import (
	"cmp"
	"slices"

	"nevermind/bot"
)

// mostExamples is how many cases a parting names.
const mostExamples = 5

// Count takes the result of one trial into a laboratory's answer.
func Count(l *bot.Laboratory, r *bot.Parting) {
	l.Cases++
	switch r.Verdict {
	case bot.SameWay:
		l.Same++
		return
	case bot.NotRead:
		l.Unread++
		return
	case bot.Detour:
		l.Detours++
	case bot.OtherEnd:
		l.Others++
	case bot.NotKnown:
		l.Unknown++
	}
	for i := range l.Partings {
		if p := &l.Partings[i]; alike(p, r) {
			p.Cases++
			p.Back, p.WouldBack = add(p.Back, r.Back...), add(p.WouldBack, r.WouldBack...)
			if len(p.Examples) < mostExamples {
				p.Examples = append(p.Examples, r.Examples...)
			}
			return
		}
	}
	l.Partings = append(l.Partings, *r)
}

// alike says whether two cases part in the same way.
func alike(a, b *bot.Parting) bool {
	return a.Verdict == b.Verdict && a.How == b.How && a.Flow == b.Flow && a.State == b.State && a.Event == b.Event &&
		a.Went == b.Went && a.Would == b.Would && a.Ended == b.Ended && a.End == b.End
}

// Sort puts the most frequent partings first.
func Sort(l *bot.Laboratory) {
	slices.SortStableFunc(l.Partings, func(a, b bot.Parting) int {
		return cmp.Or(b.Cases-a.Cases, cmp.Compare(a.Flow+a.State+a.Event, b.Flow+b.State+b.Event))
	})
}

// add adds amounts to sums, by currency; nothing adds nothing.
func add(sums []bot.Money, more ...bot.Money) []bot.Money {
	for _, m := range more {
		i := slices.IndexFunc(sums, func(s bot.Money) bool { return s.Currency == m.Currency })
		switch {
		case m.IsZero():
		case i < 0:
			sums = append(sums, m)
		default:
			sums[i] = sums[i].Plus(m)
		}
	}
	return sums
}
