package bolt

import (
	"bytes"
	"cmp"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// tree is a bucket as it is stored, keys hashed and values encrypted: the file's own, and over it what the log holds beyond it.
// Where no log is attached it is the file's alone.
type tree struct {
	tx   *transaction
	in   bucket
	file *bbolt.Bucket // nil until it is asked
	at   *bbolt.Cursor // of the writer, which looks up much in one transaction
}

// stored is the bucket in the file.
func (t *tree) stored() *bbolt.Bucket {
	if t.file == nil {
		t.file = t.tx.Bucket(bucketNames[t.in])
	}
	return t.file
}

// Get returns what is stored under a key, nil where there is nothing.
func (t *tree) Get(key []byte) []byte {
	if c := t.tx.find(t.in, key); c != nil {
		return c.value
	}
	if t.tx.group == nil {
		return t.stored().Get(key)
	}
	if t.at == nil {
		t.at = t.stored().Cursor()
	}
	if k, v := t.at.Seek(key); bytes.Equal(k, key) {
		return v
	}
	return nil
}

// Put stores a copy of a value.
func (t *tree) Put(key, value []byte) error {
	if t.tx.group == nil {
		return t.stored().Put(key, value)
	}
	return t.putOwn(bytes.Clone(key), append(make([]byte, 0, len(value)), value...))
}

// putOwn stores a value that nobody changes any more. The limits are bbolt's, so that a checkpoint finds none.
func (t *tree) putOwn(key, value []byte) error {
	switch {
	case t.tx.group == nil:
		return t.stored().Put(key, value)
	case len(key) == 0:
		return berrors.ErrKeyRequired
	case len(key) > bbolt.MaxKeySize:
		return berrors.ErrKeyTooLarge
	case len(value) > bbolt.MaxValueSize:
		return berrors.ErrValueTooLarge
	}
	t.tx.group.add(&change{t.in, key, value})
	return nil
}

// Delete removes a key; one that is not there is no error.
func (t *tree) Delete(key []byte) error {
	if t.tx.group == nil {
		return t.stored().Delete(key)
	}
	t.tx.group.add(&change{t.in, bytes.Clone(key), nil})
	return nil
}

// ForEach visits everything in order.
func (t *tree) ForEach(visit func(k, v []byte) error) error {
	c := t.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if err := visit(k, v); err != nil {
			return err
		}
	}
	return nil
}

// Sequence is the last number that NextSequence has given. Of all buckets only tasks has any.
func (t *tree) Sequence() uint64 {
	if t.tx.over == nil || t.in != tasks {
		return t.stored().Sequence()
	}
	return t.tx.last
}

// SetSequence changes it.
func (t *tree) SetSequence(n uint64) error {
	if t.tx.group == nil {
		return t.stored().SetSequence(n)
	}
	t.tx.last = n
	return nil
}

// NextSequence gives the next number.
func (t *tree) NextSequence() (uint64, error) {
	if t.tx.group == nil {
		return t.stored().NextSequence()
	}
	t.tx.last++
	return t.tx.last, nil
}

// Cursor goes through the tree in order.
func (t *tree) Cursor() *treeCursor { return &treeCursor{t: t, file: t.stored().Cursor()} }

// treeCursor is a place in a tree, which moves as bbolt's do: through the file's keys and those of each layer side by side, the
// newest first where several have the same one.
type treeCursor struct {
	t      *tree
	file   *bbolt.Cursor
	k, v   []byte     // where the file's own cursor stands
	layers [2]*change // where those of the layers stand
	at     []byte     // where this one stands; nil at either end
	back   bool       // the others stand at it or before it, not behind
}

// First moves to the first key.
func (c *treeCursor) First() (k, v []byte) {
	tx := c.t.tx
	if tx.over == nil {
		return c.file.First()
	}
	if c.t.in != deadlines || tx.group != nil {
		c.k, c.v = c.file.First()
		return c.from(nil, false)
	}
	if soonest := tx.over.soonest.Load(); soonest != nil {
		k, v = c.Seek([]byte(*soonest))
	} else {
		c.k, c.v = c.file.First()
		k, v = c.from(nil, false)
	}
	soonest := cmp.Or(string(k), aboveAllTimes)
	tx.over.soonest.Store(&soonest)
	return k, v
}

