package bot

import "encoding/json"

// Laboratory is what past cases would have been under another policy.
type Laboratory struct {
	Name     string    `json:"name"`     // of the policy that was tried
	Version  string    `json:"version"`  // of it
	Cases    int       `json:"cases"`    // closed cases that were looked at
	Same     int       `json:"same"`     // went the same way to the same end
	Detours  int       `json:"detours"`  // would have gone another way to the same end
	Others   int       `json:"others"`   // would have ended otherwise
	Unknown  int       `json:"unknown"`  // would have waited for somebody who was never asked: nobody knows
	Unread   int       `json:"unread"`   // cannot be replayed, so nothing is said of them
	Partings []Parting `json:"partings"` // what differs, the most frequent first
}

// Differ is how many cases would have gone another way.
func (l *Laboratory) Differ() int { return l.Detours + l.Others + l.Unknown }

// Parting is one way in which cases would have left the way that they took.
type Parting struct {
	Verdict   Verdict  `json:"verdict"`
	How       Branch   `json:"how"`
	Flow      string   `json:"flow"`
	State     string   `json:"state"` // where they stood then
	Event     string   `json:"event"` // what happened there, or would have
	Went      string   `json:"went"`  // the state that they went to
	Would     string   `json:"would"` // and would have gone to
	Ended     string   `json:"ended"` // the state that they ended in
	End       string   `json:"end"`   // and would have ended in if nobody had moved; of unknown ones what waits for somebody
	Cases     int      `json:"cases"`
	Back      Sums     `json:"back"`       // what has gone back in them, by currency
	WouldBack Sums     `json:"would_back"` // and would have; none where nobody knows
	Examples  []string `json:"examples"`   // some of them, as people call them
}

// Verdict is how much is known of a case under another policy.
type Verdict string

// The verdicts.
const (
	SameWay  Verdict = "same"    // nothing differs
	Detour   Verdict = "detour"  // another way to the same end
	OtherEnd Verdict = "other"   // another end, or another amount
	NotKnown Verdict = "unknown" // it would have waited for somebody who was never asked
	NotRead  Verdict = "unread"  // it cannot be replayed
)

// Branch is how a case would have left the way that it took.
type Branch string

// The branches.
const (
	IsSooner     Branch = "sooner"      // a time would have been over before what then happened
	IsLater      Branch = "later"       // a time would not have been over yet
	IsElsewhere  Branch = "elsewhere"   // the same event would have led elsewhere
	IsNotOffered Branch = "not_offered" // what somebody did would not have been open to them
	IsAmount     Branch = "amount"      // the same way, with another amount
)

// Sums are amounts of money, one for each currency; in JSON "24.90 USD".
type Sums []Money

// MarshalJSON writes them as people do.
func (s Sums) MarshalJSON() ([]byte, error) {
	said := make([]string, len(s))
	for i, m := range s {
		said[i] = m.String()
	}
	return json.Marshal(said)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Sums) UnmarshalJSON(text []byte) error {
	var said []string
	if err := json.Unmarshal(text, &said); err != nil {
		return err
	}
	*s = nil
	for _, one := range said {
		m, err := ReadMoney(one)
		if err != nil {
			return err
		}
		*s = append(*s, m)
	}
	return nil
}
