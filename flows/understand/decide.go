package understand

import "slices"

// Verdict is what is made of a message: done, asked, or neither.
type Verdict struct {
	Act    Intent   // what is done; none where it is not sure enough
	Ask    []Intent // the two things that may be meant, where one question settles it
	Denied Intent   // what is wished not to be done
	Score  float64  // how sure that is, from 0 to 1
	Rank   []Candidate
}

// sure is how sure one must be to act, by what follows; what is not named here is light.
var sure = map[Intent]float64{
	CancelOrder:  0.62,
	DeleteMyData: 0.62,
	OpenDispute:  0.62,
}

const (
	sureLight   = 0.48
	sureUnsaid  = 0.80 // of what follows lightly, even where no word of it is known
	worthAsk    = 0.50 // so likely must be that anything is meant, for a question
	worthDenial = 0.20
)

// Decide says what to do about a text.
func Decide(text, language string) Verdict {
	m := read(text, language)
	rank := m.rank()
	v := Verdict{Rank: rank}
	if len(rank) == 0 {
		return v
	}
	for i := range rank {
		barred, unsaid, denied := m.judge(rank[i].Intent)
		_, heavy := sure[rank[i].Intent]
		rank[i].Barred = barred || unsaid && (heavy || rank[i].Share < sureUnsaid)
		if denied && (rank[i].Intent == CancelOrder || rank[i].Share > worthDenial) && v.Denied == "" {
			v.Denied = rank[i].Intent
		}
	}
	top := rank[0]
	need, ok := sure[top.Intent]
	if !ok {
		need = sureLight
	}
	if top.Intent != OutOfScope && !top.Barred && !m.strange(top.Intent) && top.Share >= need {
		v.Act, v.Score = top.Intent, top.Share
		return v
	}
	v.ask(rank)
	return v
}

// ask offers the two likeliest, where it is likely enough that anything is meant.
func (v *Verdict) ask(rank []Candidate) {
	likely := 0.0
	for _, c := range rank {
		if c.Intent != OutOfScope && c.Intent != v.Denied {
			likely += c.Share
		}
	}
	if likely < worthAsk {
		return
	}
	for _, c := range rank {
		if c.Intent != OutOfScope && c.Intent != v.Denied && len(v.Ask) < 2 && !slices.Contains(v.Ask, c.Intent) {
			v.Ask = append(v.Ask, c.Intent)
		}
	}
	v.Score = likely
}
