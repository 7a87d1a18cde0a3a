package turn

import (
	"slices"

	"nevermind/bot"
)

// Countdown is all that is to be said of one deadline of the view's record, but for when its clock began.
func (r *Ruleset) Countdown(v *bot.View, d bot.Deadline, reader *bot.Person) (bot.Countdown, *bot.Wait) {
	f, c := r.ByName[v.Conv.Flow], v.Conv
	w := waitOf(f, c.State, d)
	out := bot.Countdown{Key: c.Key, ID: c.ID, Order: c.Order, Flow: c.Flow, State: c.State, Parties: c.Parties,
		Name: d.Window, Half: d.Half,
		Window: r.window(v, w.Window()), At: d.At, Event: d.Event, Then: r.Leads(v, d.Event)}
	out.Sources = slices.Concat(v.Policy.Sources["windows."+w.Window()], f.States[c.State].Rules)
	if out.Window.BusinessDays > 0 {
		out.Zone = ZoneOf(v, w.For).String()
	}
	if s, ok := r.Stake(c.Flow, d.Event); ok {
		out.Whose, out.Says = s.WhoseMove(v), r.Say(v.At(d.At), reader, s.Said(reader.Party()))
	}
	return out, w
}

// waitOf finds what a deadline was made of.
func waitOf(f *bot.Flow, state string, d bot.Deadline) *bot.Wait {
	for _, waits := range []bot.Waits{f.States[state].After, f.After} {
		for i := range waits {
			if w := &waits[i]; w.Event == d.Event && d.Window == w.Window() && d.Half == (w.Half != "") {
				return w
			}
		}
	}
	return &bot.Wait{Full: d.Window, Event: d.Event} // of a version before
}

// Stake finds what hangs on a deadline of a flow.
func (r *Ruleset) Stake(flow, event string) (bot.Stake, bool) {
	if s, ok := r.Stakes[flow+"."+event]; ok {
		return s, true
	}
	s, ok := r.Stakes[event]
	return s, ok
}

// Matters says whether somebody has a stake in a deadline.
func (r *Ruleset) Matters(flow, event string) bool {
	s, ok := r.Stake(flow, event)
	return ok && len(s.Says) > 0
}
