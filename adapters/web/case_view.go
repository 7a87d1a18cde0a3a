package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"nevermind/bot"
)

// caseView is everything the page shows of one case.
type caseView struct {
	caseLine
	Firm      bool           `json:"firm,omitempty"`
	Deadlines []deadline     `json:"deadlines"`
	Ahead     []forecastStep `json:"ahead"` // if nobody moves
	Timeline  []moment       `json:"timeline"`
	Summary   *orderView     `json:"summary,omitempty"`
	Refund    *refundView    `json:"refund,omitempty"`
}

// deadline is what runs out, and the state that follows.
type deadline struct {
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	Event string    `json:"event"`
	Then  string    `json:"then,omitempty"`
}

// moment is one turn of a case as the timeline shows it.
type moment struct {
	Seq   int       `json:"seq"`
	At    time.Time `json:"at"`
	By    bot.Party `json:"by,omitempty"`
	Actor string    `json:"actor,omitempty"`
	Event string    `json:"event"`
	From  string    `json:"from,omitempty"`
	To    string    `json:"to"`
	Rules []string  `json:"rules,omitempty"`
	Note  string    `json:"note,omitempty"`
}

// maxMoments is how much of a journal a timeline shows, and maxAhead how far it looks ahead.
const (
	// maxMoments is how many turns a timeline shows, and maxForecast how many steps a forecast has.
	maxMoments  = 500
	maxForecast = 8
)

// oneCase answers with a case by its key or by the short name people see.
func (d *Demo) oneCase(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	conv, err := d.find(ctx, r.PathValue("key"))
	if err != nil {
		return err
	}
	v := caseView{caseLine: d.caseLine(ctx, &conv), Deadlines: []deadline{}, Ahead: []forecastStep{}}
	flow := d.flow(conv.Flow)
	if flow != nil {
		s := flow.States[conv.State]
		v.End, v.Firm = s.End(), s.Firm
	}
	if v.Timeline, err = d.timeline(ctx, conv.Key); err != nil {
		return err
	}
	if !v.End {
		if v.Ahead, err = d.forecast(ctx, &conv); err != nil {
			return err
		}
		for _, dl := range conv.Deadlines {
			v.Deadlines = append(v.Deadlines, deadline{dl.Name(), dl.At, dl.Event, stateAfter(flow, conv.State, dl, v.Ahead)})
		}
	}
	if order, err := d.engine.Store().Order(ctx, conv.Order); err == nil {
		o := d.order(ctx, &order, acceptLanguage(r))
		v.Summary, v.Refund = &o, refundOf(o.Refunds, conv.Opened)
	}
	return writeJSON(w, v)
}

// find loads a case by its key or by the short name that people see.
func (d *Demo) find(ctx context.Context, name string) (bot.Conversation, error) {
	conv, err := d.engine.Store().Conversation(ctx, bot.Key(name))
	if !errors.Is(err, bot.ErrNone) {
		return conv, err
	}
	found, err := d.filed(ctx, "id:"+name)
	if err != nil || len(found) == 0 {
		return bot.Conversation{}, cmp.Or(err, bot.ErrNone)
	}
	return found[0], nil
}

// timeline lists a case's turns, oldest first. A decision that the clock sends out is shown with the agent who made it.
func (d *Demo) timeline(ctx context.Context, key bot.Key) ([]moment, error) {
	entries, err := d.engine.Store().Journal(ctx, key, 0, maxMoments)
	moments, decider := make([]moment, 0, len(entries)), bot.PersonID("")
	for _, e := range entries {
		// The decision is carried out turns after it was made; who made it was learned then.
		decider = cmp.Or(bot.PersonID(e.Learned["decider"]), decider)
		m := moment{
			Seq: e.Seq, At: e.At, By: e.Event.By, Event: e.Event.Name, From: e.From, To: e.To, Rules: e.Rules, Note: e.Refused,
		}
		if e.Event.Actor != "" {
			m.Actor = d.personName(ctx, e.Event.Actor)
		}
		if e.Event.Name == "decision_stood" && decider != "" { // the clock only sends it out
			m.Actor = d.personName(ctx, decider)
		}
		moments = append(moments, m)
	}
	return moments, err
}

// refundOf is the newest refund since the case was opened; nil where there is none.
func refundOf(all []refundView, opened time.Time) *refundView {
	// Refunds before this case belong to an earlier one of the same order.
	for i := len(all) - 1; i >= 0; i-- {
		if !all[i].At.Before(opened) {
			return &all[i]
		}
	}
	return nil
}
