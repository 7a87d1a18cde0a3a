package bot

import (
	"context"
	"errors"
	"io"
	"time"
)

// What a store may answer; look for these with errors.Is.
var (
	ErrNone   = errors.New("no such record")
	ErrStale  = errors.New("the record has changed since it was loaded")
	ErrSeen   = errors.New("already handled")
	ErrFenced = errors.New("the lease was lost to another")
	ErrBusy   = errors.New("the store has more waiting than it can take")
	ErrClosed = errors.New("the store is closed")
	ErrLocked = errors.New("another process has the store open")
	ErrBroken = errors.New("the store is damaged")
	ErrNewer  = errors.New("the store was written by a newer version")
	ErrKey    = errors.New("the key is missing or wrong")
	ErrErased = errors.New("it was erased")
)

// Store keeps conversations, orders, people and the queue of tasks. It is several roles that one value plays, so that who
// needs one of them asks for no more. Every method is safe for concurrent use, and nothing that is returned is shared with
// the store. No method calls out while a transaction is open. storetest holds every store to this contract.
type Store interface {
	Records
	Journal
	Committer
	TaskQueue
	DeadLetters
	DeadlineIndex
	StoreAdmin
}

// Reading is what may be read of a store by who changes nothing: adapters are given this much and no more.
type Reading interface {
	Records
	Journal
	DeadlineIndex
}

// Records loads what is kept, one record at a time, or finds it.
type Records interface {
	// Conversation, Order and Person load one record; ErrNone where there is none.
	Conversation(ctx context.Context, key Key) (Conversation, error)
	Order(ctx context.Context, id string) (Order, error)
	Person(ctx context.Context, id PersonID) (Person, error)
	// PersonAt finds who an account belongs to.
	PersonAt(ctx context.Context, account string) (Person, error)
	// OrdersOf lists a buyer's or seller's orders, newest first by when they were placed (ties in an order of the store's own),
	// at most n, skipping the first skip.
	OrdersOf(ctx context.Context, who PersonID, skip, n int) ([]Order, error)
	// People lists those of one party, at most n, after the given id, in an order that is the store's own and never changes.
	People(ctx context.Context, p Party, after PersonID, n int) ([]Person, error)
	// Find lists the keys of the conversations filed under a term ("open:order:8123"), at most n, after the given key. The records
	// of one flow about one order come as they were begun ("case/8123/0", "case/8123/1"); the order of others is the store's own
	// and never changes.
	Find(ctx context.Context, term string, after Key, n int) ([]Key, error)
	// Offered returns which conversation offered the button with this token, and Sender which one sent that message.
	Offered(ctx context.Context, token string) (Key, error)
	Sender(ctx context.Context, room Room, ref Ref) (Key, error)
	// Task returns a task and what became of it.
	Task(ctx context.Context, id string) (TaskRecord, error)
}

// Journal reads what has happened: a conversation's entries, and what was said in a room.
type Journal interface {
	// Journal lists a conversation's entries with Seq > after, at most n.
	Journal(ctx context.Context, key Key, after, n int) ([]Entry, error)
	// Said lists what was said in a room, both ways, with Seq > after, at most n; before > 0 lists the n last below it.
	Said(ctx context.Context, room Room, after, before uint64, n int) ([]Said, error)
}

// Committer is the only way to change a record.
type Committer interface {
	// Commit makes one change, whole or not at all. ErrSeen: Handled was there already; ErrStale: a record's Version
	// is not the one stored; ErrFenced: Settle's lease is lost. In each of these nothing is changed. An Act on a task
	// that is not set aside is ErrSeen, one on an edit that a newer one has replaced ErrStale.
	Commit(ctx context.Context, c *Commit) error
}

// TaskQueue is the outbox: tasks in lanes, leased to one worker at a time. Each is done at least once; a lease that has run
// out is fenced by its epoch, so that a worker that wakes up late settles nothing.
type TaskQueue interface {
	// Claim leases the heads of lanes that are due, at most n, at most one a lane; nobody else gets them until the
	// lease has run out or they are settled. Lanes take turns. A head that was damaged comes as DoDamaged, of which only
	// Lane and Seq are what they were; once it is settled as dead it can be listed and dropped by the ID that it has now.
	Claim(ctx context.Context, now time.Time, n int, lease time.Duration) ([]Lease, error)
	// NextTask returns when the earliest waiting task is due, a leased one when its lease runs out; the zero time where
	// none waits.
	NextTask(ctx context.Context) (time.Time, error)
	// Queues says for each kind of lane how many tasks wait in it and since when the longest overdue one could have been
	// done, so that an operator sees what is stuck before people do.
	Queues(ctx context.Context, now time.Time) ([]Queue, error)
	// Attempt records durably that each task is about to be tried, counting up its Attempts. Until that is settled its
	// NotBefore is zero, after a crash too: one that has been tried and has none was cut off.
	Attempt(ctx context.Context, leases ...Lease) error
	// Settle records how an attempt ended, and how many the lease says there were. Done and Dead take the task out of its
	// lane, Pending too but leaves it waiting for its outcome; a Retry keeps it at the head of its lane until then. That an edit
	// is done may be forgotten by a crash, until something behind it in its lane is attempted. A telling that is done, under an id
	// that a turn has made, may be forgotten at once: the journal of whoever heard it has it.
	Settle(ctx context.Context, l Lease, now time.Time, o Outcome) error
}

