package bot

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"time"
)

// View is everything a turn may look at: no clock, network or dice besides, and of the store only what Look reads.
type View struct {
	Now     time.Time
	Policy  *Policy
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
	Past    []Entry  // where a move reads it: what the records about the order have gone through, oldest first
	// Others reads the other records of the record's buyer, where one of support's people opens a form; nil else.
	Others func() []Conversation
	house  *Policy // the policy before any override
	book   *book
}

// Look is what a talk may read besides, while it decides: the orders and open cases of its person as they stand just
// then. Records never look: what they saw is in their journal.
type Look interface {
	// Orders lists the actor's orders, newest first.
	Orders(skip, n int) []Order
	// OrderByID finds one of the actor's own orders; anybody else's is not found.
	OrderByID(id string) (*Order, bool)
	// Cases lists the open conversations of a flow that are filed under the term, oldest first.
	Cases(term, flow string, n int) []Conversation
	// Person finds somebody by id.
	Person(id PersonID) *Person
	// CaseKey is the key of the order's open record of a flow, or of the next one to be opened.
	CaseKey(flow, order string) Key
}

// Say renders English words with {names} for a reader, in their language: for terms made of words.
func (v *View) Say(reader *Person, english string) string { return v.book.say(v, reader, english) }

// Count renders words for a number {n} of things, in the plural form of the reader's language.
func (v *View) Count(reader *Person, n int, one, other string) string {
	words := other
	if n == 1 {
		words = one
	}
	if c := v.book.catalog; c != nil && reader.Language != "" && reader.Language != "en" {
		if text, ok := c.Count(reader.Language, n, other); ok {
			words = text
		}
	}
	return strings.ReplaceAll(words, "{n}", strconv.Itoa(n))
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

// settle gives a talk the order that it is about now, and the policy that counts for that order.
func (v *View) settle() {
	if v.Look == nil || v.house == nil || len(v.house.Overrides) == 0 {
		return
	}
	switch id := v.Frame.Facts["order"]; {
	case id == "":
		v.Order = nil
	case v.Order == nil || v.Order.ID != id:
		v.Order, _ = v.Look.OrderByID(id)
	}
	v.Policy = v.house.For(v.Order)
}

// Fact returns a fact of the flow's place that is being decided.
func (v *View) Fact(name string) string { return v.Frame.Facts[name] }
