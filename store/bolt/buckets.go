package bolt

import (
	"bytes"
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/bot"
)

// bucket is one of the sorted tables in the file.
type bucket int

// Every bucket with its key and value. "+" joins; a name before another part carries its length, so that no two keys
// can be taken for each other; seq and times are big-endian, so that they sort.
const (
	meta          bucket = iota // word → number: schema, opens
	conversations               // key + journal + seq → entry; key + latest → conversation: a turn touches one page
	handled                     // id → when
	tokens                      // token → when, lateness, key of the conversation
	terms                       // term + key → nothing
	deadlines                   // when + key + name + event + visit → nothing
	orders                      // id → order
	ordersOf                    // person + placed + id → nothing
	people                      // id → person
	accounts                    // account → person's id
	tasks                       // seq → task; never changed, and counts the seqs
	taskIDs                     // id → seq
	waits                       // seq → not before, made, attempts, lane: tasks still in their lane
	outcomes                    // seq → what became of it
	roomLog                     // room + seq → when, and the message; a reply is the task of that seq
	sent                        // room + ref → key of the conversation that spoke
	cards                       // room + key → card
	values                      // name → value
	deadLetters                 // seq → nothing: tasks that are set aside
	buckets                     // how many there are
)

var bucketNames = [buckets][]byte{
	[]byte("meta"), []byte("conversations"), []byte("handled"), []byte("tokens"), []byte("terms"), []byte("deadlines"),
	[]byte("orders"), []byte("orders_of"), []byte("people"), []byte("accounts"), []byte("tasks"), []byte("task_ids"),
	[]byte("waits"), []byte("ends"), []byte("said"), []byte("sent"), []byte("cards"), []byte("values"),
	[]byte("dead"),
}

// appendOnly says which buckets only ever grow at their end: their pages are filled almost to the brim.
var appendOnly = [buckets]bool{tasks: true, waits: true, outcomes: true}

// bucketIn opens a bucket for reading.
func bucketIn(tx *bbolt.Tx, b bucket) *bbolt.Bucket { return tx.Bucket(bucketNames[b]) }

// The two kinds of key under a conversation's name; the journal stands before the conversation itself.
const (
	journalPart byte = 1
	recordPart  byte = 2
)

func conversationKey(k bot.Key) []byte { return append(withLength(string(k)), recordPart) }

func entryKey(k bot.Key, seq int) []byte {
	return binary.BigEndian.AppendUint64(append(withLength(string(k)), journalPart), uint64(seq))
}

func saidKey(room bot.Room, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(withLength(string(room)), seq)
}

func sentKey(room bot.Room, ref bot.Ref) []byte { return append(withLength(string(room)), ref...) }

func cardKey(room bot.Room, card bot.Key) []byte { return append(withLength(string(room)), card...) }

func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

func seqOf(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

// withLength is the first part of a longer key.
func withLength(s string) []byte { return appendName(make([]byte, 0, 2+len(s)+16), s) }

func appendName(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
}

// cutName takes a name off the front of a key again.
func cutName(b []byte) (s string, rest []byte) {
	n := 2 + int(binary.BigEndian.Uint16(b))
	return string(b[2:n]), b[n:]
}

// timeKey writes a time so that earlier sorts before later, the zero time before all.
func timeKey(t time.Time) []byte { return appendInstant(make([]byte, 0, 8), toInstant(t)) }

func appendInstant(b []byte, i instant) []byte {
	if i == 0 {
		return binary.BigEndian.AppendUint64(b, 0)
	}
	return binary.BigEndian.AppendUint64(b, uint64(i)^1<<63)
}

func instantOf(b []byte) instant {
	n := binary.BigEndian.Uint64(b)
	if n == 0 {
		return 0
	}
	return instant(n ^ 1<<63)
}

// scanForward walks the keys that begin with prefix, from the first one above after, until f returns false.
func scanForward(b *bbolt.Bucket, prefix, after []byte, f func(rest, v []byte) bool) {
	from := append(bytes.Clone(prefix), after...)
	c := b.Cursor()
	k, v := c.Seek(from)
	if len(after) > 0 && bytes.Equal(k, from) {
		k, v = c.Next()
	}
	for ; bytes.HasPrefix(k, prefix) && f(k[len(prefix):], v); k, v = c.Next() {
	}
}

// scanBackward walks the keys that begin with prefix, from the last one below the given rest, or from the very last.
func scanBackward(b *bbolt.Bucket, prefix, below []byte, f func(rest, v []byte) bool) {
	to := append(bytes.Clone(prefix), below...)
	if len(below) == 0 {
		to = append(to, bytes.Repeat([]byte{0xff}, 9)...) // above any time
	}
	c := b.Cursor()
	back := c.Prev
	if k, _ := c.Seek(to); k == nil {
		back = c.Last
	}
	for k, v := back(); bytes.HasPrefix(k, prefix) && f(k[len(prefix):], v); k, v = c.Prev() {
	}
}
