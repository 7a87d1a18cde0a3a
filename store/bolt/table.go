package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// database is the bbolt file with what encrypts it, and its log.
type database struct {
	*bbolt.DB
	secrets *secrets // nil in a file that is not encrypted
	wal     *wal     // nil until a store is open
	drained drained
}

// Close closes the file, its log and the key ring.
func (d *database) Close() error { return d.closeAs(false) }

// closeAs is Close; of a file that could not be written the log is left as it is.
func (d *database) closeAs(broken bool) (err error) {
	if d.secrets != nil {
		defer func() { err = errors.Join(err, closeRing(d.secrets.Ring)) }()
	}
	if d.wal != nil {
		err = catchDamage(func() error { return d.wal.close(broken) })
	}
	return errors.Join(err, d.DB.Close())
}

// closeRing closes a key ring that is to be closed.
func closeRing(ring PersonalKeys) error {
	if c, ok := ring.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// transaction is one of bbolt's, in which buckets are read and written as tables; where a log is attached, with what that holds
// beyond the file. The writer's is a group, which the log makes durable, and of bbolt's it only reads.
type transaction struct {
	*bbolt.Tx
	secrets *secrets
	over    *overlay   // nil where the file is all there is
	layers  []*changes // that lie over the file, the newest first
	both    [2]*changes
	group   *walGroup // of the writer
	last    uint64    // the sequence number that was given out last
	probe   change    // what a layer is searched for
	placed  [160]byte // the place of a value that is being encrypted or decrypted
	sought  [96]byte  // the key that is looked up
	drained drained
}

// drained says in which buckets of older versions nothing stands any more. Nothing ever comes into one again.
type drained [buckets]bool

// drainedIn looks which are.
func drainedIn(tx *transaction) (all drained) {
	for _, n := range []bucket{sent, cards} {
		k, _ := bucketIn(tx, n).Bucket.Cursor().First()
		all[n] = k == nil
	}
	return all
}

// newTransaction is a read transaction with what lies over the file.
func newTransaction(tx *bbolt.Tx, x *secrets, over *overlay) *transaction {
	t := &transaction{Tx: tx, secrets: x, over: over}
	if over != nil {
		t.last = over.last
		t.layer(over.latest, over.older)
	}
	return t
}

// layer lays changes over the file.
func (tx *transaction) layer(all ...*changes) {
	tx.layers = tx.both[:0]
	for _, c := range all {
		if c != nil && (c.Len() > 0 || tx.group != nil) {
			tx.layers = append(tx.layers, c)
		}
	}
}

// ID is the number of a transaction. A read transaction has that of the latest one that it sees.
func (tx *transaction) ID() uint64 {
	switch {
	case tx.over == nil:
		return uint64(tx.Tx.ID())
	case tx.group != nil:
		return tx.over.number + 1
	}
	return tx.over.number
}

// OnCommit has f called once the transaction is durable.
func (tx *transaction) OnCommit(f func()) {
	if tx.group == nil {
		tx.Tx.OnCommit(f)
		return
	}
	tx.group.after = append(tx.group.after, f)
}

// View runs f in a read transaction.
func (d *database) View(f func(tx *transaction) error) error {
	tx, err := d.begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	return f(tx)
}

// begin begins a read transaction.
func (d *database) begin() (*transaction, error) {
	if d.wal != nil {
		tx, err := d.wal.view(d.secrets)
		if err == nil {
			tx.drained = d.drained
		}
		return tx, err
	}
	tx, err := d.DB.Begin(false)
	return newTransaction(tx, d.secrets, nil), err
}

// Update runs f in a write transaction of the file itself, into which what the log holds is brought before.
func (d *database) Update(f func(tx *transaction) error) error {
	if d.wal != nil {
		if err := d.wal.checkpoint(); err != nil {
			return err
		}
	}
	return d.DB.Update(func(tx *bbolt.Tx) error { return f(newTransaction(tx, d.secrets, nil)) })
}

// table is a bucket as this package sees it: keys and values in the clear. In an encrypted file the names in a key stand there
// as keyed hashes (hashed_keys.go), and every value is encrypted for its place. What does not decrypt was damaged: that is a
// panic, as damage in bbolt is, and catchDamage makes ErrBroken of it.
type table struct {
	Bucket tree
	tx     *transaction
	n      bucket
}

// bucketIn opens a bucket; nil where an older file does not have it.
func bucketIn(tx *transaction, b bucket) *table {
	t := tx.table(b)
	if tx.over == nil && t.Bucket.stored() == nil {
		return nil
	}
	return &t
}

func (tx *transaction) table(b bucket) table { return table{tree{tx: tx, in: b}, tx, b} }

// encrypted says whether what stands in the table is encrypted. What the store knows about itself is not: its keys are there.
func (t *table) encrypted() bool { return t.tx.secrets != nil && t.n != meta }

// derived says whether the table is an index that says nothing but by its keys, and that Rebuild makes anew from the
// conversations: there is nothing in its values to encrypt, and nothing is lost by damage.
func (t *table) derived() bool { return t.n == terms || t.n == deadlines }

// Get returns what is stored under a key, nil where there is nothing.
func (t *table) Get(key []byte) []byte {
	if !t.encrypted() {
		return t.Bucket.Get(key)
	}
	k := t.seek(key)
	return t.open(k, t.Bucket.Get(k))
}

// seek is a key as it is stored, in the transaction's own memory until the next one.
func (t *table) seek(key []byte) []byte {
	if !t.encrypted() {
		return key
	}
	return appendKey(t.tx.sought[:0], t.tx.secrets, t.n, key)
}

// Has says whether something is stored under a key, whole or damaged.
func (t *table) Has(key []byte) bool { return t.Bucket.Get(t.seek(key)) != nil }

// open decrypts what stands under a stored key.
func (t *table) open(k, v []byte) []byte {
	if v == nil || !t.encrypted() || len(v) == 0 && t.derived() {
		return v
	}
	plain, err := t.tx.secrets.Keys.Decrypt(make([]byte, 0, len(v)), t.place(k), v)
	if err != nil {
		panic(fmt.Errorf("%w: a record in %s does not decrypt: %w", bot.ErrBroken, bucketNames[t.n], err))
	}
	return plain
}

// place is what a value is bound to: its bucket and stored key. It is the transaction's own memory until the next one.
func (t *table) place(k []byte) []byte {
	return append(append(append(t.tx.placed[:0], bucketNames[t.n]...), 0), k...)
}

// Put stores a value.
func (t *table) Put(key, value []byte) error {
	if !t.encrypted() {
		return t.Bucket.Put(key, value)
	}
	k, err := t.tx.keyToPut(t.n, key)
	if err != nil {
		return err
	}
	if len(value) == 0 && t.derived() {
		return t.Bucket.putOwn(k, emptyValue)
	}
	return t.Bucket.putOwn(k, t.encrypt(k, value))
}

// encrypt encrypts a value for its place under a stored key.
func (t *table) encrypt(k, value []byte) []byte {
	return t.tx.secrets.Keys.Encrypt(make([]byte, 0, len(value)+overhead), t.place(k), value)
}

// Delete removes a key; one that is not there is no error.
func (t *table) Delete(key []byte) error { return t.Bucket.Delete(t.seek(key)) }

// named is a key, or the beginning of one, as a cursor returns it: names that are not read back stand as their hashes.
func (t *table) named(key []byte) []byte {
	if !t.encrypted() {
		return key
	}
	out := make([]byte, 0, len(key)+unnamed)
	for _, p := range shapes[t.n] {
		if len(key) == 0 {
			return out
		}
		stored, rest := hashPart(t.tx.secrets, nil, p, key)
		if p == lengthNamed || p == lastNamed {
			out = append(out, key[:len(key)-len(rest)]...)
		} else {
			out, _ = t.tx.namePart(out, p, stored)
		}
		key = rest
	}
	return append(out, key...)
}

// stored is the beginning of a key, of whole parts, as it stands in the bucket, and the parts that follow it there; none where
// all that follows is as it is.
func (t *table) stored(prefix []byte) (begin []byte, parts []keyPart) {
	if !t.encrypted() {
		return prefix, nil
	}
	parts = shapes[t.n]
	for len(prefix) > 0 && len(parts) > 0 {
		open := parts[0] == asItIs || parts[0] == inRoom
		begin, prefix = hashPart(t.tx.secrets, begin, parts[0], prefix)
		if parts = parts[1:]; open {
			parts = nil
		}
	}
	return append(begin, prefix...), parts
}

// readBehind reads what stands under a stored key, and of that what is behind its first so many bytes.
func (t *table) readBehind(k, v []byte, n int, parts []keyPart) (rest, value []byte) {
	if !t.encrypted() {
		return k[n:], v
	}
	return t.tx.nameParts(parts, k[n:]), t.open(k, v)
}

// ForEach visits everything in the order in which it is stored.
func (t *table) ForEach(visit func(k, v []byte) error) error {
	c := t.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if err := visit(k, v); err != nil {
			return err
		}
	}
	return nil
}

