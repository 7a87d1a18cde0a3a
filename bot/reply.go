package bot

import "time"

// Mode is how a reply appears.
type Mode string

// The modes of a reply.
const (
	New   Mode = "new"   // a message of its own; as a card it becomes the conversation's live card in the room
	Edit  Mode = "edit"  // in place of the conversation's live card in the room; a new one where there is none
	Strip Mode = "strip" // the live card stays as it is but loses its buttons
	Aside Mode = "aside" // a passing word in answer to a press, as the platform shows such; lost without harm
)

// Reply is what the assistant says in one room.
type Reply struct {
	Room     Room
	Mode     Mode
	Card     Key    // the conversation whose card it is; empty for a plain message
	From     Key    // the conversation that says it: an answer to this message goes there
	Title    string // one line naming what it is about
	Text     string // plain text; never to be parsed for markup
	Quote    string // a person's own words, shown as a quotation
	Files    []File // passed on with it, to be read from Blobs
	Choices  []Button
	Press    string // the id of the message that pressed: of an Aside, or of a New message that is for whoever pressed alone
	Language string
	Quiet    bool // shown without a sound: it is quiet hours where the person is
	Chatter  bool // need not arrive: not repeated when it is unclear whether it did
}

// Button is a choice as shown.
type Button struct {
	Token string
	Label string
	Style Style
}

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
