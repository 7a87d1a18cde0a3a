package bot

import (
	"context"
	"errors"
	"time"
)

// Adapter is a platform. Run receives until ctx ends and hands each message to the inbox, acknowledging it to the
// platform only when Receive has returned nil. Send says one thing in one room and returns the platform's name for it.
type Adapter interface {
	Name() string
	Run(ctx context.Context, in Inbox) error
	Send(ctx context.Context, d Delivery) (Ref, error)
}

// Inbox takes what people say. A nil error is the permission to acknowledge: the message is stored.
type Inbox interface {
	Receive(ctx context.Context, m Message) error
}

// Discarder is an Inbox that also keeps what an adapter cannot read, for an operator; nil is the permission to
// acknowledge.
type Discarder interface {
	Discard(ctx context.Context, id, adapter string, raw []byte, why string) error
}

// PressInbox is an Inbox that says, once a press is stored, what its turn answers it with: the text of its reply of mode Aside,
// empty where it has none. Decided is false where that is not known: the turn comes later, or was made for an earlier copy.
// The reply is sent all the same; an adapter drops it where it has answered the press.
type PressInbox interface {
	ReceivePress(ctx context.Context, m Message) (words string, decided bool, err error)
}

// BlockListener is an Inbox that also hears where we may not write any more, because a person has blocked us, or may again.
// A nil error is the permission to acknowledge.
type BlockListener interface {
	Blocked(ctx context.Context, id string, room Room, account string, open bool) error
}

// Fetcher is an Adapter whose messages name files that are still with the platform (Message.Pending). Fetch puts one into the
// house's Blobs, once its message is stored, and again where that has failed. ErrTooLarge, ErrUnwanted and ErrRefused are final;
// a Later says when to try again.
type Fetcher interface {
	Fetch(ctx context.Context, f PendingFile) (File, error)
}

// Paced is an Adapter that keeps to its platform's pace. Turn waits until a delivery may go out, or says in a Later that
// this is far; Send follows at once and does not wait again. Waiting is no attempt: what has not begun cannot arrive twice.
type Paced interface {
	Turn(ctx context.Context, d Delivery) error
}

// Sharing is an Adapter that is told how many servers share the platform's pace, now and whenever that changes: it keeps to its
// part of it.
type Sharing interface{ Share(servers int) }

// Delivery is one reply on its way to one room.
type Delivery struct {
	ID      string // the same at every attempt
	Attempt int    // 1 is the first
	Unsure  bool   // the attempt before was cut off, by a crash: a copy may have arrived
	Ref     Ref    // for Edit and Strip: the message to change; for New as a card: the card it follows
	Under   Ref    // for a plain message: the live card of the conversation that says it, where it has one in the room
	Reply   Reply
	// Was finds what the message to change says, for platforms that can only show it whole: for Strip; nil where that is
	// not known any more.
	Was func(ctx context.Context) (*Reply, error)
}

// What a Send may fail with besides an unclear end; look for these with errors.Is.
var (
	ErrGone     = errors.New("the room can no longer be written to")
	ErrRefused  = errors.New("the platform will never take this message")
	ErrNotSent  = errors.New("not sent, and may be tried again")
	ErrCardGone = errors.New("the message to change is no longer there")
)

// Later is a Send's wish to be tried again after a while: the message was not sent.
type Later struct{ After time.Duration }

// Error says how long.
func (l Later) Error() string { return "not sent; again in " + l.After.String() }

// Is makes a Later an ErrNotSent too.
func (l Later) Is(target error) bool { return target == ErrNotSent }

// Hand is the function that does a task outside. An error leaves it unclear whether the task was done: it is tried
// again under the same id.
type Hand func(ctx context.Context, t Task) (Outcome, error)

// Decoder is an adapter that can be given an update again which it could not read before: after an upgrade.
type Decoder interface {
	Decode(raw []byte) (Message, error)
}
