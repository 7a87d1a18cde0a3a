package record

import "nevermind/bot"

// The record types of this package are what is stored, kept apart from bot's types so that those
// can change freely. Each has a constructor from bot's type and a method bot that turns it back; a
// test fills every field and wants it back. Field numbers are promises (encoding.go).

// Header is the first part of a conversation's record, from which its indexes follow; commits,
// Rebuild and Sweep decode no more than that.
type Header struct {
	Changed   Instant    `cbor:"1,keyasint,omitempty"` // when it was last committed
	Closed    Instant    `cbor:"2,keyasint,omitempty"` // when it ended; 0 while it is open
	Deadlines []Deadline `cbor:"3,keyasint,omitempty"` // its running waits, from which the deadline index follows
	Terms     []string   `cbor:"4,keyasint,omitempty"` // what Find finds it by
}

// conversation is the second part of the record; its key stands in the bucket's key and its version
// before the record.
type conversation struct {
	ID      string                     `cbor:"1,keyasint,omitempty"`  // the short name people see, C-7Q2M9K4D
	Frame   frame                      `cbor:"2,keyasint"`            // where it stands
	Aside   []frame                    `cbor:"3,keyasint,omitempty"`  // frames set aside by it
	Order   string                     `cbor:"4,keyasint,omitempty"`  // the order's id
	Parties map[bot.Party]bot.PersonID `cbor:"5,keyasint,omitempty"`  // who takes part as buyer, seller, support
	Clocks  map[string]Instant         `cbor:"6,keyasint,omitempty"`  // when a kept window began to run
	Live    []bot.Room                 `cbor:"7,keyasint,omitempty"`  // rooms in which its card has buttons
	Opened  Instant                    `cbor:"8,keyasint,omitempty"`  // when it began
	Entries int                        `cbor:"9,keyasint,omitempty"`  // how many journal entries there are
	Head    hash                       `cbor:"10,keyasint,omitzero"`  // the hash of the last one
	Saw     map[string]int64           `cbor:"11,keyasint,omitempty"` // versions that the journal has shown
	Files   []exhibit                  `cbor:"12,keyasint,omitempty"` // the evidence
	WorkIDs int                        `cbor:"13,keyasint,omitempty"` // how its tasks that move money are named
	Asked   []asked                    `cbor:"14,keyasint,omitempty"` // how those were told whom a deadline may decide against
	Whose   map[string]bot.PersonID    `cbor:"15,keyasint,omitempty"` // whose the facts are that are words or names
	Boxes   []box                      `cbor:"16,keyasint,omitempty"` // what is about people, cut out of all of it
	Missed  int                        `cbor:"17,keyasint,omitempty"` // where its journal ended when words were last not understood
}

// asked is how a party was told of what a deadline may decide against them.
type asked struct {
	Party bot.Party `cbor:"1,keyasint,omitempty"` // who
	Tasks []string  `cbor:"2,keyasint,omitempty"` // what sends it, one for each of their rooms
	Since Instant   `cbor:"3,keyasint,omitempty"` // since when it counts as late
}

// exhibit is a file given as evidence, and the party that gave it.
type exhibit struct {
	File file      `cbor:"1,keyasint"`           // the file's name, type, size and hash
	By   bot.Party `cbor:"2,keyasint,omitempty"` // who gave it
}

// frame is one talk's place in a flow; a case has exactly one.
type frame struct {
	Flow   string     `cbor:"1,keyasint,omitempty"` // the flow's name
	State  string     `cbor:"2,keyasint,omitempty"` // the state's name
	Visit  int        `cbor:"3,keyasint,omitempty"` // how often a state was entered
	Facts  bot.Facts  `cbor:"4,keyasint,omitempty"` // what is known
	Offers []offer    `cbor:"5,keyasint,omitempty"` // what can be pressed now
	Fields []field    `cbor:"6,keyasint,omitempty"` // in a form: what is asked
	Shown  []bot.Room `cbor:"7,keyasint,omitempty"` // where the card was shown afresh in this visit
	Files  []file     `cbor:"8,keyasint,omitempty"` // in a talk: what was sent along
}

// offer is a button that stands somewhere.
type offer struct {
	Token  string    `cbor:"1,keyasint,omitempty"`  // what a press carries, base64url
	Party  bot.Party `cbor:"2,keyasint,omitempty"`  // who may press it
	Event  string    `cbor:"3,keyasint,omitempty"`  // what a press says
	Facts  bot.Facts `cbor:"4,keyasint,omitempty"`  // what a press says besides
	Words  string    `cbor:"5,keyasint,omitempty"`  // its label in English, the catalog's key
	Label  string    `cbor:"6,keyasint,omitempty"`  // the label as a talk has shown it
	Style  bot.Style `cbor:"7,keyasint,omitempty"`  // how it is drawn
	Form   bool      `cbor:"8,keyasint,omitempty"`  // whether fields are asked first
	Once   bool      `cbor:"9,keyasint,omitempty"`  // whether one press uses it up
	Used   bool      `cbor:"10,keyasint,omitempty"` // whether it is used up
	Answer bool      `cbor:"11,keyasint,omitempty"` // whether it answers a quoted message
}

