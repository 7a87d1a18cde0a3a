package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"text/tabwriter"

	"nevermind/bot"
	"nevermind/store/export"
)

// deadLetterCommand is what an operator does about tasks that could not be delivered.
type deadLetterCommand struct {
	List  deadLetterList  `cmd:"" help:"What is set aside, since when and why."`
	Retry deadLetterRetry `cmd:"" help:"Try it again, under its id and in its place."`
	Drop  deadLetterDrop  `cmd:"" help:"Give it up for ever."`
}

// deadLetterList shows them.
type deadLetterList struct {
	JSON bool `help:"One JSON object a line, as export writes them."`
}

// deadLetterRetry puts them back into their lanes.
type deadLetterRetry struct {
	ID  []string `arg:"" optional:"" help:"As the list names it; several may be given."`
	All bool     `help:"Everything that is set aside."`
	Why string   `help:"A word for the journal." placeholder:"WHY"`
}

// deadLetterDrop gives them up; why is kept in the journal.
type deadLetterDrop struct {
	ID  []string `arg:"" help:"As the list names it; several may be given."`
	Why string   `required:"" help:"For the journal: why nobody needs it." placeholder:"WHY"`
}

// deadLetter is a dead letter as the control socket hands it out.
type deadLetter struct {
	Record bot.TaskRecord
	Case   string // the short name of the case it belongs to, or the record's key
}

// deadLetterPage is how many letters are asked for at once.
const deadLetterPage = 200

// Run lists what is set aside.
func (c deadLetterList) Run(ctx context.Context, p *program) (err error) {
	if c.JSON {
		out := json.NewEncoder(p.out)
		out.SetEscapeHTML(false)
		return p.eachDeadLetter(ctx, func(_ *http.Client, l deadLetter) error { return out.Encode(export.Task(&l.Record)) })
	}
	table := tabwriter.NewWriter(p.out, 2, 8, 2, ' ', 0)
	n := 0
	err = p.eachDeadLetter(ctx, func(_ *http.Client, l deadLetter) error {
		if n++; n == 1 {
			fmt.Fprintln(table, "ID\tSINCE\tWHAT\tFOR\tWHY")
		}
		_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", oneLine(l.Record.Task.ID),
			l.Record.At.Local().Format("2006-01-02 15:04"), oneLine(taskInWords(&l.Record.Task)), cmp.Or(oneLine(l.Case),
				"-"), oneLine(l.Record.Outcome.Dead))
		return err
	})
	if n == 0 && err == nil {
		fmt.Fprintln(p.out, "Nothing is set aside.")
	}
	return errors.Join(err, table.Flush())
}

// taskInWords says what a task was to do.
func taskInWords(t *bot.Task) string {
	switch {
	case t.Do == "send" && t.Reply != nil && t.Reply.Mode == bot.New:
		return "a message to " + string(t.Reply.Room)
	case t.Do == "send" && t.Reply != nil:
		return "a change of a message in " + string(t.Reply.Room)
	case t.Do == "tell", t.Do == "pass_on":
		return "news within: " + t.Event.Name
	case t.Do == "receive":
		return "somebody's message that we failed to answer"
	case t.Do == "decode":
		return "an update from " + t.Facts["adapter"] + " that cannot be read"
	}
	what := t.Do
	if t.Order != "" {
		what += " for order " + t.Order
	}
	if amount := t.Facts["amount"]; amount != "" {
		what += ", " + amount
	}
	return what
}

