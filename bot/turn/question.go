package turn

import (
	"slices"

	"nevermind/bot"
)

// askAgain repeats a talk's question as a new message; one that has nothing on offer is asked anew.
func (t *turn) askAgain(s *bot.State) {
	if len(t.v.Frame.Offers) == 0 {
		t.v.Frame.Visit++
		t.choices(s)
	}
	again := *s
	again.NewMessage = true
	t.question(&again)
}

// question says a talk's state to its person: after a press in place of the question before, else as a new message.
func (t *turn) question(s *bot.State) {
	room := t.v.Event.Room
	words := s.Tell[t.v.Actor.Party()]
	if words == "" {
		words = s.Tell[bot.Here]
	}
	if words == "" {
		t.hush()
		return
	}
	r := bot.Reply{Room: room, Mode: bot.New, Card: t.out.Conv.Key, Text: t.Say(t.v, t.v.Actor, words)}
	r.Choices = t.buttons(t.v.Actor.Party(), t.v.Actor)
	live := slices.Contains(t.out.Conv.Live, room)
	switch {
	case live && t.v.Event.Offer != "" && t.v.Event.Text == "" && !s.NewMessage && !t.hasAsked(): // pressed, not typed
		r.Mode = bot.Edit
	case live:
		t.strip(room)
	default:
		t.out.Conv.Live = append(t.out.Conv.Live, room)
	}
	t.reply(r, t.v.Actor)
}

// hush takes the buttons of a talk's question away without a word.
func (t *turn) hush() {
	for _, room := range t.out.Conv.Live { // a clock's event comes from no room
		t.strip(room)
	}
}

// hasAsked says whether this turn has sent a question already: the next one is a message of its own.
func (t *turn) hasAsked() bool {
	return slices.ContainsFunc(t.out.Replies, func(r bot.Reply) bool { return r.Card == t.out.Conv.Key && r.Mode != bot.Strip })
}

// enterTalk enters a talk's state: one question to one person, or the talk's end.
func (t *turn) enterTalk(s *bot.State) error {
	t.wait(s)
	quiet := t.v.Event.By == bot.Clock
	if !s.End() && !quiet {
		t.choices(s)
	}
	if quiet {
		t.hush()
	} else {
		t.question(s)
	}
	if s.End() {
		return t.pop()
	}
	return nil
}

// choices puts a talk's choices on offer to its person: the list that depends on data first, then the state's own.
func (t *turn) choices(s *bot.State) {
	who := t.v.Actor.Party()
	if s.List != nil {
		t.offer(who, s.List(t.v))
		for i := range t.v.Frame.Offers { // what a list shows is data, however much it looks like {words}
			o := &t.v.Frame.Offers[i]
			o.Label, o.Words = bot.Clean(o.Words), ""
		}
	}
	if own, ok := s.Offer[who]; ok {
		t.offer(who, own)
	} else {
		t.offer(who, s.Offer[bot.Here])
	}
}
