package bolt

import (
	"maps"
	"slices"
	"sync"

	"nevermind/bot"
	"nevermind/store/record"
)

// How much is kept in memory besides the file, of each kind. A conversation takes some 3 KiB.
const (
	mostCached    = 2048
	longestCached = 8 << 10 // bytes of a stored record; a longer one is read from the file each time
)

// cache keeps records of one kind that were read or committed, decoded. Each is kept with its version,
// and is used only where the file has that very version: every read looks there first, in its own
// transaction, so what is read is always what is committed. It saves the decoding, which is most of
// what reading a record costs.
type cache[V any] struct {
	clone func(*V) V
	mu    sync.Mutex
	byKey map[string]cached[V] // bounded by mostCached
}

// cached is a record that never changes once it is kept.
type cached[V any] struct {
	version int64
	record  *V
}

func newCache[V any](clone func(*V) V) *cache[V] {
	return &cache[V]{clone: clone, byKey: map[string]cached[V]{}}
}

// get returns what is kept under the key in that version; nil where nothing is. It is shared and must
// not be changed.
func (c *cache[V]) get(key []byte, version int64) *V {
	c.mu.Lock()
	kept := c.byKey[string(key)]
	c.mu.Unlock()
	if kept.version != version {
		return nil
	}
	return kept.record
}

// put keeps a record that nobody else has. Where there is no room, some other one goes.
func (c *cache[V]) put(key string, version int64, own *V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, there := c.byKey[key]; !there && len(c.byKey) >= mostCached {
		for other := range c.byKey {
			delete(c.byKey, other)
			break
		}
	}
	c.byKey[key] = cached[V]{version, own}
}

// forget forgets everything.
func (c *cache[V]) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.byKey)
}

// read returns the record that is stored under a key: a copy of the one that is kept, or else it is
// decoded. ErrNone: there is none.
func (c *cache[V]) read(tx *transaction, b bucket, key []byte, decode func(version int64, record []byte) (V, error)) (V, error) {
	version, record, err := readStored(tx, b, key)
	if err != nil {
		var none V
		return none, err
	}
	if kept := c.get(key, version); kept != nil {
		return c.clone(kept), nil
	}
	out, err := decode(version, record)
	if err == nil && len(record) <= longestCached {
		own := c.clone(&out)
		c.put(string(key), version, &own)
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
