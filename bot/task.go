package bot

import (
	"time"
)

// Class says what "once" can mean for a task.
type Class string

// The effect classes: what is done when it is unclear whether an attempt arrived.
const (
	MoneyClass  Class = "money"  // repeated under the same id, which the shop knows it by
	EditClass   Class = "edit"   // repeated: the same edit twice is one edit
	PostClass   Class = "post"   // repeated where it must arrive: a twin at worst
	AnswerClass Class = "answer" // dropped
	InnerClass  Class = "inner"  // told to another conversation: settled in that turn's own commit
)

// What the house itself does, besides the works that flows name: the values of Task.Do. They are stored: promises.
const (
	DoSend    = "send"      // a reply is sent to its room
	DoTell    = "tell"      // a conversation, or a person by their PersonKey, hears an event
	DoPassOn  = "pass_on"   // a tell that waits behind a talk's lane, to be put into its own conversation's lane
	DoReceive = "receive"   // a stored message is heard: a part of an album, or one whose turn failed
	DoFetch   = "fetch"     // a file that came with a message is fetched from its platform
	DoDecode  = "decode"    // an update that could not be read is read again
	DoDamaged = "damaged"   // nothing: the store cannot read what was to be done, so it is set aside
	DoWebhook = "send_news" // the shop's webhook is given a case as it stands
)

// Task is work for the world outside, under an id by which a repeat can be known.
type Task struct {
	ID string
	// Lane is where it waits; tasks of one lane are done in order. What stands before the first colon is its kind:
	// "room:<room>", "conv:<key>", "work:<key>:<do>", "shop:<key>", "album:<room>", "again:<room>",
	// "fetch:<room>", "decode:<adapter>", "damaged:<seq>".
	Lane      string
	Seq       uint64 // the place in the lane, given by the store at commit
	Do        string // one of the Do constants, or of Flows.Works
	Class     Class
	From      Key
	Visit     int       // the visit that asked for it
	Reply     *Reply    // for DoSend
	To        Key       // for DoTell and DoPassOn
	Event     Event     // for DoTell and DoPassOn
	Order     string    // the order it is about
	Facts     Facts     // for works and DoWebhook; for DoReceive the message, for DoDecode the raw update and why
	NotBefore time.Time // not tried before this
	Attempts  int       // started, whether or not they arrived
	Made      time.Time
}

// Outcome is how a task ended, or that it has not yet. Make one with the functions below; the fields are for stores and for
// whoever reads one. The zero Outcome is a task that is over and that nobody waits for.
type Outcome struct {
	Event   string // what it is to the conversation that asked; empty where nobody waits for it
	Facts   Facts
	Ref     Ref           // of a message sent
	Pending bool          // accepted: the outcome comes later, under the task's id
	Retry   time.Duration // not done: to be tried again after this
	Dead    string        // never to be done: why, in a word or two; with an Event, the conversation hears of it
}

// Done is a task that is over: the conversation that asked hears the event with its facts.
func Done(event string, facts Facts) Outcome { return Outcome{Event: event, Facts: facts} }

// Finished is a task that is over and that nobody waits for.
func Finished() Outcome { return Outcome{} }

// SentAs is a message that was sent, under the platform's own name for it.
func SentAs(ref Ref) Outcome { return Outcome{Ref: ref} }

// Pending is a task that was accepted: its outcome comes later, under the task's id.
func Pending() Outcome { return Outcome{Pending: true} }

// RetryAfter is a task that was not done and is tried again after a while.
func RetryAfter(d time.Duration) Outcome { return Outcome{Retry: d} }

// GivenUp is a task that is never to be done: a dead letter, for the reason given in a word or two.
func GivenUp(why string) Outcome { return Outcome{Dead: why} }

// GivenUpAs is a task that is never to be done, of which the conversation that asked hears as an event.
func GivenUpAs(event, why string) Outcome { return Outcome{Event: event, Dead: why} }
