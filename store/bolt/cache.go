package bolt

import (
	"context"
	"hash/maphash"
	"maps"
	"math"
	"slices"
	"sync"

	"nevermind/bot"
	"nevermind/store/record"
)

// How much is kept in memory besides the file, of each kind. A conversation takes some 3 KiB.
const (
	mostCached    = 2048
	longestCached = 8 << 10 // bytes of a stored record; a longer one is read from the file each time
	mostFiled     = 32      // conversations filed under one term
	mostOffered   = 4096    // turns whose tokens are remembered
)

// cache keeps records of one kind that were read or committed, decoded, so that whoever reads one again need not look at the
// file, decrypt and decode. What is read is always what is committed: a write takes a record out before it is committed, and a
// reader puts one in only where its transaction has seen the latest write.
type cache[V any] struct {
	clone   func(*V) V
	mu      sync.Mutex
	byKey   map[string]*V      // bounded by mostCached; what it points to never changes
	changed [writeMarks]uint64 // by the key's hash: the latest transaction that wrote such a key
	floor   uint64             // transactions before this one put nothing in
	seed    maphash.Seed
}

// writeMarks is how many hashes of keys are told apart: two keys of one hash only keep each other out for a moment.
const writeMarks = 1 << 10

// latestTx is for readers that look at no transaction.
const latestTx = math.MaxUint64

func newCache[V any](clone func(*V) V) *cache[V] {
	return &cache[V]{clone: clone, byKey: map[string]*V{}, seed: maphash.MakeSeed()}
}

func (c *cache[V]) mark(key string) *uint64 {
	return &c.changed[maphash.String(c.seed, key)%writeMarks]
}

// get returns what is kept under the key for whoever reads in that transaction; nil where nothing is, or something later. It is
// shared and must not be changed.
func (c *cache[V]) get(key []byte, tx uint64) *V {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := c.byKey[string(key)]
	if kept == nil || tx != latestTx && *c.mark(string(key)) > tx {
		return nil
	}
	return kept
}

// put keeps a record that nobody else has, as it stands in a transaction. Where there is no room, some other one goes.
func (c *cache[V]) put(key string, tx uint64, own *V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if tx < c.floor || tx < *c.mark(key) {
		return
	}
	if c.byKey[key] == nil && len(c.byKey) >= mostCached {
		for other := range c.byKey {
			delete(c.byKey, other)
			break
		}
	}
	c.byKey[key] = own
}

// written takes out a record that a transaction writes.
func (c *cache[V]) written(key string, tx uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byKey, key)
	*c.mark(key) = tx
}

// forget forgets everything, also what is being read in transactions before that one.
func (c *cache[V]) forget(before uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.byKey)
	c.floor = before
}

// read returns the record that is stored under a key: a copy of the one that is kept, or else it is read and decoded. ErrNone:
// there is none.
func (c *cache[V]) read(ctx context.Context, s *Store, b bucket, key []byte, decode decodeRecord[V]) (out V, err error) {
	if kept := c.get(key, latestTx); kept != nil {
		return c.clone(kept), s.usable(ctx)
	}
	err = s.view(ctx, func(tx *transaction) (err error) {
		out, err = c.readIn(tx, b, key, decode)
		return err
	})
	return out, err
}

// decodeRecord decodes a record of that version.
type decodeRecord[V any] func(version int64, record []byte) (V, error)

// readIn is read within a transaction.
func (c *cache[V]) readIn(tx *transaction, b bucket, key []byte, decode decodeRecord[V]) (V, error) {
	id := tx.ID()
	if kept := c.get(key, id); kept != nil {
		return c.clone(kept), nil
	}
	version, record, err := readStored(tx, b, key)
	if err != nil {
		var none V
		return none, err
	}
	out, err := decode(version, record)
	if err == nil && len(record) <= longestCached {
		own := c.clone(&out)
		c.put(string(key), id, &own)
	}
	return out, err
}

// clonePerson copies a person as they come from the file, sharing nothing.
func clonePerson(p *bot.Person) bot.Person {
	out := *p
	out.Accounts, out.Rooms, out.Shut = slices.Clone(p.Accounts), slices.Clone(p.Rooms), slices.Clone(p.Shut)
	out.Former = slices.Clone(p.Former)
	out.Settings = cloneMap(p.Settings)
	return out
}

// storedConversation is a conversation with what its indexes follow from.
type storedConversation struct {
	bot.Conversation
	header header // never changed, so that copies share it
}

func cloneStored(s *storedConversation) storedConversation {
	return storedConversation{cloneConversation(&s.Conversation), s.header}
}

// cloneConversation copies a conversation as it comes from the file, sharing nothing.
func cloneConversation(c *bot.Conversation) bot.Conversation {
	out := *c
	out.Frame = cloneFrame(c.Frame)
	out.Aside = record.MapSlice(c.Aside, cloneFrame)
	out.Parties = cloneMap(c.Parties)
	out.Deadlines = slices.Clone(c.Deadlines)
	out.Clocks = cloneMap(c.Clocks)
	out.Live = slices.Clone(c.Live)
	out.Saw, out.Whose = cloneMap(c.Saw), cloneMap(c.Whose)
	out.Exhibits = slices.Clone(c.Exhibits)
	return out
}

func cloneFrame(f bot.Frame) bot.Frame {
	f.Facts = cloneMap(f.Facts)
	f.Offers = slices.Clone(f.Offers)
	for i := range f.Offers {
		f.Offers[i].Facts = cloneMap(f.Offers[i].Facts)
	}
	f.Fields = cloneFields(f.Fields)
	f.Shown = slices.Clone(f.Shown)
	f.Files = slices.Clone(f.Files)
	return f
}

func cloneFields(fields []bot.Field) []bot.Field {
	out := slices.Clone(fields)
	for i := range out {
		out[i].Options = slices.Clone(out[i].Options)
	}
	return out
}

// cloneMap copies a map; an empty one becomes nil, as it does when stored.
func cloneMap[M ~map[K]V, K comparable, V any](m M) M {
	if len(m) == 0 {
		return nil
	}
	return maps.Clone(m)
}

// ownTask is the part of a task that never changes as it would be read from the file, sharing
// nothing with the task that was asked for.
func ownTask(t *bot.Task, stored *task) *bot.Task {
	own := stored.Bot(0, 0)
	own.Facts = cloneMap(t.Facts)
	own.Event.Facts = cloneMap(t.Event.Facts)
	own.Event.Fields = cloneFields(own.Event.Fields)
	return &own
}
