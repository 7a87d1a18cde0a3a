package bolt

import "sync"

// recent keeps what was used lately: between one and two times limit entries. It forgets the older half at a time, so that what
// is used again and again stays, however much passes through. Safe for concurrent use.
type recent[K comparable, V any] struct {
	limit    int
	mu       sync.RWMutex
	now, old map[K]V
}

func newRecent[K comparable, V any](limit int) *recent[K, V] {
	return &recent[K, V]{limit: limit, now: map[K]V{}}
}

// get returns what is kept under a key.
func (r *recent[K, V]) get(key K) (v V, known bool) {
	r.mu.RLock()
	v, known = r.now[key]
	_, aged := r.old[key]
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

// put keeps a value.
func (r *recent[K, V]) put(key K, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(key, v)
}

func (r *recent[K, V]) add(key K, v V) {
	if len(r.now) >= r.limit {
		r.now, r.old = map[K]V{}, r.now
	}
	r.now[key] = v
}

// forget forgets everything.
func (r *recent[K, V]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now, r.old = map[K]V{}, nil
}
