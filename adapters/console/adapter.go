// Package console is a platform made of a terminal: the same seam as the others, with nothing that hides it. It is the
// smallest example of an adapter.
//
// It has two halves. The server's half (Adapter) is the adapter: it keeps the rooms, takes messages over HTTP on the
// control socket and streams what is said as bubbles, one JSON value a line. The terminal's half (Terminal) runs in the
// command "chat": it reads lines, prints bubbles with numbered choices, and sends what is typed. What is said while no
// terminal is open waits in the store and is shown to the next one.
package console

import (
	"context"
	"errors"
	"sync"
	"time"

	"nevermind/bot"
)

// Adapter is the server's half of the console. Make it with New, give it the engine with Attach, and let the engine run it;
// Handler may be served before that and waits.
type Adapter struct {
	engine  Engine
	ready   chan struct{} // closed when there is an inbox
	done    chan struct{} // closed when Run is over
	mu      sync.Mutex
	inbox   bot.Inbox
	streams map[bot.Room]*roomStream
}

// Engine is what the console needs of the engine besides taking messages.
type Engine interface {
	PutPerson(ctx context.Context, p bot.Person) (bot.Person, error)
	Store() bot.Reading
	Blobs() bot.Blobs
	Now() time.Time
}

// ErrStranger is returned for a person of whom neither a record nor an order is stored.
var ErrStranger = errors.New("no such person")

// New returns a console without an engine; Attach gives it one before it is used.
func New() *Adapter {
	return &Adapter{ready: make(chan struct{}), done: make(chan struct{}), streams: map[bot.Room]*roomStream{}}
}

// Attach names the engine whose people come in by the terminal. Call it once, before the handler is served.
func (a *Adapter) Attach(h Engine) { a.engine = h }

// Name is what the console's rooms begin with.
func (a *Adapter) Name() string { return "console" }

// Run holds the inbox open until ctx ends; what people type comes in by the handler. It runs once.
func (a *Adapter) Run(ctx context.Context, in bot.Inbox) error {
	a.mu.Lock()
	a.inbox = in
	a.mu.Unlock()
	close(a.ready)
	<-ctx.Done()
	close(a.done)
	return nil
}

// Send shows a reply to the terminals that are open in the room; a terminal that comes later finds it in the store. It
// never fails, and a repeat under the same id is shown once.
func (a *Adapter) Send(_ context.Context, d bot.Delivery) (bot.Ref, error) {
	// A new message is named by its delivery, which is the same at every attempt.
	ref := d.Ref
	if d.Reply.Mode == bot.New || ref == "" {
		ref = bot.Ref(d.ID)
	}
	a.stream(d.Reply.Room).publish(replyBubble(d.ID, ref, &d.Reply))
	return ref, nil
}

// RoomOf is the one room that a person has in the console; it is their account there, too.
func RoomOf(p bot.PersonID) bot.Room { return bot.Room("console:" + string(p)) }

// linkPerson gives a person their room in the console. Nothing is proved: the operator of the machine says who they are.
func (a *Adapter) linkPerson(ctx context.Context, id bot.PersonID) (bot.Person, error) {
	store := a.engine.Store()
	p, err := store.Person(ctx, id)
	if errors.Is(err, bot.ErrNone) {
		orders, err := store.OrdersOf(ctx, id, 0, 1)
		if err != nil {
			return bot.Person{}, err
		}
		// A person of whom only orders are known is one that the shop has told us of.
		if len(orders) == 0 {
			return bot.Person{}, ErrStranger
		}
		p = bot.Person{ID: id}
	} else if err != nil {
		return bot.Person{}, err
	}
	p.Accounts, p.Rooms = []string{string(RoomOf(id))}, []bot.Room{RoomOf(id)}
	return a.engine.PutPerson(ctx, p)
}

// receive waits for the inbox, which is there once the engine runs, and hands the message over.
func (a *Adapter) receive(ctx context.Context, m bot.Message) error {
	select {
	// A terminal may be quicker than the engine at start.
	case <-a.ready:
	case <-ctx.Done():
		return ctx.Err()
	}
	a.mu.Lock()
	in := a.inbox
	a.mu.Unlock()
	return in.Receive(ctx, m)
}

// stream is what is going on in a room; it is made when first asked for and stays.
func (a *Adapter) stream(r bot.Room) *roomStream {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.streams[r]
	if s == nil {
		s = &roomStream{listeners: map[chan Bubble]bool{}, changed: make(chan struct{})}
		a.streams[r] = s
	}
	return s
}