// eachDeadLetter goes through all dead letters, a page at a time; f may act on them meanwhile.
func (p *program) eachDeadLetter(ctx context.Context, f func(*http.Client, deadLetter) error) (err error) {
	client, done, err := p.dial(ctx, plan{old: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	for after := uint64(0); ; {
		var page []deadLetter
		if err := askServer(ctx, client, "/deadletter/list?after="+strconv.FormatUint(after, 10), &page); err != nil {
			return err
		}
		for _, l := range page {
			if err := f(client, l); err != nil {
				return err
			}
			after = l.Record.Task.Seq
		}
		if len(page) < deadLetterPage {
			return nil
		}
	}
}

// Run tries letters again.
func (c deadLetterRetry) Run(ctx context.Context, p *program) error {
	if c.All == (len(c.ID) > 0) {
		return usageError{errors.New("name what to try again, or say --all")}
	}
	if !c.All {
		return p.actOn(ctx, c.ID, false, c.Why)
	}
	n, refused := 0, 0
	err := p.eachDeadLetter(ctx, func(client *http.Client, l deadLetter) error {
		var done bot.TaskRecord
		if err := askAct(ctx, client, l.Record.Task.ID, false, c.Why, &done); err != nil {
			refused++
			fmt.Fprintf(p.err, "%s: %v\n", oneLine(l.Record.Task.ID), err)
			return ctx.Err()
		}
		n++
		return nil
	})
	fmt.Fprintf(p.out, "%s put back, %d left where they are\n", count(n, "task"), refused)
	if err == nil && refused > 0 {
		err = errReported
	}
	return err
}

// Run gives letters up.
func (c deadLetterDrop) Run(ctx context.Context, p *program) error {
	return p.actOn(ctx, c.ID, true, c.Why)
}

// actOn retries or drops each of the dead letters named and tells what became of it; errReported
// where one could not be.
func (p *program) actOn(ctx context.Context, ids []string, drop bool, why string) (err error) {
	client, done, err := p.dial(ctx, plan{old: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	failed := false
	for _, id := range ids {
		var r bot.TaskRecord
		if err := askAct(ctx, client, id, drop, why, &r); err != nil {
			failed = true
			fmt.Fprintf(p.err, "%s: %v\n", oneLine(id), err)
			continue
		}
		done := "is tried again"
		if drop {
			done = "is given up"
		}
		fmt.Fprintf(p.out, "%s: %s %s\n", oneLine(id), taskInWords(&r.Task), done)
	}
	if failed {
		return errReported
	}
	return nil
}

// askAct asks for one act on one dead letter; into is the task as it then is.
func askAct(ctx context.Context, client *http.Client, id string, drop bool, why string, into *bot.TaskRecord) error {
	q := url.Values{"id": {id}, "drop": {strconv.FormatBool(drop)}, "why": {why}}
	return askServer(ctx, client, "/deadletter/act?"+q.Encode(), into)
}

// deadLetters answers with a page of dead letters above a sequence number.
func (h *house) deadLetters(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.ParseUint(r.FormValue("after"), 10, 64)
	if err != nil {
		http.Error(w, "after: not a number", http.StatusBadRequest)
		return
	}
	dead, err := h.store.Dead(r.Context(), after, deadLetterPage)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	page := []deadLetter{}
	for _, d := range dead {
		page = append(page, deadLetter{d, h.owner(r.Context(), &d.Task)})
	}
	respond(w, page)
}

// owner names the case that a task belongs to, as people know it; a record that has no such name by its key.
func (h *house) owner(ctx context.Context, t *bot.Task) string {
	key := t.From
	if t.To != "" {
		key = t.To
	}
	if key == "" || key.Kind() == "talk" {
		return ""
	}
	c, err := h.store.Conversation(ctx, key)
	if err != nil || c.ID == "" {
		return string(key)
	}
	return c.ID
}

// actOnDeadLetter puts a dead letter back or drops it, and answers with the task as it is then.
func (h *house) actOnDeadLetter(w http.ResponseWriter, r *http.Request) {
	act := h.engine.PutBack
	if r.FormValue("drop") == "true" {
		act = h.engine.Drop
	}
	done, err := act(r.Context(), r.FormValue("id"), r.FormValue("why"))
	switch {
	case err == nil:
		respond(w, done)
	case errors.Is(err, bot.ErrNone):
		http.Error(w, "there is no such task", http.StatusNotFound)
	case errors.Is(err, bot.ErrReplaced):
		http.Error(w, "a newer edit of the same message was made since: drop this one", http.StatusConflict)
	case errors.Is(err, bot.ErrNotDead):
		http.Error(w, err.Error(), http.StatusConflict)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
