package bot

import (
	"cmp"
	"strings"
	"time"
)

// Flows is everything we say and decide.
type Flows struct {
	All    []*Flow
	Home   string // the talk that a room is in when nothing else is going on
	Link   string // the record by which a chat becomes somebody's; empty: nobody can be invited
	Refund string // the record that a refund which has come back begins; empty: none
	// DueAgain is what a closed case is owed after all, now that money which had counted as paid back has not gone; nothing for
	// most. The record Refund then begins. Nil: never.
	DueAgain func(o *Order, c *Conversation) Money
	// WentBack is what a closed case has given back in all; zero for most.
	WentBack func(c *Conversation) Money
	// Assistants are people's own; nil: none are let in.
	Assistants *Assistants
	Form       string                          // the talk that asks a form's fields one by one
	Terms      map[string]Term                 // what {names} in words may stand for, besides facts and deadlines
	Windows    map[string]func(v *View) Window // windows worked out from the order rather than listed in the policy
	Works      map[string]Work                 // what a state may Do
	More       string                          // the label of the button that shows the rest of what is on offer
	Less       string                          // and of the one that shows the first of it again
	Written    string                          // what is said of words that are passed on to somebody who reads another language
	Notices    map[string]string               // what is said where nothing moved: see the Refused and Notice constants
	Stakes     map[string]Stake                // what hangs on a deadline, by its event, or "<flow>.<event>" where flows differ
	Place      func(typed string) (int, bool)  // reads a typed place in a list, "2" or "the second"; nil: plain digits
	Fit        Fit                             // judges what was answered to a form's field
	Commands   []Command                       // what can be typed everywhere, for the menus of platforms
	Moment     func(v *View, reader *Person, at time.Time) string
	Meanings   []string                       // what a Listener may say that words mean
	Unclear    func(v *View, m *Message) bool // whether a Listener may be asked what words mean that nothing heard; nil: never
}

// Fit reads an answer as what the field asks for, or says in English words with {names} why it does not fit. The names
// are resolved in the form's talk, at that field.
type Fit func(f *Field, answer string) (value, unfit string)

// Command is a word with a slash that is understood everywhere. It arrives as the text of a message, "/orders".
type Command struct {
	Name  string // without the slash
	About To     // English, a few words, for the parties it is meant for; under Here for everybody else, strangers too
}

// CommandsFor lists the commands that are meant for a party, in their order; for a stranger the party is empty.
func (f *Flows) CommandsFor(p Party) []Command {
	var all []Command
	for _, c := range f.Commands {
		if words := cmp.Or(c.About[p], c.About[Here]); words != "" {
			all = append(all, Command{c.Name, To{p: words}})
		}
	}
	return all
}

// Term works out what a {name} stands for, as the reader should see it.
type Term func(v *View, reader *Person) string

// Work is a kind of task for the world outside.
type Work struct {
	Class    Class
	Outcomes []string // the events it may come back as
	Shop     bool     // the shop's own system does it, in order with all else it hears of the case
	AsksShop bool     // the shop's own system may be asked in it, in no order; of those too only so many are done at once
	Optional bool     // a house may have nobody who does it; then its state waits for nothing but the deadline
	// ByAttempt: an outcome counts only while the record's fact "attempt" is the one it was asked with. One of an attempt before
	// is late: support is told, and nothing follows, so that it is not taken for the end of what is under way now.
	ByAttempt bool
	// Expected is the outcome to reckon with when looking ahead. What it does to the order it does to the view's, which is a
	// copy then. nil: it waits for people.
	Expected func(v *View) Event
}

// Catalog gives the words of a language; English stands in the flows.
type Catalog interface {
	// Text returns what stands for the English words in the language; false where it has none.
	Text(language, english string) (string, bool)
	// Count returns the same for a number of things, in the language's plural form for n.
	Count(language string, n int, english string) (string, bool)
	// Speaks returns which of the catalog's languages, English among them, a platform's tag such as "pt" or "es-MX" means; empty
	// where it is none of them.
	Speaks(tag string) string
	// Amount writes an amount of money as the language does.
	Amount(language string, m Money) string
	// Join puts what is told one by one into a row, as the language does: after a comma "a, b, c", after a semicolon "a; b; c",
	// after a full stop whole sentences.
	Join(language string, after Mark, items []string) string
}

// Mark is what ends a piece of a row of pieces.
type Mark string

// What may end a piece: one of a list, one that has commas of its own, or a sentence, which brings its own mark along.
const (
	Comma     Mark = ","
	Semicolon Mark = ";"
	FullStop  Mark = "."
)

// Join puts pieces into a row as English does.
func Join(after Mark, items []string) string {
	if after == FullStop {
		return strings.Join(items, " ")
	}
	return strings.Join(items, string(after)+" ")
}
