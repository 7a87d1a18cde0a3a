package bolt

import "nevermind/bot"

// header is the part of a conversation that its indexes are made from; commits, Rebuild and Sweep read no more.
type header struct {
	Changed   instant    `cbor:"1,keyasint,omitempty"`
	Closed    instant    `cbor:"2,keyasint,omitempty"`
	Deadlines []deadline `cbor:"3,keyasint,omitempty"`
	Terms     []string   `cbor:"4,keyasint,omitempty"`
}

type conversation struct {
	ID      string                     `cbor:"1,keyasint,omitempty"`
	Frame   frame                      `cbor:"2,keyasint"`
	Aside   []frame                    `cbor:"3,keyasint,omitempty"`
	Order   string                     `cbor:"4,keyasint,omitempty"`
	Parties map[bot.Party]bot.PersonID `cbor:"5,keyasint,omitempty"`
	Clocks  map[string]instant         `cbor:"6,keyasint,omitempty"`
	Live    []bot.Room                 `cbor:"7,keyasint,omitempty"`
	Opened  instant                    `cbor:"8,keyasint,omitempty"`
	Entries int                        `cbor:"9,keyasint,omitempty"`
	Head    string                     `cbor:"10,keyasint,omitempty"`
	Saw     map[string]int64           `cbor:"11,keyasint,omitempty"`
	Files   []exhibit                  `cbor:"12,keyasint,omitempty"`
}

type exhibit struct {
	File file      `cbor:"1,keyasint"`
	By   bot.Party `cbor:"2,keyasint,omitempty"`
}

type frame struct {
	Flow   string     `cbor:"1,keyasint,omitempty"`
	State  string     `cbor:"2,keyasint,omitempty"`
	Visit  int        `cbor:"3,keyasint,omitempty"`
	Facts  bot.Facts  `cbor:"4,keyasint,omitempty"`
	Offers []offer    `cbor:"5,keyasint,omitempty"`
	Fields []field    `cbor:"6,keyasint,omitempty"`
	Shown  []bot.Room `cbor:"7,keyasint,omitempty"`
	Files  []file     `cbor:"8,keyasint,omitempty"`
}

type offer struct {
	Token  string    `cbor:"1,keyasint,omitempty"`
	Party  bot.Party `cbor:"2,keyasint,omitempty"`
	Event  string    `cbor:"3,keyasint,omitempty"`
	Facts  bot.Facts `cbor:"4,keyasint,omitempty"`
	Words  string    `cbor:"5,keyasint,omitempty"`
	Label  string    `cbor:"6,keyasint,omitempty"`
	Style  bot.Style `cbor:"7,keyasint,omitempty"`
	Form   bool      `cbor:"8,keyasint,omitempty"`
	Once   bool      `cbor:"9,keyasint,omitempty"`
	Used   bool      `cbor:"10,keyasint,omitempty"`
	Answer bool      `cbor:"11,keyasint,omitempty"`
}

type field struct {
	Name     string        `cbor:"1,keyasint,omitempty"`
	Ask      string        `cbor:"2,keyasint,omitempty"`
	Kind     bot.FieldKind `cbor:"3,keyasint,omitempty"`
	Options  []option      `cbor:"4,keyasint,omitempty"`
	Optional bool          `cbor:"5,keyasint,omitempty"`
	Max      money         `cbor:"6,keyasint,omitzero"`
	Limit    int           `cbor:"7,keyasint,omitempty"`
	Why      string        `cbor:"8,keyasint,omitempty"`
	If       string        `cbor:"9,keyasint,omitempty"`
}

type option struct {
	Value string `cbor:"1,keyasint,omitempty"`
	Label string `cbor:"2,keyasint,omitempty"`
}

type deadline struct {
	Name  string  `cbor:"1,keyasint,omitempty"`
	At    instant `cbor:"2,keyasint,omitempty"`
	Event string  `cbor:"3,keyasint,omitempty"`
	Visit int     `cbor:"4,keyasint,omitempty"`
}

func newHeader(c *bot.Commit) header {
	return header{
		Changed:   toInstant(c.At),
		Closed:    toInstant(c.Conversation.Closed),
		Deadlines: mapSlice(c.Conversation.Deadlines, newDeadline),
		Terms:     c.Terms,
	}
}

func newConversation(c *bot.Conversation) conversation {
	return conversation{
		ID: c.ID, Frame: newFrame(c.Frame), Aside: mapSlice(c.Aside, newFrame), Order: c.Order, Parties: c.Parties,
		Clocks: mapValues(c.Clocks, toInstant), Live: c.Live, Opened: toInstant(c.Opened), Entries: c.Entries, Head: c.Head, Saw: c.Saw,
		Files: mapSlice(c.Exhibits, func(x bot.Exhibit) exhibit { return exhibit{newFile(x.File), x.By} }),
	}
}

func (c *conversation) bot(key bot.Key, version int64, h *header) bot.Conversation {
	return bot.Conversation{
		Key: key, ID: c.ID, Frame: c.Frame.bot(), Aside: mapSlice(c.Aside, frame.bot), Order: c.Order, Parties: c.Parties,
		Deadlines: mapSlice(h.Deadlines, deadline.bot), Clocks: mapValues(c.Clocks, instant.time), Live: c.Live,
		Opened: c.Opened.time(), Closed: h.Closed.time(), Entries: c.Entries, Head: c.Head, Saw: c.Saw, Version: version,
		Exhibits: mapSlice(c.Files, func(x exhibit) bot.Exhibit { return bot.Exhibit{File: x.File.bot(), By: x.By} }),
	}
}

func newFrame(f bot.Frame) frame {
	return frame{
		Flow: f.Flow, State: f.State, Visit: f.Visit, Facts: f.Facts, Shown: f.Shown,
		Offers: mapSlice(f.Offers, func(o bot.Offer) offer { return offer(o) }), Fields: mapSlice(f.Fields, newField),
		Files: mapSlice(f.Files, newFile),
	}
}

func (f frame) bot() bot.Frame {
	return bot.Frame{
		Flow: f.Flow, State: f.State, Visit: f.Visit, Facts: f.Facts, Shown: f.Shown,
		Offers: mapSlice(f.Offers, func(o offer) bot.Offer { return bot.Offer(o) }), Fields: mapSlice(f.Fields, field.bot),
		Files: mapSlice(f.Files, file.bot),
	}
}

func newField(f bot.Field) field {
	return field{
		Name: f.Name, Ask: f.Ask, Kind: f.Kind, Options: mapSlice(f.Options, func(o bot.Option) option { return option(o) }),
		Optional: f.Optional, Max: money(f.Max), Limit: f.Limit, Why: f.Why, If: f.If,
	}
}

func (f field) bot() bot.Field {
	return bot.Field{
		Name: f.Name, Ask: f.Ask, Kind: f.Kind, Options: mapSlice(f.Options, func(o option) bot.Option { return bot.Option(o) }),
		Optional: f.Optional, Max: bot.Money(f.Max), Limit: f.Limit, Why: f.Why, If: f.If,
	}
}

func newDeadline(d bot.Deadline) deadline {
	return deadline{Name: d.Name, At: toInstant(d.At), Event: d.Event, Visit: d.Visit}
}

func (d deadline) bot() bot.Deadline {
	return bot.Deadline{Name: d.Name, At: d.At.time(), Event: d.Event, Visit: d.Visit}
}
