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
}

// Stake is what hangs on a deadline: whose move it is, and who loses what when it passes.
type Stake struct {
	Whose []Party // who can still move; empty where nobody need
	Asked string  // or the fact that names the party
	Loses string  // English with placeholders, a clause or two that follow "if nobody moves:"
	Yours To      // the same, to a party who reads it of themselves
	Only  Party   // nobody else is told that it runs
	Words bool    // only a word follows: cards name the clock behind it
}

// Said is what hangs on it, as a party reads it.
func (s *Stake) Said(p Party) string {
	if words := s.Yours[p]; words != "" {
		return words
	}
	return s.Loses
}

// Countdown is one clock that runs in an open record, with all that is to be said of it.
type Countdown struct {
	Key     Key
	ID      string // the short name people see; empty where it has none
	Order   string
	Flow    string
	State   string
	Parties map[Party]PersonID
	Name    string    // the window's policy key; half a window, a reminder, is "half <key>"
	Window  Window    // how long the whole window is
	Sources []string  // the rules behind its policy entry, and those of the state
	From    time.Time // when it began to run
	At      time.Time
	Zone    string // in whose zone business days are counted; empty where it runs in plain days
	Event   string // what happens when it has passed
	Then    string // the state that follows if nobody moves
	Whose   []Party
	Loses   string // who loses what, as a sentence in the reader's language
}

func (s *Stake) WhoseMove(v *View) []Party {
	if p := v.Fact(s.Asked); s.Asked != "" && p != "" {
		return []Party{Party(p)}
	}
	return s.Whose
}
