package bolt

import (
	"errors"
	"fmt"

	"nevermind/bot"
)

// longest is the most bytes that any name may have; keys joined of several must stay below bbolt's 32 KiB.
const longest = 4096

// errName is returned for a name that cannot be a key; nobody but a programmer can make one.
var errName = errors.New("not a name that can be stored")

// sound refuses names that cannot be keys before anything is written.
func sound(c *bot.Commit) error {
	all := names{}
	all.short("handled", c.Handled)
	if x := c.Said; x != nil {
		all.full("room", string(x.Room))
	}
	if x := c.Conversation; x != nil {
		all.full("conversation", string(x.Key))
		all.short("term", c.Terms...)
		all.offers(x.Frame)
		for _, f := range x.Aside {
			all.offers(f)
		}
		for _, d := range x.Deadlines {
			all.short("deadline", d.Name, d.Event)
		}
	}
	if x := c.Order; x != nil {
		all.full("order", x.ID)
		all.short("person", string(x.Buyer), string(x.Seller))
	}
	if x := c.Person; x != nil {
		all.full("person", string(x.ID))
		all.full("account", x.Accounts...)
	}
	if x := c.Entry; x != nil {
		all.full("conversation", string(x.Conversation))
	}
	for i := range c.Tasks {
		all.task(&c.Tasks[i])
	}
	return all.err
}

// names collects the first name that is wrong.
type names struct{ err error }

func (n *names) short(what string, names ...string) {
	for _, s := range names {
		if n.err == nil && len(s) > longest {
			n.err = fmt.Errorf("%s of %d bytes: %w", what, len(s), errName)
		}
	}
}

func (n *names) full(what string, names ...string) {
	for _, s := range names {
		if n.err == nil && s == "" {
			n.err = fmt.Errorf("empty %s: %w", what, errName)
		}
	}
	n.short(what, names...)
}

func (n *names) offers(f bot.Frame) {
	for _, o := range f.Offers {
		n.short("token", o.Token)
	}
}

func (n *names) task(t *bot.Task) {
	n.full("task", t.ID)
	n.full("lane", t.Lane)
	if t.Reply != nil {
		n.full("room", string(t.Reply.Room))
		n.short("conversation", string(t.Reply.Card), string(t.Reply.From))
	}
}
