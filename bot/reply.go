package bot

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
