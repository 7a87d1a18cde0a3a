package record

import (
	"time"

	"nevermind/bot"
)

// Task is the part of a task that never changes. Its place and attempts while it waits are a
// waitingTask, its end an outcomeRecord, each in a bucket of its own under the same sequence
// number.
type Task struct {
	ID        string    `cbor:"1,keyasint,omitempty"`  // what makes it idempotent
	Lane      string    `cbor:"2,keyasint,omitempty"`  // the lane it waits in
	Do        string    `cbor:"3,keyasint,omitempty"`  // the command; "send" for a reply
	Class     bot.Class `cbor:"4,keyasint,omitempty"`  // what is done when it is unclear whether it arrived
	From      bot.Key   `cbor:"5,keyasint,omitempty"`  // the conversation that asks for it
	Visit     int       `cbor:"6,keyasint,omitempty"`  // the visit in which it was asked for
	Reply     *reply    `cbor:"7,keyasint,omitempty"`  // what is to be said
	To        bot.Key   `cbor:"8,keyasint,omitempty"`  // the conversation that is to hear Event
	Event     event     `cbor:"9,keyasint,omitzero"`   // what it is to hear
	Order     string    `cbor:"10,keyasint,omitempty"` // the order's id
	Facts     bot.Facts `cbor:"11,keyasint,omitempty"` // the command's arguments
	NotBefore Instant   `cbor:"12,keyasint,omitempty"` // not tried before this
	Made      Instant   `cbor:"13,keyasint,omitempty"` // when it was asked for
	Boxes     []box     `cbor:"14,keyasint,omitempty"` // facts about people, cut out of those of work that is readable for ever
}

// TaskID decodes only a task's id.
type TaskID struct {
	ID string `cbor:"1,keyasint"`
}

// reply is what a task is to say to a room.
type reply struct {
	Room     bot.Room `cbor:"1,keyasint,omitempty"`
	Mode     bot.Mode `cbor:"2,keyasint,omitempty"`  // new, edit, strip or aside
	Card     bot.Key  `cbor:"3,keyasint,omitempty"`  // the conversation whose card it is
	From     bot.Key  `cbor:"4,keyasint,omitempty"`  // the conversation that speaks
	Title    string   `cbor:"5,keyasint,omitempty"`  // one line naming what it is about
	Text     string   `cbor:"6,keyasint,omitempty"`  // the words
	Quote    string   `cbor:"7,keyasint,omitempty"`  // somebody's words, quoted
	Choices  []button `cbor:"8,keyasint,omitempty"`  // the buttons
	Language string   `cbor:"9,keyasint,omitempty"`  // BCP 47
	Chatter  bool     `cbor:"10,keyasint,omitempty"` // not repeated when it is unclear whether it arrived
	Press    string   `cbor:"11,keyasint,omitempty"` // the id of the message that pressed
	Files    []file   `cbor:"12,keyasint,omitempty"` // pictures and documents
	Quiet    bool     `cbor:"13,keyasint,omitempty"` // without a notification
	Behind   []button `cbor:"14,keyasint,omitempty"` // what the last button shows
	Last     bool     `cbor:"15,keyasint,omitempty"` // behind all else
}

// button is a choice under a reply.
type button struct {
	Token string    `cbor:"1,keyasint,omitempty"` // what a press carries
	Label string    `cbor:"2,keyasint,omitempty"` // what it says
	Style bot.Style `cbor:"3,keyasint,omitempty"` // how it is drawn
}