// DeadLetters are the tasks that are set aside for an operator.
type DeadLetters interface {
	// Dead lists the tasks that are set aside, in the order in which they were asked for, with Seq > after, at most n.
	Dead(ctx context.Context, after uint64, n int) ([]TaskRecord, error)
	// SetAside takes every task that waits out of its lane, dead for that reason, and says how many there were: for a
	// store that was restored, and that nobody works on.
	SetAside(ctx context.Context, now time.Time, why string) (int, error)
}

// DeadlineIndex is the deadlines of all conversations in the order of their time. It is a function of the conversations, so
// that it can be made anew.
type DeadlineIndex interface {
	// Due lists deadlines at or before now, earliest first, at most n; of one instant by conversation, then the shorter name
	// first, then the lesser one, so that what happens can be foreseen.
	Due(ctx context.Context, now time.Time, n int) ([]DueDeadline, error)
	// NextDeadline returns the earliest deadline of all; the zero time where there is none.
	NextDeadline(ctx context.Context) (time.Time, error)
}

// Values keeps small things under a name: the demo's clock, policies by version, when the house was last there.
type Values interface {
	// Value returns what is kept under a name; ErrNone where nothing is.
	Value(ctx context.Context, name string) ([]byte, error)
	// SetValue keeps something under a name, in place of what was there.
	SetValue(ctx context.Context, name string, value []byte) error
}

// Eraser makes what is about people unreadable, in every copy of the store too.
type Eraser interface {
	// Erase erases what is kept of somebody, with their accounts and the rooms that are given. ErrKey: the store has no keys of
	// single persons. What others have said of them, and what a record has decided, stays; Journal and Conversation show Erased
	// where their words or names stood, and chains hold. They are ErrNone for PersonAt from then on; Person knows their id.
	Erase(ctx context.Context, who Person) error
	// ForgetErased deletes what was erased and is still there, as after the restore of an older backup.
	ForgetErased(ctx context.Context) (forgotten int, err error)
}

// Forgetter forgets for good what was kept long enough. Who calls it says what that is.
type Forgetter interface {
	// Forget deletes records, each with all that hangs on it: of a conversation its journal and what it is found by; of a task,
	// which must not be waiting, its id and its line in the room; of a message its line. Of orders and conversations the Version
	// must be the one stored; what has changed, waits, or is not there is passed over. It works in small transactions and returns
	// how many records went.
	Forget(ctx context.Context, gone ...Record) (forgotten int, err error)
	// ForgetWords deletes what a conversation's journal and those tasks say about people, for everybody: the chain holds, as after
	// an erasure.
	ForgetWords(ctx context.Context, key Key, tasks ...string) error
}

// StoreAdmin is what operators need of a store: copies, exports, tidying, its version.
type StoreAdmin interface {
	Values
	Eraser
	Forgetter
	// Rebuild makes the deadline and term indexes anew from the conversations and says how many entries were wrong.
	Rebuild(ctx context.Context) (fixed int, err error)
	// Sweep forgets what was handled, and retires tokens of conversations closed, before the given time.
	Sweep(ctx context.Context, before time.Time) (forgotten int, err error)
	// Each hands out all that is kept, kind by kind in the order of Record's fields, and within a kind by its key: a
	// conversation's or room's shorter one first, then by bytes. Nothing is held open meanwhile: what changes on the way
	// may be seen or not; in a copy made by Backup nothing changes.
	Each(ctx context.Context, f func(Record) error) error
	// Backup writes a copy of all that is kept at one moment, while others go on; Open reads it. Until it is written the
	// store keeps what the others replace, so w should be a file, or as fast.
	Backup(ctx context.Context, w io.Writer) error
	// Schema returns the version of the stored form.
	Schema() int
	// Close waits for the changes under way; each method answers ErrClosed from then on.
	Close() error
}

