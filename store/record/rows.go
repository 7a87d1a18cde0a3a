package record

import (
	"bytes"
	"crypto/sha256"
)

// Row is one thing that a store holds, in a form that every kind of store writes and takes in: what a move from one to another
// goes by. Names stand in it as their keyed hashes and records as they are under the keys of single persons. Both stores have the
// same keys and the same key ring, so that none of that is opened on the way. A store always hands its rows out in the same
// order: the head first, then the names, which others refer to. What was erased is left out.
type Row any

// HeadRow is what a store knows about itself, and comes first.
type HeadRow struct {
	Keys   [][]byte // under the house's key
	Ring   string   // the name of the key ring
	Number uint64   // the last that a task or message was given
	Swept  uint64   // up to which task it has been swept
}

// NameRow is a name that is read back from its hash.
type NameRow struct{ Hash, Name []byte }

// SubjectRow says which slot of the key ring is whose.
type SubjectRow struct {
	Hash []byte
	Slot uint32
}

// ValueRow is something small under a name.
type ValueRow struct {
	Name  string
	Value []byte
}

// HandledRow is the id of a message, task or deadline that was handled, and when.
type HandledRow struct {
	ID []byte
	At Instant
}

// VersionedRow is a record with a version: of a conversation, an order or a person.
type VersionedRow struct {
	Of      VersionedKind
	Key     []byte
	Version int64
	Record  []byte
}

// VersionedKind says of what a record is.
type VersionedKind byte

// The kinds of records with a version, in the order in which they are handed out.
const (
	OfConversation VersionedKind = iota + 1
	OfOrder
	OfPerson
)

// EntryRow is a line of a conversation's journal.
type EntryRow struct {
	Conversation []byte
	Seq          uint64
	Record       []byte
}

// TermRow files a conversation under a term.
type TermRow struct{ Term, Conversation []byte }

// DeadlineRow files a conversation under a wait that is running.
type DeadlineRow struct {
	Conversation []byte
	Deadline     Deadline
}

// OfferRow is what one turn has offered: the beginning that its press tokens have in common, and the rest of each.
type OfferRow struct {
	Made         string
	Conversation []byte
	At           Instant
	Late         bool // it was found off offer, and At is when its conversation changed last
	Rests        []string
}

// AccountRow says whose an account is.
type AccountRow struct {
	Account []byte
	Person  string
}

// TaskRow is a task of the outbox. Of one that waits there is no Outcome.
type TaskRow struct {
	Seq             uint64
	Record          []byte
	NotBefore, Made Instant
	Attempts        int
	Outcome         *Outcome
}

// SaidRow is a line of a room's log: a message, or without a record the answer that the task with that number is.
type SaidRow struct {
	Room   []byte
	Seq    uint64
	At     Instant
	Record []byte
}

// SentRow says which conversation has sent a message.
type SentRow struct{ Room, Ref, Conversation []byte }

// CardRow is a conversation's live message in a room.
type CardRow struct {
	Room, Card []byte
	Ref        string
}

// AppendDigest adds a row to a digest of rows.
func AppendDigest(digest []byte, r Row) ([]byte, error) {
	encoded, err := Encode(r)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append(bytes.Clone(digest), encoded...))
	return sum[:], nil
}
