package turn

import (
	"slices"
	"time"

	"nevermind/bot"
)

// A clock that decides against somebody does not run while they could not be told. Which clocks these are, the flows say
// (Wait.Judges); whom they judge, their stakes say. The record keeps how each of these was told (Conversation.Asked); the
// engine holds the deadline until that has arrived, and lets the record hear what came late, or cannot come at all.

// Judged lists the parties that a running deadline of the view's record may decide against.
func (r *Ruleset) Judged(v *bot.View, d bot.Deadline) []bot.Party {
	f := r.ByName[v.Conv.Flow]
	if !r.judging[d.Event] || !waitOf(f, v.Conv.State, d).Judges {
		return nil
	}
	s, _ := r.Stake(f.Name, d.Event)
	return s.WhoseMove(v)
}

// JudgedNow lists the parties that some running deadline of the view's record may decide against.
func (r *Ruleset) JudgedNow(v *bot.View) (all []bot.Party) {
	for _, d := range v.Conv.Deadlines {
		for _, p := range r.Judged(v, d) {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// JudgesIn says whether a deadline of a flow may decide against somebody.
func (r *Ruleset) JudgesIn(f *bot.Flow) bool { return len(judgingWaits(f)) > 0 }

// judgingWaits are the deadlines of a flow that decide against somebody.
func judgingWaits(f *bot.Flow) (all []bot.Wait) {
	for _, s := range f.States {
		for _, w := range slices.Concat(s.After, f.After) {
			if w.Judges {
				all = append(all, w)
			}
		}
	}
	return all
}

// judging lists the events by which some flow's deadline decides against somebody.
func judging(all *bot.Flows) map[string]bool {
	events := map[string]bool{}
	for _, f := range all.All {
		for _, w := range judgingWaits(f) {
			events[w.Event] = true
		}
	}
	return events
}

// makeUp has the clocks that judge run longer by the event's fact "away": those of the party in the fact "told", or all. What
// is made up for once does not count as late again.
func (t *turn) makeUp(m bot.Move) {
	e, c := t.v.Event, &t.out.Conv
	by, err := time.ParseDuration(e.Facts["away"])
	if !m.MakesUp || err != nil {
		return
	}
	told := bot.Party(e.Facts["told"])
	var windows []string
	for _, d := range c.Deadlines {
		judged := t.Judged(t.v, d)
		if len(judged) > 0 && (told == "" || slices.Contains(judged, told)) && !slices.Contains(windows, d.Window) {
			windows = append(windows, d.Window)
		}
	}
	for _, w := range windows {
		t.prolong(w, by)
	}
	c.Asked = slices.Clone(c.Asked)
	for i := range c.Asked {
		if a := &c.Asked[i]; told == "" || a.Party == told {
			a.Since = a.Since.Add(by)
		}
	}
}

// tellUntold lets the record hear of a party that it may decide against and cannot tell, because there is no room: when the
// clock starts, and when the last room is gone.
func (t *turn) tellUntold() {
	c, e := &t.out.Conv, t.v.Event
	for _, p := range t.JudgedNow(t.v) {
		who := t.v.People[p]
		news := c.Visit != t.visit || e.Name == string(p)+"_left"
		if p == bot.Support || who == nil || who.Reachable() || !news {
			continue
		}
		id := t.id()
		t.out.Tasks = append(t.out.Tasks, bot.Task{ID: id, Lane: "conv:" + string(c.Key), Do: bot.DoTell, Class: bot.InnerClass,
			From: c.Key, To: c.Key, Made: t.v.Now, Event: bot.Event{ID: "task:" + id, Name: bot.Untold(p), By: bot.Shop,
				Facts: bot.Facts{"untold_why": bot.UntoldNoChat}}})
	}
}

// noteAsked keeps which of the turn's tasks tell those whom a clock may decide against. A new visit, or a card with new
// buttons, has to be told anew; a card that is only shown again is one more way to have been told.
func (t *turn) noteAsked(sent []bot.Task) {
	c := &t.out.Conv
	var all []bot.Asked
	for _, p := range t.JudgedNow(t.v) {
		a := bot.Asked{Party: p, Since: t.v.Now}
		if i := slices.IndexFunc(c.Asked, func(a bot.Asked) bool { return a.Party == p }); i >= 0 && c.Visit == t.visit && !t.renewed {
			a = c.Asked[i]
		}
		cards := t.cardsFor(p, sent)
		if room := mostAsked - len(a.Tasks); len(cards) > room {
			cards = cards[:max(room, 0)]
		}
		a.Tasks = append(a.Tasks[:len(a.Tasks):len(a.Tasks)], cards...)
		all = append(all, a)
	}
	c.Asked = all
}

// mostAsked is how many tasks are kept for one party: a card that is shown again and again has been seen.
const mostAsked = 8

// cardsFor are the tasks that send a party a new card of the record.
func (t *turn) cardsFor(p bot.Party, sent []bot.Task) (ids []string) {
	who := t.v.People[p]
	for i := range sent {
		r := sent[i].Reply
		if who != nil && r.Mode == bot.New && r.Card == t.out.Conv.Key && slices.Contains(who.Rooms, r.Room) {
			ids = append(ids, sent[i].ID)
		}
	}
	return ids
}
