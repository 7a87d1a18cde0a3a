package understand

// Verdict is what is made of a message: done, asked, or neither.
type Verdict struct {
	Act  Intent   // what is done; none where it is not sure enough
	Ask  []Intent // what may be meant, where one question settles it
	Rank []Candidate
}

// sure is how sure one must be to act, by what follows; what is not named here is light.
var sure = map[Intent]float64{
	CancelOrder:  0.60,
	DeleteMyData: 0.60,
	OpenDispute:  0.60,
}

const (
	sureLight = 0.45
	worthAsk  = 0.12 // less is not offered in a question
	unlikely  = 0.75 // out of scope as likely as this: the menu
)

// Decide says what to do about a text.
func Decide(text, language string) Verdict {
	rank := Rank(text, language)
	v := Verdict{Rank: rank}
	if len(rank) == 0 {
		return v
	}
	need, ok := sure[rank[0].Intent]
	if !ok {
		need = sureLight
	}
	switch top := rank[0]; {
	case top.Intent == OutOfScope && top.Share >= unlikely:
		return v
	case top.Intent != OutOfScope && top.Share >= need:
		v.Act = top.Intent
		return v
	}
	for _, c := range rank {
		if c.Intent != OutOfScope && c.Share >= worthAsk && len(v.Ask) < 2 {
			v.Ask = append(v.Ask, c.Intent)
		}
	}
	return v
}