// field is one question of a form.
type field struct {
	Name     string        `cbor:"1,keyasint,omitempty"` // the fact it fills
	Ask      string        `cbor:"2,keyasint,omitempty"` // the question
	Kind     bot.FieldKind `cbor:"3,keyasint,omitempty"` // text, amount, choice, date
	Options  []option      `cbor:"4,keyasint,omitempty"` // what can be chosen
	Optional bool          `cbor:"5,keyasint,omitempty"` // whether it may be left out
	Max      money         `cbor:"6,keyasint,omitzero"`  // the largest amount
	Limit    int           `cbor:"7,keyasint,omitempty"` // the longest text, in characters
	Why      string        `cbor:"8,keyasint,omitempty"` // what to say when an answer does not fit
	If       string        `cbor:"9,keyasint,omitempty"` // asked only where this fact is set
}

// option is one answer that can be chosen.
type option struct {
	Value string `cbor:"1,keyasint,omitempty"`
	Label string `cbor:"2,keyasint,omitempty"`
}

// Deadline is a wait that is running.
type Deadline struct {
	Name  string  `cbor:"1,keyasint,omitempty"` // the window's policy key
	At    Instant `cbor:"2,keyasint,omitempty"` // when it passes
	Event string  `cbor:"3,keyasint,omitempty"` // what is heard then
	Visit int     `cbor:"4,keyasint,omitempty"` // the visit it belongs to
}

// NewHeader takes from a commit what its conversation's indexes follow from.
func NewHeader(c *bot.Commit) Header {
	return Header{
		Changed:   ToInstant(c.At),
		Closed:    ToInstant(c.Conversation.Closed),
		Deadlines: MapSlice(c.Conversation.Deadlines, newDeadline),
		Terms:     c.Terms,
	}
}

// NewConversation leaves out what header, key and version hold.
func NewConversation(c *bot.Conversation) conversation {
	return conversation{
		ID: c.ID, Frame: newFrame(c.Frame), Aside: MapSlice(c.Aside, newFrame), Order: c.Order, Parties: c.Parties,
		Clocks: mapValues(c.Clocks, ToInstant), Live: c.Live, Opened: ToInstant(c.Opened), Entries: c.Entries, Head: hash(c.Head),
		Saw:     c.Saw,
		WorkIDs: c.WorkIDs, Missed: c.Missed, Whose: c.Whose,
		Files: MapSlice(c.Exhibits, func(x bot.Exhibit) exhibit { return exhibit{newFile(x.File), x.By} }),
		Asked: MapSlice(c.Asked, func(a bot.Asked) asked { return asked{a.Party, a.Tasks, ToInstant(a.Since)} }),
	}
}

// Bot puts a conversation together from its key, version and both parts.
func (c *conversation) Bot(key bot.Key, version int64, h *Header) bot.Conversation {
	return bot.Conversation{
		Key: key, ID: c.ID, Frame: c.Frame.bot(), Aside: MapSlice(c.Aside, frame.bot), Order: c.Order, Parties: c.Parties,
		Deadlines: MapSlice(h.Deadlines, Deadline.bot), Clocks: mapValues(c.Clocks, Instant.Time), Live: c.Live,
		Opened: c.Opened.Time(), Closed: h.Closed.Time(), Entries: c.Entries, Head: string(c.Head), Saw: c.Saw, Version: version,
		WorkIDs: c.WorkIDs, Missed: c.Missed, Whose: c.Whose,
		Exhibits: MapSlice(c.Files, func(x exhibit) bot.Exhibit { return bot.Exhibit{File: x.File.bot(), By: x.By} }),
		Asked: MapSlice(c.Asked, func(a asked) bot.Asked {
			return bot.Asked{Party: a.Party, Tasks: a.Tasks,
				Since: a.Since.Time()}
		}),
	}
}

func newFrame(f bot.Frame) frame {
	return frame{
		Flow: f.Flow, State: f.State, Visit: f.Visit, Facts: f.Facts, Shown: f.Shown,
		Offers: MapSlice(f.Offers, func(o bot.Offer) offer { return offer(o) }), Fields: MapSlice(f.Fields, newField),
		Files: MapSlice(f.Files, newFile),
	}
}

func (f frame) bot() bot.Frame {
	return bot.Frame{
		Flow: f.Flow, State: f.State, Visit: f.Visit, Facts: f.Facts, Shown: f.Shown,
		Offers: MapSlice(f.Offers, func(o offer) bot.Offer { return bot.Offer(o) }), Fields: MapSlice(f.Fields, field.bot),
		Files: MapSlice(f.Files, file.bot),
	}
}

func newField(f bot.Field) field {
	return field{
		Name: f.Name, Ask: f.Ask, Kind: f.Kind, Options: MapSlice(f.Options, func(o bot.Option) option { return option(o) }),
		Optional: f.Optional, Max: money(f.Max), Limit: f.Limit, Why: f.Why, If: f.If,
	}
}

func (f field) bot() bot.Field {
	return bot.Field{
		Name: f.Name, Ask: f.Ask, Kind: f.Kind, Options: MapSlice(f.Options, func(o option) bot.Option { return bot.Option(o) }),
		Optional: f.Optional, Max: bot.Money(f.Max), Limit: f.Limit, Why: f.Why, If: f.If,
	}
}

func newDeadline(d bot.Deadline) Deadline {
	return Deadline{Name: d.Name(), At: ToInstant(d.At), Event: d.Event, Visit: d.Visit}
}

func (d Deadline) bot() bot.Deadline {
	out := bot.DeadlineNamed(d.Name)
	out.At, out.Event, out.Visit = d.At.Time(), d.Event, d.Visit
	return out
}
