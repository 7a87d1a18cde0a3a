package replay

import (
	"cmp"
	"slices"
	"time"

	"nevermind/bot"
)

// Trial plays one closed record under another policy, beside its replay: people and the shop do what they did, at the time at
// which they did it, and times run out by the other policy. It parts where the record would have left the way that it took,
// since what people would have done from there nobody knows. Make one with Try.
type Trial struct {
	record *Record
	policy *bot.Policy
	conv   bot.Conversation // as it would have stood
	parted *bot.Parting
	unread string
	until  time.Time // when it parted
}

// Try is a trial of a record under a policy, from the beginning of its journal.
func Try(reads Reads, key bot.Key, policy *bot.Policy) *Trial {
	t := &Trial{record: New(reads, key), policy: policy}
	t.conv = t.record.conv
	return t
}

// Turn makes one turn again, as it was and as it would have been. False: the record cannot be replayed.
func (t *Trial) Turn(was *bot.Entry) bool {
	running, stood := t.record.conv.Deadlines, t.record.conv.State
	if t.unread = t.record.Turn(was); t.unread != "" {
		return false
	}
	if t.parted == nil {
		t.overdue(running, was)
	}
	if t.parted == nil {
		t.again(running, stood, was)
	}
	return true
}

// mostOverdue is how many times may run out between two lines.
const mostOverdue = 1000

// overdue has every time run out that would have been over before a line, and was not then.
func (t *Trial) overdue(running []bot.Deadline, was *bot.Entry) {
	for range mostOverdue {
		due, ok := t.next(func(d bot.Deadline) bool {
			return d.At.Before(was.At) && !slices.ContainsFunc(running, func(r bot.Deadline) bool {
				return r.Event == d.Event && r.At.Equal(d.At)
			})
		})
		if !ok {
			return
		}
		at, stood := *was, t.conv.State
		at.At, at.Event, at.Refused = due.At, bot.Event{Name: due.Event, By: bot.Clock}, ""
		if !t.step(t.view(&at), &at) || t.conv.State != stood {
			t.part(bot.IsSooner, stood, &at)
			return
		}
	}
}

// next is the deadline of the trial that fires first among some of them.
func (t *Trial) next(some func(bot.Deadline) bool) (first bot.Deadline, ok bool) {
	for _, d := range t.conv.Deadlines {
		if some(d) && !t.conv.Overtaken(d, d.At) && (!ok || d.Fires(first) < 0) {
			first, ok = d, true
		}
	}
	return first, ok
}

// view is what a line's turn would have seen.
func (t *Trial) view(was *bot.Entry) *bot.View {
	v := t.record.seen(was, &t.conv)
	v.Policy = t.policy.For(t.record.order)
	return v
}

// again has a line happen in the trial: what somebody did, or a time that was over then, if it would have been too.
func (t *Trial) again(running []bot.Deadline, stood string, was *bot.Entry) {
	named := func(d bot.Deadline) bool { return d.Event == was.Event.Name }
	if was.Event.By == bot.Clock && slices.ContainsFunc(running, named) {
		d, runs := t.next(named)
		if !runs || d.At.After(was.At) { // where only a word followed, it follows at another time
			if t.conv.State != t.record.conv.State {
				t.part(bot.IsLater, stood, was)
			}
			return
		}
	}
	v := t.view(was)
	switch {
	case was.Refused == "" && v.Event.Offer != "" && !offered(v), !t.step(v, was):
		t.part(bot.IsNotOffered, stood, was)
	case t.conv.State != t.record.conv.State:
		t.part(bot.IsElsewhere, stood, was)
	}
}

// offered says whether a press would have been on offer.
func offered(v *bot.View) bool {
	return slices.ContainsFunc(v.Frame.Offers, func(o bot.Offer) bool {
		return o.Event == v.Event.Name && (o.Party == v.Event.By || o.Party == bot.Here)
	})
}

// step makes a turn of the trial; false where it would not have counted as it did.
func (t *Trial) step(v *bot.View, was *bot.Entry) bool {
	made, err := t.record.reads.decide(v, was)
	if err != nil || made.Entry.Refused != was.Refused {
		return false
	}
	t.conv = made.Conv
	t.conv.Version++
	return true
}

// part notes where the trial leaves the way that the record took: from a state, by an event.
func (t *Trial) part(how bot.Branch, stood string, was *bot.Entry) {
	t.until = was.At
	t.parted = &bot.Parting{How: how, Flow: t.conv.Flow, State: stood, Event: was.Event.Name, Would: t.conv.State}
	if how != bot.IsSooner {
		t.parted.Went = t.record.conv.State
	}
}

// Result is what became of the trial once all lines were played, with what has gone back, and would have; example names the
// record.
func (t *Trial) Result() bot.Parting {
	wentBack := t.record.reads.Rules.WentBack
	ended := t.record.conv.State
	out := bot.Parting{Verdict: bot.SameWay, Flow: t.record.conv.Flow, Ended: ended, Cases: 1,
		Examples: []string{cmp.Or(t.record.conv.ID, string(t.record.conv.Key))}}
	switch {
	case t.unread != "":
		out.Verdict = bot.NotRead
		return out
	case t.parted == nil && wentBack(&t.conv) == wentBack(&t.record.conv):
		return out
	case t.parted == nil:
		out.Verdict, out.How, out.State, out.End = bot.OtherEnd, bot.IsAmount, ended, ended
	default:
		known := t.parted.How != bot.IsLater && t.parted.How != bot.IsNotOffered && t.alone()
		out.How, out.State, out.Event, out.Went, out.Would = t.parted.How, t.parted.State, t.parted.Event, t.parted.Went, t.parted.Would
		out.End = t.conv.State
		switch {
		case !known:
			out.Verdict = bot.NotKnown
		case t.conv.State == ended && wentBack(&t.conv) == wentBack(&t.record.conv):
			out.Verdict = bot.Detour
		default:
			out.Verdict = bot.OtherEnd
		}
	}
	out.Back = add(nil, wentBack(&t.record.conv))
	if out.Verdict != bot.NotKnown {
		out.WouldBack = add(nil, wentBack(&t.conv))
	}
	return out
}

// mostAlone is how many turns may follow without anybody.
const mostAlone = 20

// alone plays on as far as nobody has to move: the shop does what it is asked. False where it comes to a wait for somebody.
func (t *Trial) alone() bool {
	order := t.record.order
	for range mostAlone {
		s := t.record.reads.Rules.ByName[t.conv.Flow].States[t.conv.State]
		if s.End() {
			return true
		}
		w, works := t.record.reads.Rules.Works[s.Do]
		if !works || s.Desk {
			return false
		}
		line := &bot.Entry{At: t.until, Event: bot.Event{Name: w.Outcomes[0], By: bot.Shop}}
		v := t.view(line)
		if order != nil {
			o := order.Clone()
			v.Order = &o
		}
		if w.Expected != nil {
			ev := w.Expected(v)
			ev.By, order = bot.Shop, v.Order
			v.Event = &ev
		}
		stood := t.conv.State
		if !t.step(v, line) || t.conv.State == stood {
			return false
		}
	}
	return false
}
