package bolt

import (
	"time"

	"nevermind/bot"
)

// task is the part of a task that never changes; its place, attempts and end are kept beside it.
type task struct {
	ID        string    `cbor:"1,keyasint,omitempty"`
	Lane      string    `cbor:"2,keyasint,omitempty"`
	Do        string    `cbor:"3,keyasint,omitempty"`
	Class     bot.Class `cbor:"4,keyasint,omitempty"`
	From      bot.Key   `cbor:"5,keyasint,omitempty"`
	Visit     int       `cbor:"6,keyasint,omitempty"`
	Reply     *reply    `cbor:"7,keyasint,omitempty"`
	To        bot.Key   `cbor:"8,keyasint,omitempty"`
	Event     event     `cbor:"9,keyasint,omitzero"`
	Order     string    `cbor:"10,keyasint,omitempty"`
	Facts     bot.Facts `cbor:"11,keyasint,omitempty"`
	NotBefore instant   `cbor:"12,keyasint,omitempty"`
	Made      instant   `cbor:"13,keyasint,omitempty"`
}

type reply struct {
	Room     bot.Room `cbor:"1,keyasint,omitempty"`
	Mode     bot.Mode `cbor:"2,keyasint,omitempty"`
	Card     bot.Key  `cbor:"3,keyasint,omitempty"`
	From     bot.Key  `cbor:"4,keyasint,omitempty"`
	Title    string   `cbor:"5,keyasint,omitempty"`
	Text     string   `cbor:"6,keyasint,omitempty"`
	Quote    string   `cbor:"7,keyasint,omitempty"`
	Choices  []button `cbor:"8,keyasint,omitempty"`
	Language string   `cbor:"9,keyasint,omitempty"`
	Chatter  bool     `cbor:"10,keyasint,omitempty"`
	Press    string   `cbor:"11,keyasint,omitempty"`
	Files    []file   `cbor:"12,keyasint,omitempty"`
	Quiet    bool     `cbor:"13,keyasint,omitempty"`
}

type button struct {
	Token string    `cbor:"1,keyasint,omitempty"`
	Label string    `cbor:"2,keyasint,omitempty"`
	Style bot.Style `cbor:"3,keyasint,omitempty"`
}

// outcomeRecord is what became of a task that has left its lane.
type outcomeRecord struct {
	State    bot.TaskState `cbor:"1,keyasint,omitempty"`
	At       instant       `cbor:"2,keyasint,omitempty"`
	Attempts int           `cbor:"3,keyasint,omitempty"`
	Event    string        `cbor:"4,keyasint,omitempty"`
	Facts    bot.Facts     `cbor:"5,keyasint,omitempty"`
	Ref      bot.Ref       `cbor:"6,keyasint,omitempty"`
	Pending  bool          `cbor:"7,keyasint,omitempty"`
	Retry    time.Duration `cbor:"8,keyasint,omitempty"`
	Dead     string        `cbor:"9,keyasint,omitempty"`
}

// card is a conversation's live message in a room, and the edit of it that was asked for last.
type card struct {
	Ref  bot.Ref `cbor:"1,keyasint,omitempty"`
	Edit uint64  `cbor:"2,keyasint,omitempty"`
}

func newTask(t *bot.Task) task {
	return task{
		ID: t.ID, Lane: t.Lane, Do: t.Do, Class: t.Class, From: t.From, Visit: t.Visit, Reply: newReply(t.Reply), To: t.To,
		Event: newEvent(&t.Event), Order: t.Order, Facts: t.Facts, NotBefore: toInstant(t.NotBefore), Made: toInstant(t.Made),
	}
}

func (t *task) bot(seq uint64, attempts int) bot.Task {
	return bot.Task{
		ID: t.ID, Lane: t.Lane, Seq: seq, Do: t.Do, Class: t.Class, From: t.From, Visit: t.Visit, Reply: t.Reply.bot(), To: t.To,
		Event: t.Event.bot(), Order: t.Order, Facts: t.Facts, NotBefore: t.NotBefore.time(), Attempts: attempts, Made: t.Made.time(),
	}
}

func newReply(r *bot.Reply) *reply {
	if r == nil {
		return nil
	}
	return &reply{
		Room: r.Room, Mode: r.Mode, Card: r.Card, From: r.From, Title: r.Title, Text: r.Text, Quote: r.Quote,
		Choices:  mapSlice(r.Choices, func(b bot.Button) button { return button(b) }),
		Language: r.Language, Chatter: r.Chatter, Press: r.Press, Quiet: r.Quiet, Files: mapSlice(r.Files, newFile),
	}
}

func (r *reply) bot() *bot.Reply {
	if r == nil {
		return nil
	}
	return &bot.Reply{
		Room: r.Room, Mode: r.Mode, Card: r.Card, From: r.From, Title: r.Title, Text: r.Text, Quote: r.Quote,
		Choices:  mapSlice(r.Choices, func(b button) bot.Button { return bot.Button(b) }),
		Language: r.Language, Chatter: r.Chatter, Press: r.Press, Quiet: r.Quiet, Files: mapSlice(r.Files, file.bot),
	}
}

func newOutcomeRecord(state bot.TaskState, when time.Time, attempts int, o *bot.Outcome) outcomeRecord {
	return outcomeRecord{state, toInstant(when), attempts, o.Event, o.Facts, o.Ref, o.Pending, o.Retry, o.Dead}
}

func (e *outcomeRecord) outcome() bot.Outcome {
	return bot.Outcome{Event: e.Event, Facts: e.Facts, Ref: e.Ref, Pending: e.Pending, Retry: e.Retry, Dead: e.Dead}
}
