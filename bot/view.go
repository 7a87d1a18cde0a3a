package bot

import (
	"crypto/sha256"
	"maps"
	"slices"
	"time"
)

// View is everything a turn may look at: no clock, network or dice besides, and of the store only what Look reads, which is
// for talks. A record's view is enough to make its turn again.
type View struct {
	Now     time.Time
	Policy  *Policy
	Began   string // the version of the policy that a record takes on which keeps one and has none yet; empty: none
	Conv    *Conversation
	Frame   *Frame            // the flow's place that is being decided; the top one of a talk
	Actor   *Person           // who caused the event; a stranger has no ID
	Account string            // by which account, where a person's message caused it
	People  map[Party]*Person // who takes part; Support is the desk with its rooms
	Order   *Order            // the order it is about, if any
	Event   *Event
	Seed    [16]byte // ids to use are made from it
	Look    Look     // further reading, for talks
	Agents  []Person // support's people, where one of them opens a form
	History []Entry  // where a move reads it: what the records about the order have gone through, oldest first
	// Others reads the other records of the record's buyer, where one of support's people opens a form; nil else.
	Others     func() []Conversation
	BasePolicy *Policy   // the policy before any override; nil in a replay, where the journal says which counted
	Renderer   Renderer  // works out words and forecasts for this view
	Values     Facts     // what {names} stand for in the words at hand, before terms and facts: see With
	Older      bool      // hashes are made as older versions made them: of what people said as it stands
	Instant    time.Time // the moment that the words at hand speak of, such as a deadline: see At
}

// Look is what a talk may read besides, while it hears and decides: orders, conversations and persons as they stand just
// then. Records never look: what they saw is in their journal. No read can fail half-way: errors are sticky, as with
// bufio.Writer, so that after the first fault every read answers nothing, and the engine throws the turn away with it.
type Look interface {
	// Orders lists the actor's orders, newest first.
	Orders(skip, n int) []Order
	// OrderByID finds one of the actor's own orders; support's people find every order, anybody else only their own.
	OrderByID(id string) (*Order, bool)
	// Cases lists the first n conversations of a flow that are filed under the term, oldest first: records of every flow,
	// not only cases, and open or closed ones as the term says ("open:" begins those of open ones).
	Cases(term, flow string, n int) []Conversation
	// Person finds somebody by id.
	Person(id PersonID) *Person
	// CaseKey is the key of the order's open record of a flow, a case or not, or of the next one to be opened.
	CaseKey(flow, order string) Key
	// PolicyOf is the policy that counts for a record, before any override.
	PolicyOf(c *Conversation) *Policy
}

// Renderer renders words for a view and forecasts from it; the ruleset of package turn is one. It is pure.
type Renderer interface {
	// Say renders English words with {names} for a reader, in their language.
	Say(v *View, reader *Person, english string) string
	// Count renders words for n things, in the plural form of the reader's language.
	Count(v *View, reader *Person, n int, one, other string) string
	// Translates says whether English words are there in a reader's own language, other than English.
	Translates(reader *Person, english string) bool
	// Amount writes an amount of money for a reader, and List joins what is counted up, as their language does.
	Amount(reader *Person, m Money) string
	Join(reader *Person, after Mark, items []string) string
	// Forecast lists the next n steps of the view's record if nobody moves.
	Forecast(v *View, n int) []Foresight
	// Judged lists the parties that a running deadline of the view's record may decide against.
	Judged(v *View, d Deadline) []Party
}

// Say renders English words with {names} for a reader, in their language: for terms made of words.
func (v *View) Say(reader *Person, english string) string { return v.Renderer.Say(v, reader, english) }

// With returns the view in which these {names} stand for these values, besides the terms and facts: a whole sentence can
// then hold what was just worked out, as in "Received {when}".
func (v *View) With(values Facts) *View {
	with := *v
	with.Values = maps.Clone(v.Values)
	if with.Values == nil {
		with.Values = Facts{}
	}
	maps.Copy(with.Values, values)
	return &with
}

// At returns the view for words about a moment, in UTC: a deadline's own, say. Terms write it as the reader would.
func (v *View) At(moment time.Time) *View {
	at := *v
	at.Instant = moment
	return &at
}

// Forecast lists the next n steps of the view's own record if nobody moves; it looks at nothing but the view.
func (v *View) Forecast(n int) []Foresight { return v.Renderer.Forecast(v, n) }

// Count renders words for a number {n} of things, in the plural form of the reader's language.
func (v *View) Count(reader *Person, n int, one, other string) string {
	return v.Renderer.Count(v, reader, n, one, other)
}

// Amount writes an amount of money as the reader's language does. A {name} that stands for an amount is written so by itself.
func (v *View) Amount(reader *Person, m Money) string { return v.Renderer.Amount(reader, m) }

// Translates says whether English words are there in a reader's own language, other than English.
func (v *View) Translates(reader *Person, english string) bool {
	return v.Renderer.Translates(reader, english)
}

// List puts what is counted up into a row as the reader's language does: "a, b, c".
func (v *View) List(reader *Person, items []string) string {
	return v.Renderer.Join(reader, Comma, items)
}

// Clauses is the same for pieces that have commas of their own: "a, b; c".
func (v *View) Clauses(reader *Person, items []string) string {
	return v.Renderer.Join(reader, Semicolon, items)
}

// Sentences puts whole sentences behind each other, without those that are empty.
func (v *View) Sentences(reader *Person, all ...string) string {
	all = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "" })
	return v.Renderer.Join(reader, FullStop, all)
}

// NewID makes a short name that people can say, such as "C-7Q2M9K4D": 40 bits from the seed.
func (v *View) NewID(prefix string) string {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's: nothing that looks like something else
	sum := sha256.Sum256(append(v.Seed[:], prefix...))
	id := make([]byte, 8)
	for i := range id {
		id[i] = letters[sum[i]%32]
	}
	return prefix + "-" + string(id)
}

// Fact returns a fact of the flow's place that is being decided.
func (v *View) Fact(name string) string { return v.Frame.Facts[name] }
