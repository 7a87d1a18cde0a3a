package console

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"nevermind/bot"
)

// Bubble is one message as it stands in the terminal: the wire format between the console's halves.
type Bubble struct {
	ID      string   `json:"id"`
	Ref     bot.Ref  `json:"ref,omitempty"`
	Mode    bot.Mode `json:"mode,omitempty"`
	Talk    bool     `json:"talk,omitempty"` // said by the room's talk: its choices are numbered
	Mine    bool     `json:"mine,omitempty"` // the person's own words, said before
	Title   string   `json:"title,omitempty"`
	Text    string   `json:"text,omitempty"`
	Quote   string   `json:"quote,omitempty"`
	Files   []file   `json:"files,omitempty"`
	Choices []Choice `json:"choices,omitempty"`
}

// Choice is a button in the terminal.
type Choice struct {
	Token string `json:"token"`
	Label string `json:"label"`
}

// replyBubble is a reply as a bubble, by the delivery's id and the message's name.
func replyBubble(id string, ref bot.Ref, r *bot.Reply) Bubble {
	b := Bubble{
		ID: id, Ref: ref, Mode: r.Mode, Talk: r.From.Kind() == "talk",
		Title: r.Title, Text: r.Text, Quote: r.Quote, Files: wireFiles(r.Files),
	}
	for _, c := range r.Choices {
		b.Choices = append(b.Choices, Choice{c.Token, c.Label})
	}
	return b
}

const (
	historyLength = 20  // how much of what was said is shown again to someone who comes in
	maxWaiting    = 256 // bubbles that wait for a slow terminal; past that it is cut off and may come in again
	maxSentIDs    = 64  // replies remembered as sent, so that a second attempt is not shown twice
)

// roomStream hands the replies in one room to the terminals that are open there, while the process runs. It never waits for
// a terminal: one whose queue is full is cut off and may come in again, since the store has everything.
type roomStream struct {
	mu        sync.Mutex
	listeners map[chan Bubble]bool
	sent      []string      // ids of the last replies, oldest first
	changed   chan struct{} // closed at the next reply
}

// publish hands a reply to every terminal; a repeat under the same id does nothing.
func (s *roomStream) publish(b Bubble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.sent, b.ID) {
		return
	}
	s.sent = append(s.sent, b.ID)
	s.sent = s.sent[max(0, len(s.sent)-maxSentIDs):]
	for l := range s.listeners {
		select {
		case l <- b:
		default:
			delete(s.listeners, l)
			close(l)
		}
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// subscribe opens a terminal's queue; stop ends it. The queue is closed where the terminal is too slow.
func (s *roomStream) subscribe() (bubbles chan Bubble, stop func()) {
	l := make(chan Bubble, maxWaiting)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners[l] = true
	return l, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.listeners, l)
	}
}

// wasSent says whether a reply was published lately.
func (s *roomStream) wasSent(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.sent, id)
}

// nextReply is closed at the next reply.
func (s *roomStream) nextReply() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// replayRoom makes bubbles of what was said before, each message as it stands now, and the set of replies that are in them.
// What still waits to be sent is left out: it will come by the stream.
func replayRoom(said []bot.Said, now *roomStream) (bubbles []Bubble, shown map[string]bool) {
	shown = map[string]bool{}
	for _, s := range said {
		switch {
		// A message without content shows nothing.
		case s.In != nil && s.In.Text+s.In.Press == "" && len(s.In.Files) == 0:
		case s.In != nil && s.In.Press == "":
			bubbles = append(bubbles, Bubble{ID: s.In.ID, Mine: true, Text: s.In.Text, Files: wireFiles(s.In.Files)})
		case s.Out != nil && (s.State != bot.TaskWaiting || now.wasSent(s.Task)):
			shown[s.Task] = true
			bubbles = placeBubble(bubbles, replyBubble(s.Task, cmp.Or(s.Ref, bot.Ref(s.Task)), s.Out))
		}
	}
	return bubbles, shown
}

// placeBubble puts a bubble behind the others, in place of what its message was before; a strip only takes that message's
// choices.
func placeBubble(bubbles []Bubble, b Bubble) []Bubble {
	old := slices.IndexFunc(bubbles, func(o Bubble) bool { return !o.Mine && o.Ref == b.Ref })
	if b.Mode == bot.Strip {
		if old >= 0 {
			bubbles[old].Choices = nil
		}
		return bubbles
	}
	if old >= 0 {
		bubbles = slices.Delete(bubbles, old, old+1)
	}
	b.Mode = bot.New
	return append(bubbles, b)
}

// awaitSent waits until everything that is decided to be said in the room is sent, and returns the id of the last of it;
// the end of ctx is no error.
func (a *Adapter) awaitSent(ctx context.Context, r bot.Room) (last string, err error) {
	s := a.stream(r)
	for {
		// Taken before the store is read, so that a reply in between is not missed.
		next := s.nextReply()
		said, err := a.engine.Store().Said(ctx, r, 0, ^uint64(0)>>1, historyLength)
		if err != nil {
			return last, err
		}
		// last is the newest reply, sent or not; waiting says whether any is still to be sent.
		waiting := false
		for _, one := range said {
			if one.Out != nil {
				last = one.Task
				waiting = waiting || one.State == bot.TaskWaiting && !s.wasSent(one.Task)
			}
		}
		if !waiting {
			return last, nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return last, nil
		}
	}
}