// Duties is a Store on which several processes work, which share what one alone may do.
type Duties interface {
	// OnDuty waits until the duty is this process's and runs f, whose context ends where the duty may be another's; where f was
	// cut short by that, it waits again. It returns when f has come to its end, or ctx ends.
	OnDuty(ctx context.Context, duty string, f func(ctx context.Context))
}

// Telling is a Store on which several processes work, and that tells when another may have made something due. It may miss some.
type Telling interface {
	// OnDue has f called then.
	OnDue(f func())
}

// Flushing is a Store in which what can be read may be lost still: on a database with a standby, a commit that was called off
// while it waited for that.
type Flushing interface {
	// Flushed returns once all that can be read now is as durable as a commit.
	Flushed(ctx context.Context) error
}

// Remembering is a Store that can answer a turn's reads from memory although other processes change what is stored.
type Remembering interface {
	// Remember runs f. What reads with its context are answered from memory is looked at again by the commit that f makes with
	// it, and where that has changed meanwhile nothing is stored. Where f fails after such reads, it runs once more, with reads
	// from the store alone. So f has to bear being run twice.
	Remember(ctx context.Context, f func(ctx context.Context) error) error
}

// OnDuty is how whoever has something to do that one process alone may do has it done.
type OnDuty func(ctx context.Context, duty string, f func(ctx context.Context))

// DutiesOn is that of a store; where this process is the only one on it, every duty is its.
func DutiesOn(s Store) OnDuty {
	if shared, ok := s.(Duties); ok {
		return shared.OnDuty
	}
	return func(ctx context.Context, _ string, f func(ctx context.Context)) { f(ctx) }
}

// Commit is one change of one record, with all that follows from it.
type Commit struct {
	At           time.Time
	Handled      string // the message, task or deadline that caused it; kept so that a repeat is noticed
	Said         *Message
	Conversation *Conversation // stored under Version+1; Version must be the one stored (0: must not exist)
	Terms        []string      // what the conversation is filed under from now on, all of it
	Order        *Order
	Person       *Person
	Tasks        []Task
	About        []PersonID // whom its tasks may name besides those who take part in the conversation
	Dead         string     // its tasks are set aside from the start, and why; nobody tries them
	Entry        *Entry
	Settle       *Settlement  // the task that caused it is over, in the same commit
	LateOutcome  *LateOutcome // the late outcome that caused it
	Act          *Act         // what an operator does with it
}

// Act is what an operator does about a task that is set aside: it goes back to its place in its lane, under its id and as
// if it had never been tried, or it is dropped for ever.
type Act struct {
	Task string
	Drop bool
}

// Settlement ends a leased task together with the turn it caused.
type Settlement struct {
	Lease   Lease
	Outcome Outcome
}

// LateOutcome is the outcome of a task that was pending, or set aside without one; the first one wins and another is ErrSeen.
type LateOutcome struct {
	TaskID  string
	Outcome Outcome
}

// Lease is the right to do one task for a while; Epoch is the fence.
type Lease struct {
	Task  Task
	Epoch uint64
	Until time.Time
	Since time.Time // when the task came into its lane: when it was made, or an operator put it back
	Ref   Ref       // for a reply: the live card in that room of the conversation whose card it is, or else that says it
}

// Queue is how much waits in the lanes of one kind.
type Queue struct {
	Kind    string // what a lane's name begins with: "room", "conv", "work", "shop", "album", "again", "fetch", "decode"
	Waiting int
	Since   time.Time // when the head that is longest overdue was first due; zero where none is
}

// TaskRecord is a task and what became of it.
type TaskRecord struct {
	Task    Task
	State   TaskState
	Outcome Outcome
	At      time.Time // when it came to this
}

// TaskState is where a task stands.
type TaskState string

// The states of a task.
const (
	TaskWaiting TaskState = "waiting" // in its lane
	TaskPending TaskState = "pending" // accepted, its outcome still to come
	TaskDone    TaskState = "done"    // its outcome is known
	TaskDead    TaskState = "dead"    // set aside for an operator
	TaskDropped TaskState = "dropped" // given up by an operator
)

// Record is one thing that a store keeps: just one field is set.
type Record struct {
	Order        *Order
	Person       *Person
	Conversation *Conversation
	Entry        *Entry
	Task         *TaskRecord
	Said         *Said // what a person said; what was answered is a task
	Value        *Value
}

// Value is something small that is kept under a name.
type Value struct {
	Name  string
	Value []byte
}

// DueDeadline is a deadline whose time has come.
type DueDeadline struct {
	Key Key
	Deadline
}

// Said is one thing that was said in a room: a message from a person, or a reply.
type Said struct {
	Seq   uint64
	At    time.Time
	In    *Message
	Out   *Reply
	Ref   Ref    // of a reply, once sent
	Task  string // of a reply: the task that sends it
	State TaskState
}
