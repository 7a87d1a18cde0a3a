package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"nevermind/bot"
)

// eraseCommand makes what is kept of one person unreadable, in backups too.
type eraseCommand struct {
	Buyer  string `help:"The buyer's id at the marketplace." placeholder:"ID" xor:"who" required:""`
	Seller string `help:"The seller's." placeholder:"ID" xor:"who" required:""`
	Agent  string `help:"An agent's." placeholder:"ID" xor:"who" required:""`
	Why    string `help:"A word for the operators' journal, which does not say who." placeholder:"WHY"`
}

// erased is what the control socket answers.
type erased struct{ Files int }

// person is who is meant.
func (c *eraseCommand) person() bot.PersonID {
	switch {
	case c.Buyer != "":
		return bot.NewPersonID(bot.Buyer, c.Buyer)
	case c.Seller != "":
		return bot.NewPersonID(bot.Seller, c.Seller)
	}
	return bot.NewPersonID(bot.Support, c.Agent)
}

// Run erases, and says what is left.
func (c *eraseCommand) Run(ctx context.Context, p *program) (err error) {
	client, done, err := p.dial(ctx, plan{old: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	var e erased
	query := url.Values{"person": {string(c.person())}, "why": {c.Why}}
	if err := askServer(ctx, client, "/erase?"+query.Encode(), &e); err != nil {
		return err
	}
	_, err = fmt.Fprintf(
		p.out,
		"Erased, with %s: nobody can read it any more, in older backups neither. Amounts, dates and decisions "+
			"of their orders stay, with the number by which the shop knows them.\n"+
			"Copies of the key ring that are older than this still open older backups: destroy them.\n",
		count(e.Files, "file"),
	)
	return err
}

// erase does it for the command.
func (h *house) erase(w http.ResponseWriter, r *http.Request) {
	id := bot.PersonID(r.FormValue("person"))
	files, err := h.engine.Erase(r.Context(), id, r.FormValue("why"))
	switch underWay, waits := errors.AsType[bot.UnderWay](err); {
	case err == nil:
		respond(w, erased{files})
	case waits:
		http.Error(w, underWay.Error(), http.StatusConflict)
	case errors.Is(err, bot.ErrNone):
		http.Error(w, "nobody is known by that id, or they were erased before", http.StatusNotFound)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
