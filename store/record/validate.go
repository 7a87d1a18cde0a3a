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
	all := NameCheck{}
	all.atMost("handled", c.Handled)
	if x := c.Said; x != nil {
		all.Required("room", string(x.Room))
	}
	if x := c.Conversation; x != nil {
		all.Required("conversation", string(x.Key))
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
		all.Required("order", x.ID)
		all.atMost("person", string(x.Buyer), string(x.Seller))
	}
	if x := c.Person; x != nil {
		all.Required("person", string(x.ID))
		all.Required("account", x.Accounts...)
	}
	if x := c.Entry; x != nil {
		all.Required("conversation", string(x.Conversation))
	}
	for i := range c.Tasks {
		all.task(&c.Tasks[i])
	}
	return all.Err
}

// NameCheck keeps the first fault that it was shown, so that validate reads as a plain list.
type NameCheck struct{ Err error }

// atMost wants each name to have at most maxNameBytes; an empty one is fine.
func (n *NameCheck) atMost(what string, names ...string) {
	for _, s := range names {
		if n.Err == nil && len(s) > maxNameBytes {
			n.Err = fmt.Errorf("%s of %d bytes: %w", what, len(s), errBadName)
		}
	}
}

// Required wants each name to be there as well.
func (n *NameCheck) Required(what string, names ...string) {
	for _, s := range names {
		if n.Err == nil && s == "" {
			n.Err = fmt.Errorf("empty %s: %w", what, errBadName)
		}
	}
	n.atMost(what, names...)
}

// tokens checks the press tokens of what a frame offers.
func (n *NameCheck) tokens(f bot.Frame) {
	for _, o := range f.Offers {
		n.atMost("token", o.Token)
	}
}

// task checks what a task is stored and indexed under.
func (n *NameCheck) task(t *bot.Task) {
	n.Required("task", t.ID)
	n.Required("lane", t.Lane)
	if t.Reply != nil {
		n.Required("room", string(t.Reply.Room))
		n.atMost("conversation", string(t.Reply.Card), string(t.Reply.From))
	}
}
