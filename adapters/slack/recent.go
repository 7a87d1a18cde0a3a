package slack

import "sync"

// recent remembers the newest values by their keys and forgets the oldest beyond its limit. It is a cache: whoever finds
// nothing in it can do without. Safe for concurrent use.
type recent[V any] struct {
	limit int

	mu     sync.Mutex
	values map[string]V
	order  []string // the keys, oldest first
}

func newRecent[V any](limit int) *recent[V] { return &recent[V]{limit: limit, values: map[string]V{}} }

// put stores a value under a key; a key that is there already grows no younger.
func (r *recent[V]) put(key string, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.values[key]; !ok {
		r.order = append(r.order, key)
	}
	r.values[key] = v
	for len(r.order) > r.limit {
		delete(r.values, r.order[0])
		r.order = r.order[1:]
	}
}

// get returns the value under a key, and whether there is one.
func (r *recent[V]) get(key string) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.values[key]
	return v, ok
}
