package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"nevermind/bot"
)

// replayCommand judges a case by its journal.
type replayCommand struct {
	Case string `arg:"" help:"A case as people see it (C-7Q2M9K4D), or a conversation's key."`
}

// Run makes a case's turns again and says whether they came out the same.
func (c replayCommand) Run(ctx context.Context, p *program) (err error) {
	client, done, err := p.dial(ctx, plan{old: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	var r bot.Replayed
	if err := askServer(ctx, client, "/replay?case="+url.QueryEscape(c.Case), &r); err != nil {
		return err
	}
	if !r.Same {
		fmt.Fprintf(p.out, "%s: differs at turn %d: %s\n", c.Case, r.Differs, r.Why)
		return errReported
	}
	fmt.Fprintf(p.out, "%s: %s, every one the same\n", c.Case, count(r.Turns, "turn"))
	if r.Reworded > 0 {
		fmt.Fprintf(p.out, "the words of %s have changed since, the decisions have not\n", count(r.Reworded, "turn"))
	}
	if r.Erased > 0 {
		fmt.Fprintf(p.out, "%s decided by words that were erased: only the move could be compared\n", count(r.Erased, "turn"))
	}
	if r.Older > 0 {
		fmt.Fprintf(
			p.out,
			"%s written by an older version: only the move and what was learned could be compared\n",
			count(r.Older, "turn"),
		)
	}
	return nil
}

// replay answers with what the engine has found.
func (h *house) replay(w http.ResponseWriter, r *http.Request) {
	key, err := h.conversationKey(r.Context(), r.FormValue("case"))
	if err == nil {
		var replayed bot.Replayed
		if replayed, err = h.engine.Replay(r.Context(), key); err == nil {
			respond(w, replayed)
			return
		}
	}
	if errors.Is(err, bot.ErrNone) {
		http.Error(w, "there is no such case", http.StatusNotFound)
		return
	}
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

// conversationKey takes a conversation's key, or the name by which people know a case.
func (h *house) conversationKey(ctx context.Context, name string) (bot.Key, error) {
	if strings.Contains(name, "/") {
		return bot.Key(name), nil
	}
	found, err := h.store.Find(ctx, "id:"+strings.ToUpper(name), "", 1)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", bot.ErrNone
	}
	return found[0], nil
}
