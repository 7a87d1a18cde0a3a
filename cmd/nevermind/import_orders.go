package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// progressEvery is how often an import says how far it has come.
const progressEvery = time.Second

// importRun is one import under way: it reads orders while it answers what becomes of them. Orders are committed side by side,
// so that a large import shares disk writes. A bad line, and one whose order the house refuses, is told and passed over; only
// a fault of the store ends the import.
type importRun struct {
	put     func(context.Context, bot.Order) error
	ctx     context.Context
	keepers *parallel[readOrder]
	last    bot.Order // read, and not yet handed over: the importer calls read and then line for each order
	read    int
	told    time.Time

	mu      sync.Mutex // the keepers tell too
	say     func(imported)
	refused int
}

// readOrder is an order and the line on which it stands, or begins.
type readOrder struct {
	bot.Order
	line int
}

// importOrders imports the orders of a request's body.
func (h *house) importOrders(w http.ResponseWriter, r *http.Request) {
	both := http.NewResponseController(w)
	if err := both.EnableFullDuplex(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := json.NewEncoder(w)
	run := &importRun{ctx: r.Context(), put: h.importOrder, told: time.Now(), say: func(i imported) {
		if out.Encode(i) == nil {
			both.Flush() //nolint:errcheck // whoever asked has gone; the orders are wanted all the same
		}
	}}
	run.say(run.all(r.Body, r.FormValue("name"), h.engine.Policy()))
}

// all imports what a body holds, and returns how that ended.
func (i *importRun) all(body io.Reader, name string, p *bot.Policy) imported {
	i.keepers = newParallel(i.keep)
	sum, err := shop.Import(body, name, p, i.take, i.line)
	kept, wrong := i.keepers.wait()
	end := imported{Orders: kept - i.refused, Bad: sum.Bad + i.refused, End: true}
	if err = cmp.Or(wrong, err); err != nil {
		end.Error = err.Error()
	}
	return end
}

// take takes a good order from the importer; the error is one of the store, met by an order before.
func (i *importRun) take(o bot.Order) error {
	i.last = o
	return i.keepers.failed()
}

// line takes what the importer says of a line, and hands a good order over with its line.
func (i *importRun) line(l shop.Line) {
	switch {
	case l.Wrong != nil:
		i.tell(imported{Line: l.Number, Wrong: l.Wrong.Error()})
		return
	case l.Ignored != nil:
		i.tell(imported{Line: l.Number, Ignored: l.Ignored})
		return
	}
	i.keepers.put(i.last.ID, readOrder{i.last, l.Number}) //nolint:errcheck // take returns it, and so does wait
	if i.read++; time.Since(i.told) > progressEvery {
		i.told = time.Now()
		i.tell(imported{Orders: i.read, Read: l.Read})
	}
}

// keep stores an order, or tells why the house refuses it.
func (i *importRun) keep(o readOrder) error {
	err := i.put(i.ctx, o.Order)
	faults, refused := shop.FaultsOf(err)
	switch {
	case refused:
		i.tell(imported{Line: o.line, Wrong: faults.Error()})
		i.mu.Lock()
		i.refused++
		i.mu.Unlock()
	case err != nil:
		return fmt.Errorf("line %d: %w", o.line, err)
	}
	return nil
}

// tell answers one line.
func (i *importRun) tell(one imported) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.say(one)
}

// importOrder stores an order and whoever it is about.
func (h *house) importOrder(ctx context.Context, o bot.Order) error {
	_, err := h.putOrder(ctx, o)
	return err
}
