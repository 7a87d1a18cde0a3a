package bot

import (
	"errors"
	"strings"
	"time"
)

// Longest is how many characters of one message are read.
const Longest = 4000

// Room is where a person talks with us: "<adapter>:<id>"; what follows the colon is known to that adapter only.
type Room string

// Adapter returns the name of the adapter that serves the room.
func (r Room) Adapter() string {
	name, _, _ := strings.Cut(string(r), ":")
	return name
}

// Ref is a platform's own name for one message in a room; opaque outside its adapter.
type Ref string

// Facts are nouns and what is known of them, as strings: amounts as "24.90 USD", times as RFC 3339 in UTC.
type Facts map[string]string

// Message is what a person sent, by whatever platform.
type Message struct {
	ID          string        // unique for ever and minted by the adapter; a repeat is known by it
	Room        Room          // where it was said
	Account     string        // who said it, as the platform proved: "<adapter>:<id>"
	Text        string        // what was typed, if anything
	Press       string        // the token of the button pressed, if one was
	ReplyTo     Ref           // the message this one answers, if any
	ReplyPress  string        `json:",omitempty"` // the token of a button below that message, where the platform shows it
	Files       []File        // what came with it
	Pending     []PendingFile `json:",omitempty"` // what came with it and is to be fetched; it is heard with Files instead
	Fields      Facts         // the answers of a button's form, where the platform has forms of its own; judged before they count
	Note        bool          // words for colleagues about the record whose message this answers; nobody else ever reads them
	Link        string        // a one-time token, which the adapter has taken out of Text; stored only as its hash
	Evidence    EvidenceOf    `json:"Keep"` // where it is kept as evidence, for a message of support's room that they make evidence
	Unsupported Unsupported   `json:"Odd"`  // what it was besides text, a press or files; empty for those
	Album       string        // the platform's name for what it is one part of; the parts are heard as one message
	Public      bool          // others read in this room too, and it is not support's own: only words count there
	At          time.Time     // when we received it, by the house's clock
	Language    string        `json:",omitempty"` // what the sender reads, as the platform says, a BCP 47 tag; or empty
	Guess       string        `json:",omitempty"` // what a Listener made of Text, set before the turn; empty where none was asked
}

// EvidenceOf says that a message which stands somewhere already is made evidence of a record: its Text and Files are what
// was said there, its Fields the answers of the record's form for that.
type EvidenceOf struct {
	Record Key       `json:"In"` // the record whose evidence it becomes
	By     string    // who said it, as they are called there
	At     time.Time // when they said it
}

// MessageKind says what a message is to whoever receives it: which conversation it is for.
type MessageKind string

// The kinds of message. A message has just one, whatever else it carries: a press may bring a form's answers, a reply files.
const (
	KindEvidence MessageKind = "evidence" // support makes it evidence of the record that Evidence names
	KindNote     MessageKind = "note"     // words for colleagues, for the record whose message it answers
	KindPress    MessageKind = "press"    // for the conversation that offered the button
	KindLink     MessageKind = "link"     // for the record of a one-time link
	KindReply    MessageKind = "reply"    // for the conversation that sent the message it answers
	KindPlain    MessageKind = "plain"    // words, files or something unsupported, for the room's talk
)

// Kind derives the message's kind from its fields. What is unsupported and carries no words answers nothing: a sticker below
// a card is plain.
func (m *Message) Kind() MessageKind {
	switch {
	case m.Evidence.Record != "":
		return KindEvidence
	case m.Note:
		return KindNote
	case m.Press != "":
		return KindPress
	case m.Link != "":
		return KindLink
	case m.ReplyTo != "" && (m.Unsupported == "" || m.Heard() != ""):
		return KindReply
	}
	return KindPlain
}

// Heard is the message's text as far as it counts: an edit's or another's words do not.
func (m *Message) Heard() string {
	if m.Unsupported == Edited || m.Unsupported == Forwarded {
		return ""
	}
	return m.Text
}

// Unsupported is a kind of message that carries nothing the assistant can read. It is answered kindly and changes nothing.
type Unsupported string

// The unsupported kinds. A caption of such a message is its Text and is heard as such; the kind is answered only without one.
const (
	Sticker   Unsupported = "sticker" // also a GIF, a dice, a game
	Place     Unsupported = "place"   // a location or a venue
	Contact   Unsupported = "contact"
	Poll      Unsupported = "poll"
	Edited    Unsupported = "edited"    // an earlier message was changed: Text is never heard again
	Deleted   Unsupported = "deleted"   // a note for colleagues was taken back: Text is what it said
	Forwarded Unsupported = "forwarded" // somebody else's words: Text is never heard
	Other     Unsupported = "other"     // anything else the adapter knows no name for
	TooLarge  Unsupported = "too_large" // a file came along that is larger than LargestFile
	Unwanted  Unsupported = "unwanted"  // a file came along of a kind that is not kept
	Unfetched Unsupported = "unfetched" // a file came along that the platform did not hand over
	Unknown   Unsupported = "unknown"   // a file came along from somebody who belongs to nobody known: it is not fetched
	NoRoom    Unsupported = "no_room"   // a file came along while the disk was nearly full
	Quota     Unsupported = "quota"     // a file came along beyond what one person may send in a day
	TooMany   Unsupported = "too_many"  // a file came along while too many others of the chat were still to be fetched
)

// Lost is the kind of message whose file was not kept for this error.
func Lost(err error) Unsupported {
	switch {
	case errors.Is(err, ErrTooLarge):
		return TooLarge
	case errors.Is(err, ErrUnwanted):
		return Unwanted
	case errors.Is(err, ErrFull):
		return NoRoom
	}
	return Unfetched
}

// FileLost says whether a file of the message is not kept. Its words and other files count all the same.
func (m *Message) FileLost() bool {
	switch m.Unsupported {
	case TooLarge, Unwanted, Unfetched, Unknown, TooMany, NoRoom, Quota:
		return true
	}
	return false
}

// File is something a person sent along: kept by Blobs under its content hash, named here.
type File struct {
	Name string    // as the person named it
	Type string    // media type, judged by content
	Size int64     // bytes
	Hash string    // SHA-256 of the content, lower-case hex
	At   time.Time // when it was received, by the house's clock; zero in what an adapter hands over
}

// PendingFile is something a person sent along that is still with the platform.
type PendingFile struct {
	Ref  string // how the platform names it; opaque outside its adapter
	Name string // as the person named it
	Size int64  // as the platform says; 0 where it does not
}

// Exhibit is a file that was brought to a conversation as evidence.
type Exhibit struct {
	File
	By Party // who brought it
}
