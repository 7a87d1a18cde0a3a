package record

import "nevermind/bot"

// entry is one turn in a conversation's journal: append-only, chained by hash, and enough to replay
// the turn. Its conversation and number stand in the key.
type entry struct {
	At      Instant   `cbor:"1,keyasint,omitempty"`  // when the turn was committed
	Event   event     `cbor:"2,keyasint,omitzero"`   // what was heard
	Flow    string    `cbor:"3,keyasint,omitempty"`  // the flow it was heard in
	From    string    `cbor:"4,keyasint,omitempty"`  // the state before
	To      string    `cbor:"5,keyasint,omitempty"`  // the state after
	Visit   int       `cbor:"6,keyasint,omitempty"`  // the visit after
	Learned bot.Facts `cbor:"7,keyasint,omitempty"`  // facts that changed; an empty value is one forgotten
	Rules   []string  `cbor:"8,keyasint,omitempty"`  // the rules that applied
	Policy  string    `cbor:"9,keyasint,omitempty"`  // the policy's version
	Order   *Order    `cbor:"10,keyasint,omitempty"` // what the turn looked at, where it was not shown before
	People  []Person  `cbor:"11,keyasint,omitempty"` // the same of people
	Output  string    `cbor:"12,keyasint,omitempty"` // of older versions: one hash of decisions and words
	Note    string    `cbor:"13,keyasint,omitempty"` // why an event moved nothing
	Prev    hash      `cbor:"14,keyasint,omitzero"`  // the hash of the entry before
	Hash    hash      `cbor:"15,keyasint,omitzero"`  // the hash of this one
	Decided hash      `cbor:"16,keyasint,omitzero"`  // the hash of what was decided
	Worded  hash      `cbor:"17,keyasint,omitzero"`  // the hash of what was said
	Summed  bool      `cbor:"18,keyasint,omitempty"` // Hash is left out: it is the entry's own sum, which the next one names
	Form    int       `cbor:"19,keyasint,omitempty"` // how its hashes are made
	Boxes   []box     `cbor:"20,keyasint,omitempty"` // what is about people, cut out of all of it
	Before  string    `cbor:"21,keyasint,omitempty"` // the hash that it had in an older version
}

// event is what a turn has heard, or what a task is to let another conversation hear.
type event struct {
	ID     string       `cbor:"1,keyasint,omitempty"`  // what it is deduplicated by
	Name   string       `cbor:"2,keyasint,omitempty"`  // the word
	Facts  bot.Facts    `cbor:"3,keyasint,omitempty"`  // what it says besides
	By     bot.Party    `cbor:"4,keyasint,omitempty"`  // the party that caused it
	Actor  bot.PersonID `cbor:"5,keyasint,omitempty"`  // the person who did
	Room   bot.Room     `cbor:"6,keyasint,omitempty"`  // where it was said
	Text   string       `cbor:"7,keyasint,omitempty"`  // what was typed
	Offer  string       `cbor:"8,keyasint,omitempty"`  // the token that was pressed
	Fields []field      `cbor:"9,keyasint,omitempty"`  // of a form that is opened
	Files  []file       `cbor:"10,keyasint,omitempty"` // files that came with it
	// Whose is whose words another record tells of.
	Whose map[string]bot.PersonID `cbor:"11,keyasint,omitempty"`
}

// IsZero lets a task that tells nobody anything be stored without an event.
func (e event) IsZero() bool {
	return e.ID == "" && e.Name == "" && len(e.Facts) == 0 && e.By == "" && e.Actor == "" &&
		e.Room == "" && e.Text == "" && e.Offer == "" && len(e.Fields) == 0 && len(e.Files) == 0
}

// Message is what a person sent, as it came. A secret link is never stored.
type Message struct {
	ID      string          `cbor:"1,keyasint,omitempty"`  // the platform's, what it is deduplicated by
	Account string          `cbor:"2,keyasint,omitempty"`  // adapter:id, as the platform proved
	Text    string          `cbor:"3,keyasint,omitempty"`  // what was typed
	Press   string          `cbor:"4,keyasint,omitempty"`  // the token of a button
	ReplyTo bot.Ref         `cbor:"6,keyasint,omitempty"`  // the message it answers
	Files   []file          `cbor:"7,keyasint,omitempty"`  // files that came with it
	At      Instant         `cbor:"8,keyasint,omitempty"`  // when it was received, by our clock
	Odd     bot.Unsupported `cbor:"9,keyasint,omitempty"`  // what it was besides text, press or files
	Public  bool            `cbor:"10,keyasint,omitempty"` // others read in this room too
	Fields  bot.Facts       `cbor:"11,keyasint,omitempty"` // answers of the platform's own form
	Note    bool            `cbor:"12,keyasint,omitempty"` // an internal note of support's
	Album   string          `cbor:"13,keyasint,omitempty"` // the platform's name for parts of one message
	KeepIn  bot.Key         `cbor:"14,keyasint,omitempty"` // the record whose evidence it becomes
	KeepBy  string          `cbor:"15,keyasint,omitempty"` // who said it, as they are called there
	KeepAt  Instant         `cbor:"16,keyasint,omitempty"` // when they said it
	Reads   string          `cbor:"17,keyasint,omitempty"` // what the platform says they read, BCP 47
	Guess   string          `cbor:"18,keyasint,omitempty"` // what a listener made of the text
}

