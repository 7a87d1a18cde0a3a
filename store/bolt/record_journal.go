package bolt

import "nevermind/bot"

type entry struct {
	At      instant   `cbor:"1,keyasint,omitempty"`
	Event   event     `cbor:"2,keyasint,omitzero"`
	Flow    string    `cbor:"3,keyasint,omitempty"`
	From    string    `cbor:"4,keyasint,omitempty"`
	To      string    `cbor:"5,keyasint,omitempty"`
	Visit   int       `cbor:"6,keyasint,omitempty"`
	Learned bot.Facts `cbor:"7,keyasint,omitempty"`
	Rules   []string  `cbor:"8,keyasint,omitempty"`
	Policy  string    `cbor:"9,keyasint,omitempty"`
	Order   *order    `cbor:"10,keyasint,omitempty"`
	People  []person  `cbor:"11,keyasint,omitempty"`
	Output  string    `cbor:"12,keyasint,omitempty"`
	Note    string    `cbor:"13,keyasint,omitempty"`
	Prev    string    `cbor:"14,keyasint,omitempty"`
	Hash    string    `cbor:"15,keyasint,omitempty"`
}

type event struct {
	ID     string       `cbor:"1,keyasint,omitempty"`
	Name   string       `cbor:"2,keyasint,omitempty"`
	Facts  bot.Facts    `cbor:"3,keyasint,omitempty"`
	By     bot.Party    `cbor:"4,keyasint,omitempty"`
	Actor  bot.PersonID `cbor:"5,keyasint,omitempty"`
	Room   bot.Room     `cbor:"6,keyasint,omitempty"`
	Text   string       `cbor:"7,keyasint,omitempty"`
	Offer  string       `cbor:"8,keyasint,omitempty"`
	Fields []field      `cbor:"9,keyasint,omitempty"`
	Files  []file       `cbor:"10,keyasint,omitempty"`
}

// IsZero lets a task that tells nobody anything be stored without an event.
func (e event) IsZero() bool {
	return e.ID == "" && e.Name == "" && len(e.Facts) == 0 && e.By == "" && e.Actor == "" &&
		e.Room == "" && e.Text == "" && e.Offer == "" && len(e.Fields) == 0 && len(e.Files) == 0
}

type message struct {
	ID      string          `cbor:"1,keyasint,omitempty"`
	Account string          `cbor:"2,keyasint,omitempty"`
	Text    string          `cbor:"3,keyasint,omitempty"`
	Press   string          `cbor:"4,keyasint,omitempty"`
	ReplyTo bot.Ref         `cbor:"6,keyasint,omitempty"`
	Files   []file          `cbor:"7,keyasint,omitempty"`
	At      instant         `cbor:"8,keyasint,omitempty"`
	Odd     bot.Unsupported `cbor:"9,keyasint,omitempty"`
	Public  bool            `cbor:"10,keyasint,omitempty"`
	Fields  bot.Facts       `cbor:"11,keyasint,omitempty"`
	Note    bool            `cbor:"12,keyasint,omitempty"`
	Album   string          `cbor:"13,keyasint,omitempty"`
	KeepIn  bot.Key         `cbor:"14,keyasint,omitempty"`
	KeepBy  string          `cbor:"15,keyasint,omitempty"`
	KeepAt  instant         `cbor:"16,keyasint,omitempty"`
}

type file struct {
	Name string  `cbor:"1,keyasint,omitempty"`
	Type string  `cbor:"2,keyasint,omitempty"`
	Size int64   `cbor:"3,keyasint,omitempty"`
	Hash string  `cbor:"4,keyasint,omitempty"`
	At   instant `cbor:"5,keyasint,omitempty"`
}

func newFile(f bot.File) file { return file{f.Name, f.Type, f.Size, f.Hash, at(f.At)} }

func (f file) bot() bot.File {
	return bot.File{Name: f.Name, Type: f.Type, Size: f.Size, Hash: f.Hash, At: f.At.time()}
}

func newEntry(e *bot.Entry) entry {
	out := entry{
		At: at(e.At), Event: newEvent(&e.Event), Flow: e.Flow, From: e.From, To: e.To, Visit: e.Visit, Learned: e.Learned,
		Rules: e.Rules, Policy: e.Policy, People: each(e.Used.People, func(p bot.Person) person { return person(p) }),
		Output: e.Output, Note: e.Refused, Prev: e.Prev, Hash: e.Hash,
	}
	if e.Used.Order != nil {
		o := newOrder(e.Used.Order)
		out.Order = &o
	}
	return out
}

func (e *entry) bot(key bot.Key, seq int) bot.Entry {
	out := bot.Entry{
		Conversation: key, Seq: seq, At: e.At.time(), Event: e.Event.bot(), Flow: e.Flow, From: e.From, To: e.To, Visit: e.Visit,
		Learned: e.Learned, Rules: e.Rules, Policy: e.Policy, Output: e.Output, Refused: e.Note, Prev: e.Prev, Hash: e.Hash,
		Used: bot.Used{People: each(e.People, func(p person) bot.Person { return bot.Person(p) })},
	}
	if e.Order != nil {
		o := e.Order.bot()
		out.Used.Order = &o
	}
	return out
}

func newEvent(e *bot.Event) event {
	return event{e.ID, e.Name, e.Facts, e.By, e.Actor, e.Room, e.Text, e.Offer, each(e.Fields, newField), each(e.Files, newFile)}
}

func (e event) bot() bot.Event {
	return bot.Event{
		ID: e.ID, Name: e.Name, Facts: e.Facts, By: e.By, Actor: e.Actor, Room: e.Room, Text: e.Text, Offer: e.Offer,
		Fields: each(e.Fields, field.bot), Files: each(e.Files, file.bot),
	}
}

func newMessage(m *bot.Message) message {
	return message{m.ID, m.Account, m.Text, m.Press, m.ReplyTo, each(m.Files, newFile), at(m.At), m.Unsupported, m.Public, m.Fields, m.Note, m.Album, m.Evidence.Record, m.Evidence.By, at(m.Evidence.At)}
}

func (m *message) bot(room bot.Room) *bot.Message {
	return &bot.Message{
		ID: m.ID, Room: room, Account: m.Account, Text: m.Text, Press: m.Press, ReplyTo: m.ReplyTo,
		Files: each(m.Files, file.bot), At: m.At.time(), Unsupported: m.Odd, Public: m.Public,
		Fields: m.Fields, Note: m.Note, Album: m.Album, Evidence: bot.EvidenceOf{Record: m.KeepIn, By: m.KeepBy, At: m.KeepAt.time()},
	}
}
