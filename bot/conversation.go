package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Key names a conversation for ever: "<flow>/<rest>", or "talk/<room>" for the talk of a room. Two are no conversations of a
// flow: "person/<id>" (PersonKey) is where to tell what changes a person, "operators/acts" (Operators) the operators' journal.
type Key string

// TalkKey is the key of a room's one talk. Support's people share a room, so there each agent has a talk of their own.
func TalkKey(r Room, who *Person) Key {
	if who.Party() == Support {
		return Key("talk/" + string(r) + "#" + string(who.ID))
	}
	return Key("talk/" + string(r))
}

// Kind returns what stands before the first slash: a flow's name, or "talk".
func (k Key) Kind() string {
	kind, _, _ := strings.Cut(string(k), "/")
	return kind
}

// Rest returns what stands behind the first slash.
func (k Key) Rest() string {
	_, rest, _ := strings.Cut(string(k), "/")
	return rest
}

// Conversation is all that is remembered between two events.
type Conversation struct {
	Key       Key
	ID        string // the short name people see ("C-7Q2M9K4D"); cases have one
	Frame            // where it stands
	Aside     []Frame
	Order     string             // the order it is about, if it is about one
	Parties   map[Party]PersonID // who takes part
	Deadlines []Deadline
	Clocks    map[string]time.Time // when a kept window began to run
	Live      []Room               // rooms in which it has a card with buttons
	Opened    time.Time
	Closed    time.Time           // zero while it is open
	Entries   int                 // length of its journal
	Whose     map[string]PersonID // by the name of a fact that is words or a name: whose it is
	Missed    int                 // the length of its journal when words in it were last not understood
	Head      string              // hash of the journal's last entry, hex
	Saw       map[string]int64    // versions of the order ("order") and people the journal has shown
	Exhibits  []Exhibit           // the files brought to it, each once by each party, as they came
	Asked     []Asked             // how those were told whom a running deadline may decide against
	WorkIDs   int                 // how its tasks that move money are named; 0 of a record that an older version has begun
	Version   int64               // 0: never stored
}

// Asked is how a party was told of what a deadline may decide against them: by the tasks that send it, one for each of their
// rooms. Until one of these has arrived the deadline does not pass, and what it came late is added to it, counted from Since.
type Asked struct {
	Party Party
	Tasks []string
	Since time.Time
}

// Brought says whether a party has brought a file.
func (c *Conversation) Brought(f File, by Party) bool {
	return slices.ContainsFunc(c.Exhibits, func(x Exhibit) bool { return x.Hash == f.Hash && x.By == by })
}

// TakesPart says whether the conversation is any of a person's business: they are a party of it, or one of support.
func (c *Conversation) TakesPart(who *Person) bool {
	return who.Party() == Support || who.ID != "" && c.Parties[who.Party()] == who.ID
}

// Frame is one flow's place and memory; a talk may have several, one on top of the other.
type Frame struct {
	Flow   string
	State  string
	Visit  int // how often a state was entered; offers and deadlines belong to a visit
	Facts  Facts
	Offers []Offer // what can be pressed in this visit
	Fields []Field // in a form: what is asked, settled when the form was opened
	Shown  []Room  // where the card was shown afresh in this visit, after a late press
	Files  []File  // in a talk: what was sent along with what it has heard
}

// Offer is one button on offer: legal while the visit lasts, for those it was offered to.
type Offer struct {
	Token  string // 22 characters of base64url: a time and 80 random bits
	Party  Party
	Event  string
	Facts  Facts
	Words  string // the label's English words
	Label  string // as a talk has shown it, so that a typed label counts as a press
	Style  Style
	Form   bool // a form is filled in before the event happens
	Once   bool
	Used   bool
	Answer bool // it answers a quoted message: not part of the card
}

// The events of the buttons that show the rest of what is on offer, and the first of it again. No flow hears them: a press
// moves nothing, and the visit goes on.
const (
	Unfolded = "buttons_unfolded"
	Folded   = "buttons_folded"
)

// Unfolds says whether it is one of the two buttons that only show other buttons.
func (o *Offer) Unfolds() bool { return o.Event == Unfolded || o.Event == Folded }

// Listed says whether it is a line of a list to choose from, whose label is data, rather than an act.
func (o *Offer) Listed() bool { return o.Words == "" }

// Deadline is a task that is only a wait: at its time the event happens, if the visit that set it still lasts.
type Deadline struct {
	Window string // the window's policy key
	Half   bool   // half the window: a reminder on the way
	At     time.Time
	Event  string
	Visit  int
}

// Name is how a deadline is stored, hashed and exported: the window's key, or "half <key>".
func (d *Deadline) Name() string {
	if d.Half {
		return halfPrefix + d.Window
	}
	return d.Window
}

// Fires compares two deadlines of one conversation as Store.Due lists them: the earlier one first, of one instant the one
// with the shorter name, then the lesser one.
func (d *Deadline) Fires(other Deadline) int {
	return cmp.Or(d.At.Compare(other.At), cmp.Compare(len(d.Name()), len(other.Name())), cmp.Compare(d.Name(), other.Name()))
}

// DeadlineNamed is a deadline of that stored name, with nothing else set.
func DeadlineNamed(name string) Deadline {
	window, half := strings.CutPrefix(name, halfPrefix)
	return Deadline{Window: window, Half: half}
}

const halfPrefix = "half "

// Overtaken says whether a deadline is a reminder that comes too late: its whole window has passed by then.
func (c *Conversation) Overtaken(d Deadline, by time.Time) bool {
	return d.Half && slices.ContainsFunc(c.Deadlines, func(o Deadline) bool {
		return o.Window == d.Window && !o.Half && !o.At.After(by)
	})
}

// Event is something that has happened, in a word.
type Event struct {
	ID     string // the message, task or deadline it came from: handled once
	Name   string
	Facts  Facts
	By     Party
	Actor  PersonID
	Room   Room    // where it came from; empty where it was no room
	Text   string  // what was written, where the event passes words on
	Offer  string  // the token pressed, if it was a press
	Fields []Field // of a form that is opened
	Files  []File  // what was sent along
	// Whose is, by a fact's name, whose its words are that another record tells of, where they are not the actor's.
	Whose map[string]PersonID
}

// Pressed says whether the event is a press just now, rather than a form that was filled in after one.
func (e *Event) Pressed() bool {
	return e.Offer != "" && e.Text == "" && !strings.HasPrefix(e.ID, "task:")
}

// Written says whether the event's words were written in a form of the platform, and so stand in no room yet.
func (e *Event) Written() bool {
	return e.Offer != "" && e.Text != "" && !strings.HasPrefix(e.ID, "task:")
}
