package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

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

// mostDue is how many deadlines are looked through for those that somebody has a stake in.
const mostDue = 5000

// Ledger lists what runs out over all open records, earliest first, n at most: every clock that somebody has a stake
// in, in words for the reader. Reminders halfway are left out.
func (e *Engine) Ledger(ctx context.Context, reader *Person, n int) ([]Countdown, error) {
	due, err := e.cfg.Store.Due(ctx, e.Now().Add(100*365*24*time.Hour), mostDue)
	if err != nil {
		return nil, err
	}
	var all []Countdown
	for _, d := range due {
		if len(all) == n {
			break
		}
		if strings.HasPrefix(d.Name, "half ") || !e.book.matters(d.Key.Kind(), d.Event) {
			continue
		}
		one, err := e.Countdowns(ctx, d.Key, reader)
		if err != nil && !errors.Is(err, ErrNone) {
			return nil, err
		}
		for i := range one {
			if one[i].Name == d.Name && one[i].At.Equal(d.At) {
				all = append(all, one[i])
			}
		}
	}
	return all, nil
}

// Countdowns lists every clock that runs in one open record and that the reader may know of, reminders too, earliest
// first; ErrNone where there is no such record.
func (e *Engine) Countdowns(ctx context.Context, key Key, reader *Person) ([]Countdown, error) {
	v, err := e.standing(ctx, key)
	if err != nil {
		return nil, err
	}
	if v.Conv.State == "" {
		return nil, ErrNone
	}
	var all []Countdown
	for _, d := range v.Conv.Deadlines {
		if s, _ := e.book.stake(v.Conv.Flow, d.Event); s.Only != "" && s.Only != reader.Party() {
			continue
		}
		c, w := e.book.countdown(v, d, reader)
		if c.From, err = e.began(ctx, v.Conv, &w, d); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b Countdown) int { return a.At.Compare(b.At) })
	return all, nil
}

// countdown is all that is to be said of one deadline of the view's record, but for when its clock began.
func (b *book) countdown(v *View, d Deadline, reader *Person) (Countdown, Wait) {
	f, c := b.flows[v.Conv.Flow], v.Conv
	w := waitOf(f, c.State, d)
	out := Countdown{Key: c.Key, ID: c.ID, Order: c.Order, Flow: c.Flow, State: c.State, Parties: c.Parties, Name: d.Name,
		Window: b.window(v, w.Window()), At: d.At, Event: d.Event, Then: f.Leads(v, d.Event)}
	out.Sources = slices.Concat(v.Policy.Sources["windows."+w.Window()], f.States[c.State].Rules)
	if out.Window.BusinessDays > 0 {
		out.Zone = zoneOf(v, w.For).String()
	}
	if s, ok := b.stake(c.Flow, d.Event); ok {
		out.Whose, out.Loses = s.whose(v), sentence(b.Say(v, reader, s.Said(reader.Party())))
	}
	return out, w
}

// wait finds what a deadline was made of.
func waitOf(f *Flow, state string, d Deadline) Wait {
	for _, w := range slices.Concat(f.States[state].After, f.After) {
		if w.Event == d.Event && strings.TrimPrefix(d.Name, "half ") == w.Window() && strings.HasPrefix(d.Name, "half ") == (w.Half != "") {
			return w
		}
	}
	return Wait{Full: d.Name, Event: d.Event} // of a version before
}

// began is when a deadline's clock began to run: a kept one at its first visit, another with the visit, or when it last
// passed and came again.
func (e *Engine) began(ctx context.Context, c *Conversation, w *Wait, d Deadline) (time.Time, error) {
	if at, ok := c.Clocks[w.Window()]; ok && w.Kept {
		return at, nil
	}
	const back = 50
	entries, err := e.cfg.Store.Journal(ctx, c.Key, max(0, c.Entries-back), back)
	if err != nil {
		return time.Time{}, err
	}
	from := c.Opened
	for i := range slices.Backward(entries) {
		if entries[i].Visit < c.Visit {
			break
		}
		if from = entries[i].At; entries[i].Event.Name == d.Event {
			break
		}
	}
	return from, nil
}

// stake finds what hangs on a deadline of a flow.
func (b *book) stake(flow, event string) (Stake, bool) {
	if s, ok := b.Stakes[flow+"."+event]; ok {
		return s, true
	}
	s, ok := b.Stakes[event]
	return s, ok
}

// matters says whether somebody has a stake in a deadline.
func (b *book) matters(flow, event string) bool {
	s, ok := b.stake(flow, event)
	return ok && s.Loses != ""
}

func (s *Stake) whose(v *View) []Party {
	if p := v.Fact(s.Asked); s.Asked != "" && p != "" {
		return []Party{Party(p)}
	}
	return s.Whose
}

// sentence begins a clause as a sentence.
func sentence(clause string) string {
	r, n := utf8.DecodeRuneInString(clause)
	return string(unicode.ToUpper(r)) + clause[n:]
}
