package bolt

import (
	"maps"
	"slices"
	"sync"

	"nevermind/bot"
)

// How much is kept in memory besides the file. A conversation takes some 3 KiB, a task 1.5.
const (
	mostConversations = 2048
	mostRecentTasks   = 4096
	longestCached     = 8 << 10 // bytes of a stored conversation; a longer one is read from the file each time
)

// conversationCache keeps conversations that were read or committed, decoded. Each is kept with its
// version, and is used only where the file has that very version: every read looks there first, in
// its own transaction, so what is read is always what is committed. It saves the decoding, which is
// most of what reading a conversation costs.
type conversationCache struct {
	mu    sync.Mutex
	byKey map[bot.Key]*bot.Conversation // never changed once they are here; bounded by mostConversations
}

// get returns a copy of what is kept under the key in that version.
func (c *conversationCache) get(key bot.Key, version int64) (bot.Conversation, bool) {
	c.mu.Lock()
	kept := c.byKey[key]
	c.mu.Unlock()
	if kept == nil || kept.Version != version {
		return bot.Conversation{}, false
	}
	return cloneConversation(kept), true
}

// put keeps a conversation that nobody else has. Where there is no room, some other one goes.
func (c *conversationCache) put(own *bot.Conversation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[own.Key] == nil && len(c.byKey) >= mostConversations {
		for other := range c.byKey {
			delete(c.byKey, other)
			break
		}
	}
	c.byKey[own.Key] = own
}

// recentTasks keeps the parts that never change of tasks that were committed just now, by sequence
// number, for the worker that leases them next. Each is handed out once; whoever leases it again
// reads it from the file.
type recentTasks struct {
	mu    sync.Mutex
	bySeq map[uint64]*bot.Task
}

// put keeps a task that nobody else has, where there is room.
func (r *recentTasks) put(seq uint64, own *bot.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.bySeq) < mostRecentTasks {
		r.bySeq[seq] = own
	}
}

// take hands a task out; nil where it is not kept.
func (r *recentTasks) take(seq uint64) *bot.Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.bySeq[seq]
	delete(r.bySeq, seq)
	return t
}

// cloneConversation copies a conversation as it comes from the file, sharing nothing.
func cloneConversation(c *bot.Conversation) bot.Conversation {
	out := *c
	out.Frame = cloneFrame(c.Frame)
	out.Aside = mapSlice(c.Aside, cloneFrame)
	out.Parties = cloneMap(c.Parties)
	out.Deadlines = slices.Clone(c.Deadlines)
	out.Clocks = cloneMap(c.Clocks)
	out.Live = slices.Clone(c.Live)
	out.Saw = cloneMap(c.Saw)
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
	own := stored.bot(0, 0)
	own.Facts = cloneMap(t.Facts)
	own.Event.Facts = cloneMap(t.Event.Facts)
	own.Event.Fields = cloneFields(own.Event.Fields)
	return &own
}