// Outcome is what became of a task that has left its lane.
type Outcome struct {
	State    bot.TaskState `cbor:"1,keyasint,omitempty"`  // pending, dead or dropped; nothing, and in older versions done, is done
	At       Instant       `cbor:"2,keyasint,omitempty"`  // since when
	Attempts int           `cbor:"3,keyasint,omitempty"`  // how often it was tried
	Event    string        `cbor:"4,keyasint,omitempty"`  // what its conversation hears
	Facts    bot.Facts     `cbor:"5,keyasint,omitempty"`  // what it hears besides
	Ref      bot.Ref       `cbor:"6,keyasint,omitempty"`  // the platform's id of what was sent
	Pending  bool          `cbor:"7,keyasint,omitempty"`  // a result comes later
	Retry    time.Duration `cbor:"8,keyasint,omitempty"`  // what a retry was to wait
	Dead     string        `cbor:"9,keyasint,omitempty"`  // why it was set aside
	Own      bool          `cbor:"10,keyasint,omitempty"` // Ref is left out: it is the task's id
}

// Card is a conversation's live message in a room, and the edit of it that was asked for last.
type Card struct {
	Ref  bot.Ref `cbor:"1,keyasint,omitempty"` // the live message
	Edit uint64  `cbor:"2,keyasint,omitempty"` // the sequence number of the latest edit: of older versions
}

// NewTask keeps the part of a task that never changes.
func NewTask(t *bot.Task) Task {
	return Task{
		ID: t.ID, Lane: t.Lane, Do: t.Do, Class: t.Class, From: t.From, Visit: t.Visit, Reply: newReply(t.Reply), To: t.To,
		Event: newEvent(&t.Event), Order: t.Order, Facts: t.Facts, NotBefore: ToInstant(t.NotBefore), Made: ToInstant(t.Made),
	}
}

// Bot puts a task together from its number, its attempts and this.
func (t *Task) Bot(seq uint64, attempts int) bot.Task {
	return bot.Task{
		ID: t.ID, Lane: t.Lane, Seq: seq, Do: t.Do, Class: t.Class, From: t.From, Visit: t.Visit, Reply: t.Reply.bot(), To: t.To,
		Event: t.Event.bot(), Order: t.Order, Facts: t.Facts, NotBefore: t.NotBefore.Time(), Attempts: attempts, Made: t.Made.Time(),
	}
}

func newReply(r *bot.Reply) *reply {
	if r == nil {
		return nil
	}
	return &reply{
		Room: r.Room, Mode: r.Mode, Card: r.Card, From: r.From, Title: r.Title, Text: r.Text, Quote: r.Quote,
		Choices:  MapSlice(r.Choices, func(b bot.Button) button { return button(b) }),
		Behind:   MapSlice(r.Behind, func(b bot.Button) button { return button(b) }),
		Language: r.Language, Chatter: r.Chatter, Last: r.Last, Press: r.Press, Quiet: r.Quiet, Files: MapSlice(r.Files, newFile),
	}
}

func (r *reply) bot() *bot.Reply {
	if r == nil {
		return nil
	}
	return &bot.Reply{
		Room: r.Room, Mode: r.Mode, Card: r.Card, From: r.From, Title: r.Title, Text: r.Text, Quote: r.Quote,
		Choices:  MapSlice(r.Choices, func(b button) bot.Button { return bot.Button(b) }),
		Behind:   MapSlice(r.Behind, func(b button) bot.Button { return bot.Button(b) }),
		Language: r.Language, Chatter: r.Chatter, Last: r.Last, Press: r.Press, Quiet: r.Quiet, Files: MapSlice(r.Files, file.bot),
	}
}

// NewOutcomeRecord keeps how a task ended at when, after so many attempts.
func NewOutcomeRecord(state bot.TaskState, when time.Time, attempts int, o *bot.Outcome) Outcome {
	if state == bot.TaskDone {
		state = "" // as most are
	}
	return Outcome{State: state, At: ToInstant(when), Attempts: attempts, Event: o.Event, Facts: o.Facts, Ref: o.Ref,
		Pending: o.Pending, Retry: o.Retry, Dead: o.Dead}
}

// Bot turns it back.
func (e *Outcome) Bot() bot.Outcome {
	return bot.Outcome{Event: e.Event, Facts: e.Facts, Ref: e.Ref, Pending: e.Pending, Retry: e.Retry, Dead: e.Dead}
}
