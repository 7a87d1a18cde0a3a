package bot

import (
	"time"
)

// Foresight is one step of what happens if nobody moves.
type Foresight struct {
	At       time.Time
	By       Party // Clock, or Shop for the outcome of a task
	Event    string
	From, To string
	Window   string // the window that passes, for a deadline
	Half     bool   // half of it only
}

// Stake is what hangs on a deadline: whose move it is, and what each party is told of it before it passes.
type Stake struct {
	Whose    []Party // who can still move; empty where nobody need
	Asked    string  // or the fact that names the party
	Says     To      // a whole sentence for each party, with the deadline in it as {by} or {on}; Here is for whoever has none
	Only     Party   // nobody else is told that it runs
	Reminder bool    // only a word follows: cards name the clock behind it
}

// Said is what hangs on it, as a party reads it; empty where nothing does.
func (s *Stake) Said(p Party) string {
	if words := s.Says[p]; words != "" {
		return words
	}
	return s.Says[Here]
}

// Countdown is one clock that runs in an open record, with all that is to be said of it.
type Countdown struct {
	Key     Key
	ID      string // the short name people see; empty where it has none
	Order   string
	Flow    string
	State   string
	Parties map[Party]PersonID
	Name    string    // the window's policy key
	Half    bool      // half the window: a reminder
	Window  Window    // how long the whole window is
	Sources []string  // the rules behind its policy entry, and those of the state
	From    time.Time // when it began to run
	At      time.Time
	Zone    string // in whose zone business days are counted; empty where it runs in plain days
	Event   string // what happens when it has passed
	Then    string // the state that follows if nobody moves
	Whose   []Party
	Says    string // what the reader is told of it, in their language: what happens then, unless somebody acts before
}

// WhoseMove is who can still move before a deadline passes, as the view's record stands.
func (s *Stake) WhoseMove(v *View) []Party {
	if p := v.Fact(s.Asked); s.Asked != "" && p != "" {
		return []Party{Party(p)}
	}
	return s.Whose
}
