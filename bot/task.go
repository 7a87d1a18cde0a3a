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

// Task is work for the world outside, under an id by which a repeat can be known.
type Task struct {
	ID        string
	Lane      string // tasks of one lane are done in order: "room:<room>", "conv:<key>", "work:<key>:<do>", "shop:<key>"
	Seq       uint64 // the place in the lane, given by the store at commit
	Do        string // "send", "tell", or one of Flows.Works
	Class     Class
	From      Key
	Visit     int       // the visit that asked for it
	Reply     *Reply    // for "send"
	To        Key       // for "tell"
	Event     Event     // for "tell"
	Order     string    // the order it is about
	Facts     Facts     // for works
	NotBefore time.Time // not tried before this
	Attempts  int       // started, whether or not they arrived
	Made      time.Time
}

// Outcome is how a task ended, or that it has not yet.
type Outcome struct {
	Event   string // what it is to the conversation that asked; empty where nobody waits for it
	Facts   Facts
	Ref     Ref           // of a message sent
	Pending bool          // accepted: the outcome comes later, under the task's id
	Retry   time.Duration // not done: to be tried again after this
	Dead    string        // never to be done: why, in a word or two; with an Event, the conversation hears of it
}
