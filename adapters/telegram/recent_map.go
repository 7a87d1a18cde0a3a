package telegram

import "time"

// recentMap remembers a value for each of the keys that were set or asked for last.
//
// There are two generations: what is set goes into the recent one, and when that has limit keys, or is lifetime old, it
// becomes the older one, whose keys are dropped at once. So each call takes constant time, however many keys there are, and a
// key is remembered for at least lifetime unless limit others come sooner. A key that is asked for is remembered anew. It does
// not lock: who owns it calls it under a mutex.
type recentMap[K comparable, V any] struct {
	limit    int           // keys of one generation
	lifetime time.Duration // of one generation; 0 is until it is full

	recent, older map[K]V
	since         time.Time // when recent was begun
}

// set remembers a value for a key.
func (r *recentMap[K, V]) set(k K, v V, now time.Time) {
	r.rotate(now)
	r.recent[k] = v
}

// get is the value of a key; false where it is not remembered.
func (r *recentMap[K, V]) get(k K, now time.Time) (V, bool) {
	r.rotate(now)
	v, ok := r.recent[k]
	if ok {
		return v, true
	}
	if v, ok = r.older[k]; ok {
		r.recent[k] = v
	}
	return v, ok
}

// remove forgets a key.
func (r *recentMap[K, V]) remove(k K) {
	delete(r.recent, k)
	delete(r.older, k)
}

// rotate begins a new generation where the recent one is old enough or full.
func (r *recentMap[K, V]) rotate(now time.Time) {
	age, ages := now.Sub(r.since), r.lifetime > 0
	switch {
	case r.recent == nil || ages && age >= 2*r.lifetime:
		r.older = nil
	case ages && age >= r.lifetime || len(r.recent) >= r.limit:
		r.older = r.recent
	default:
		return
	}
	r.recent, r.since = map[K]V{}, now
}
