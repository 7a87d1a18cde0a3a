package understand

// Verdict is what is made of a message: done, asked, or neither.
type Verdict struct {
	Act    Intent   // what is done; none where it is not sure enough
	Ask    []Intent // the two things that may be meant, where one question settles it
	Denied Intent   // what is wished not to be done
	IfOnly Intent   // what is only supposed: "what happens if I cancel?"
	Score  float64  // how sure that is, from 0 to 1
	Rank   []Candidate
}

// sure is how sure one must be to act, by what follows; what is not named here is light.
var sure = map[Intent]float64{
	CancelOrder:  0.50,
	DeleteMyData: 0.60,
	OpenDispute:  0.62,
}

const (
	sureLight   = 0.48
	sureUnsaid  = 0.66 // of what follows lightly, even where no word of it is known
	worthAsk    = 0.40 // so likely must be that anything is meant, for a question
	worthDenial = 0.20
)

// Decide says what to do about a text.
func Decide(text, language string) *Verdict {
	m := read(text, language)
	rank := m.rank()
	v := &Verdict{Rank: rank}
	if len(rank) == 0 {
		return v
	}
	for i := range rank {
		barred, unsaid, why := m.judge(rank[i].Intent)
		_, heavy := sure[rank[i].Intent]
		rank[i].Unsaid = unsaid && (heavy || rank[i].Share < sureUnsaid)
		rank[i].Barred = barred || rank[i].Unsaid
		switch worth := rank[i].Intent == CancelOrder || rank[i].Share > worthDenial; {
		case worth && why&negated != 0 && v.Denied == "":
			v.Denied = rank[i].Intent
		case worth && why == supposed && v.IfOnly == "":
			v.IfOnly = rank[i].Intent
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
	if m.known() {
		v.ask(rank)
	}
	return v
}

// ask offers the two likeliest, where it is likely enough that anything is meant.
func (v *Verdict) ask(rank []Candidate) {
	likely := 0.0
	for _, c := range rank {
		if c.Intent != OutOfScope && c.Intent != v.Denied && !c.Unsaid {
			likely += c.Share
		}
	}
	if likely < worthAsk {
		return
	}
	for _, unsaid := range []bool{false, true} {
		for _, c := range rank {
			if c.Intent != OutOfScope && c.Intent != v.Denied && c.Unsaid == unsaid && len(v.Ask) < 2 {
				v.Ask = append(v.Ask, c.Intent)
			}
		}
	}
	v.Score = likely
}

// LeavesReason says whether words lead away from the question why somebody cancels. Most words there are a reason, so that only
// those do which are surely something else, and no words about what is wrong with the order.
func (v *Verdict) LeavesReason() bool {
	const surely = 0.8
	switch v.Act {
	case "", OpenDispute, CancelOrder, Late, OrderStatus, ChangeOrder:
		return false
	}
	return v.Score >= surely
}

// AsksOrder says whether it is surely asked where an order is: that is no reason either, where none is heard in it.
func (v *Verdict) AsksOrder() bool { return v.Act == OrderStatus && v.Score >= 0.9 }
