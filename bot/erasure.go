package bot

import (
	"fmt"
	"time"
)

// UnderWay is why somebody's data cannot be erased yet: a case is open, or money is moving.
type UnderWay struct {
	Case  string    // as people know it, or the record's key
	Until time.Time // when its last deadline passes, if nobody moves; zero where a person has to decide
}

// Error says until when.
func (u UnderWay) Error() string {
	if u.Until.IsZero() {
		return fmt.Sprintf("%s is open: nothing can be erased before it is decided", u.Case)
	}
	return fmt.Sprintf("%s is open, until %s if nobody moves: nothing can be erased before", u.Case,
		u.Until.UTC().Format("2 January 2006 15:04 MST"))
}

// WasErased says whether somebody's data were erased; no more than their id is known.
func (p *Person) WasErased() bool { return p.Name == Erased }
