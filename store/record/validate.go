package record

import (
	"errors"
	"fmt"

	"nevermind/bot"
)

// maxNameBytes is the most bytes any single name may have. Keys join up to four names, and a key
// must stay below bbolt's limit of 32 KiB.
const maxNameBytes = 4096

// errBadName is returned for a name that cannot be part of a key. It marks a programmer's mistake,
// not anything that a person has typed: adapters bound what they pass on.
var errBadName = errors.New("not a name that can be stored")

// Validate refuses a commit with names that cannot be keys, before anything is encoded or queued.
// It checks only lengths and emptiness; what the names mean is not the store's business.
func Validate(c *bot.Commit) error {
	all := nameCheck{}
	all.atMost("handled", c.Handled)
	if x := c.Said; x != nil {
		all.required("room", string(x.Room))
	}
	if x := c.Conversation; x != nil {
		all.required("conversation", string(x.Key))
		all.atMost("term", c.Terms...)
		all.tokens(x.Frame)
		for _, f := range x.Aside {
			all.tokens(f)
		}
		for _, d := range x.Deadlines {
			all.atMost("deadline", d.Name(), d.Event)
		}
	}
	if x := c.Order; x != nil {
		all.required("order", x.ID)
		all.atMost("person", string(x.Buyer), string(x.Seller))
	}
	if x := c.Person; x != nil {
		all.required("person", string(x.ID))
		all.required("account", x.Accounts...)
	}
	if x := c.Entry; x != nil {
		all.required("conversation", string(x.Conversation))
	}
	for i := range c.Tasks {
		all.task(&c.Tasks[i])
	}
	return all.err
}

// nameCheck keeps the first fault that it was shown, so that validate reads as a plain list.
type nameCheck struct{ err error }

// atMost wants each name to have at most maxNameBytes; an empty one is fine.
func (n *nameCheck) atMost(what string, names ...string) {
	for _, s := range names {
		if n.err == nil && len(s) > maxNameBytes {
			n.err = fmt.Errorf("%s of %d bytes: %w", what, len(s), errBadName)
		}
	}
}

// required wants each name to be there as well.
func (n *nameCheck) required(what string, names ...string) {
	for _, s := range names {
		if n.err == nil && s == "" {
			n.err = fmt.Errorf("empty %s: %w", what, errBadName)
		}
	}
	n.atMost(what, names...)
}

// tokens checks the press tokens of what a frame offers.
func (n *nameCheck) tokens(f bot.Frame) {
	for _, o := range f.Offers {
		n.atMost("token", o.Token)
	}
}

// task checks what a task is stored and indexed under.
func (n *nameCheck) task(t *bot.Task) {
	n.required("task", t.ID)
	n.required("lane", t.Lane)
	if t.Reply != nil {
		n.required("room", string(t.Reply.Room))
		n.atMost("conversation", string(t.Reply.Card), string(t.Reply.From))
	}
}

// ValidName refuses a name that cannot be a key.
func ValidName(what, name string) error {
	n := nameCheck{}
	n.required(what, name)
	return n.err
}