// file is a file's description; the content lies in the blob store under its hash.
type file struct {
	Name string  `cbor:"1,keyasint,omitempty"` // sanitized
	Type string  `cbor:"2,keyasint,omitempty"` // media type
	Size int64   `cbor:"3,keyasint,omitempty"` // bytes
	Hash string  `cbor:"4,keyasint,omitempty"` // SHA-256 of the content, hex
	At   Instant `cbor:"5,keyasint,omitempty"` // when it was given
}

func newFile(f bot.File) file { return file{f.Name, f.Type, f.Size, f.Hash, ToInstant(f.At)} }

func (f file) bot() bot.File {
	return bot.File{Name: f.Name, Type: f.Type, Size: f.Size, Hash: f.Hash, At: f.At.Time()}
}

// NewEntry keeps what the turn has used, the order and people as it saw them, with their versions.
func NewEntry(e *bot.Entry) entry {
	out := entry{
		At: ToInstant(e.At), Event: newEvent(&e.Event), Flow: e.Flow, From: e.From, To: e.To, Visit: e.Visit, Learned: e.Learned,
		Rules: e.Rules, Policy: e.Policy, People: MapSlice(e.Used.People, func(p bot.Person) Person { return Person(p) }),
		Output: e.Output, Note: e.Refused, Prev: hash(e.Prev), Hash: hash(e.Hash),
		Decided: hash(e.Decided), Worded: hash(e.Worded), Form: e.Form, Before: e.Before,
	}
	if e.Used.Order != nil {
		o := newOrder(e.Used.Order)
		out.Order = &o
	}
	if len(e.Passages) == 0 && e.Hash == e.Sum() {
		out.Hash, out.Summed = "", true
	}
	return out
}

func (e *entry) bot(key bot.Key, seq int) bot.Entry {
	out := bot.Entry{
		Conversation: key, Seq: seq, At: e.At.Time(), Event: e.Event.bot(), Flow: e.Flow, From: e.From, To: e.To, Visit: e.Visit,
		Learned: e.Learned, Rules: e.Rules, Policy: e.Policy, Output: e.Output, Refused: e.Note, Prev: string(e.Prev),
		Hash:    string(e.Hash),
		Decided: string(e.Decided), Worded: string(e.Worded), Form: e.Form, Before: e.Before,
		Used: bot.Used{People: MapSlice(e.People, func(p Person) bot.Person { return bot.Person(p) })},
	}
	if e.Order != nil {
		o := e.Order.bot()
		out.Used.Order = &o
	}
	return out
}

func newEvent(e *bot.Event) event {
	return event{
		e.ID, e.Name, e.Facts, e.By, e.Actor, e.Room, e.Text, e.Offer, MapSlice(e.Fields, newField), MapSlice(e.Files, newFile),
		e.Whose,
	}
}

func (e event) bot() bot.Event {
	return bot.Event{
		ID: e.ID, Name: e.Name, Facts: e.Facts, By: e.By, Actor: e.Actor, Room: e.Room, Text: e.Text, Offer: e.Offer,
		Fields: MapSlice(e.Fields, field.bot), Files: MapSlice(e.Files, file.bot), Whose: e.Whose,
	}
}

func newMessage(m *bot.Message) Message {
	return Message{
		m.ID,
		m.Account,
		m.Text,
		m.Press,
		m.ReplyTo,
		MapSlice(m.Files, newFile),
		ToInstant(m.At),
		m.Unsupported,
		m.Public,
		m.Fields,
		m.Note,
		m.Album,
		m.Evidence.Record,
		m.Evidence.By,
		ToInstant(m.Evidence.At),
		m.Language,
		m.Guess,
	}
}

// Bot puts a message together again; its room stands in its key.
func (m *Message) Bot(room bot.Room) *bot.Message {
	return &bot.Message{
		ID: m.ID, Room: room, Account: m.Account, Text: m.Text, Press: m.Press, ReplyTo: m.ReplyTo,
		Files: MapSlice(m.Files, file.bot), At: m.At.Time(), Unsupported: m.Odd, Public: m.Public,
		Fields: m.Fields, Note: m.Note, Album: m.Album, Evidence: bot.EvidenceOf{Record: m.KeepIn, By: m.KeepBy, At: m.KeepAt.Time()},
		Language: m.Reads, Guess: m.Guess,
	}
}