// Cursor goes through a table in the order in which it is stored.
func (t *table) Cursor() *cursor { return &cursor{t: t, c: t.Bucket.Cursor()} }

// Readable is a cursor that passes over what was damaged, for work that goes through a whole table and must not end at one
// record.
func (t *table) Readable() *cursor {
	c := t.Cursor()
	c.passOver = true
	return c
}

// cursor is a place in a table.
type cursor struct {
	t        *table
	c        *treeCursor
	passOver bool
	damaged  [][]byte // the stored keys of what was passed over
}

// First, Last, Next and Prev move as bbolt's do.
func (c *cursor) First() (k, v []byte) { k, v = c.c.First(); return c.readOr(c.c.Next, k, v) }

// Last moves to the last key.
func (c *cursor) Last() (k, v []byte) { k, v = c.c.Last(); return c.readOr(c.c.Prev, k, v) }

// Next moves on.
func (c *cursor) Next() (k, v []byte) { k, v = c.c.Next(); return c.readOr(c.c.Next, k, v) }

// Prev moves back.
func (c *cursor) Prev() (k, v []byte) { k, v = c.c.Prev(); return c.readOr(c.c.Prev, k, v) }

// Seek moves to a key, or the one stored after where it would be. A part of a key will do where its names are whole.
func (c *cursor) Seek(key []byte) (k, v []byte) {
	k, v = c.c.Seek(c.t.seek(key))
	return c.readOr(c.c.Next, k, v)
}

// read makes a key of its names again, and decrypts the value.
func (c *cursor) read(k, v []byte) (key, value []byte) {
	if k == nil || !c.t.encrypted() {
		return k, v
	}
	return c.t.tx.nameKey(c.t.n, k), c.t.open(k, v)
}

// readOr reads what a cursor has come to; damage is passed over by on, where that is wanted.
func (c *cursor) readOr(on func() (k, v []byte), k, v []byte) (key, value []byte) {
	for c.passOver && k != nil {
		err := catchDamage(func() error {
			key, value = c.read(k, v)
			return nil
		})
		if err == nil {
			return key, value
		}
		c.damaged = append(c.damaged, bytes.Clone(k))
		k, v = on()
	}
	return c.read(k, v)
}
