package record

import "sync"

// Recent keeps what was used lately: between one and two times limit entries. It forgets the older half at a time, so that what
// is used again and again stays, however much passes through. Safe for concurrent use.
type Recent[K comparable, V any] struct {
	limit    int
	mu       sync.RWMutex
	now, old map[K]V
}

// NewRecent makes one that keeps between limit and twice as many entries.
func NewRecent[K comparable, V any](limit int) *Recent[K, V] {
	return &Recent[K, V]{limit: limit, now: map[K]V{}}
}

// Get returns what is kept under a key.
func (r *Recent[K, V]) Get(key K) (v V, known bool) {
	aged := false
	r.mu.RLock()
	if v, known = r.now[key]; !known {
		_, aged = r.old[key]
	}
	r.mu.RUnlock()
	if known || !aged {
		return v, known
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, known = r.now[key]; known {
		return v, true
	}
	if v, known = r.old[key]; known { // not where all was forgotten meanwhile
		r.add(key, v)
	}
	return v, known
}

// Put keeps a value.
func (r *Recent[K, V]) Put(key K, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(key, v)
}

func (r *Recent[K, V]) add(key K, v V) {
	if len(r.now) >= r.limit {
		r.now, r.old = map[K]V{}, r.now
	}
	r.now[key] = v
}

// Forget forgets everything.
func (r *Recent[K, V]) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now, r.old = map[K]V{}, nil
}

// Drop forgets one key.
func (r *Recent[K, V]) Drop(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.now, key)
	delete(r.old, key)
}