// aboveAllTimes is a key behind all that begin with a time.
const aboveAllTimes = "\xff\xff\xff\xff\xff\xff\xff\xff\xff"

// Last moves to the last key.
func (c *treeCursor) Last() (k, v []byte) {
	if c.t.tx.over == nil {
		return c.file.Last()
	}
	c.k, c.v = c.file.Last()
	return c.to(nil, true)
}

// Seek moves to a key, or the next one where it is not there.
func (c *treeCursor) Seek(key []byte) (k, v []byte) {
	if c.t.tx.over == nil {
		return c.file.Seek(key)
	}
	c.k, c.v = c.file.Seek(key)
	return c.from(key, false)
}

// Next moves on.
func (c *treeCursor) Next() (k, v []byte) {
	switch {
	case c.t.tx.over == nil:
		return c.file.Next()
	case c.at == nil:
		return nil, nil
	case c.back:
		if c.k, c.v = c.file.Seek(c.at); bytes.Equal(c.k, c.at) {
			c.k, c.v = c.file.Next()
		}
		return c.from(c.at, true)
	}
	c.step()
	return c.settle()
}

// Prev moves back.
func (c *treeCursor) Prev() (k, v []byte) {
	switch {
	case c.t.tx.over == nil:
		return c.file.Prev()
	case c.at == nil:
		return nil, nil
	case !c.back:
		if k, _ := c.file.Seek(c.at); k == nil {
			c.k, c.v = c.file.Last()
		} else {
			c.k, c.v = c.file.Prev()
		}
		return c.to(c.at, false)
	}
	c.step()
	return c.settle()
}

// from places the layers at a key or above it, or only above.
func (c *treeCursor) from(key []byte, only bool) (k, v []byte) {
	c.back, c.layers = false, [2]*change{}
	for i, layer := range c.t.tx.layers {
		c.layers[i] = c.t.tx.above(layer, c.t.in, key, only)
	}
	return c.settle()
}

// to places the layers below a key, or at their last.
func (c *treeCursor) to(key []byte, last bool) (k, v []byte) {
	c.back, c.layers = true, [2]*change{}
	for i, layer := range c.t.tx.layers {
		c.layers[i] = c.t.tx.below(layer, c.t.in, key, last)
	}
	return c.settle()
}

// step moves on, or back, whoever stands at the cursor's own key.
func (c *treeCursor) step() {
	if bytes.Equal(c.k, c.at) && c.k != nil {
		if c.back {
			c.k, c.v = c.file.Prev()
		} else {
			c.k, c.v = c.file.Next()
		}
	}
	for i, layer := range c.t.tx.layers {
		switch {
		case c.layers[i] == nil || !bytes.Equal(c.layers[i].key, c.at):
		case c.back:
			c.layers[i] = c.t.tx.below(layer, c.t.in, c.at, false)
		default:
			c.layers[i] = c.t.tx.above(layer, c.t.in, c.at, true)
		}
	}
}

// settle moves to the key that comes first of all, and passes over those that were deleted.
func (c *treeCursor) settle() (k, v []byte) {
	for {
		var value []byte
		c.at = nil
		for _, l := range c.layers {
			if l != nil && c.nearer(l.key) {
				c.at, value = l.key, l.value
			}
		}
		if c.k != nil && c.nearer(c.k) {
			c.at, value = c.k, c.v
		}
		if c.at == nil || value != nil {
			return c.at, value
		}
		c.step()
	}
}

// nearer says whether a key comes before the one found so far.
func (c *treeCursor) nearer(key []byte) bool {
	if c.at == nil {
		return true
	}
	order := bytes.Compare(key, c.at)
	return order < 0 && !c.back || order > 0 && c.back
}
