package bolt

import (
	"bytes"
	"encoding/binary"
	"time"

	"nevermind/bot"
)

// bucket is one of the sorted tables in the file; the number is this program's, the name in
// bucketNames is what is stored.
type bucket int

// Every bucket with its key and value. "+" joins parts; a name before another part carries its
// length, so that no two keys can be taken for each other; seq and times are big-endian, so that
// they sort. A value of nothing belongs to an index (indexes.go).
const (
	// What the store knows about itself.
	meta bucket = iota // word → number: the schema version, how often it was opened, a migration's progress

	// Conversations and their journals lie side by side, so that a turn touches one page.
	conversations // key + journalPart + seq → entry; key + recordPart → version and conversation

	// What is kept to deduplicate, and to answer a press whenever it comes.
	handled // id of a message, task or deadline → when it was handled
	tokens  // press token → when, how it was last seen, key of the conversation; see offers

	// Indexes that follow from conversations.
	terms     // term + key → nothing
	deadlines // when + key + name + event + visit → nothing

	// What the shop says, and who people are.
	orders   // id → version and order
	ordersOf // person + placed + id → nothing
	people   // id → version and person
	accounts // account → person's id

	// The outbox. A task stands in tasks, and besides in waiting while it is in its lane.
	tasks    // seq → how it ended, where it has, and the part that never changes; its sequence numbers messages too
	taskIDs  // id → seq; see taskGroups
	waiting  // seq → not before, made, attempts, lane
	outcomes // seq → how it ended, and when: of older versions

	// What was said in rooms.
	roomLog // room + seq → when, and the message; a time alone, or nothing, is the reply of the task with that seq
	//         room + sentPart + ref → key of the conversation that spoke
	//         room + cardPart + key → the card's live message
	sent  // room + ref → key of the conversation that spoke: of older versions
	cards // room + key → the card's live message: of older versions

	values      // name → value
	deadLetters // seq → nothing: an index of the outcomes that are dead letters

	// The tokens of the form that turns make, those of one turn together.
	offers // a token's first 8 bytes + key of the conversation → when, how it was last seen, the other 14 bytes of each

	// The ids of the form that turns make, those of one commit together.
	taskGroups // an id's first 8 bytes + seq of the first → two more bytes of each, in the order of their seqs

	names        // a name's keyed hash → the name, in an encrypted file; see hashed_keys.go
	subjectSlots // who or what a personal key belongs to → its slot in the key ring; see personal.go
	buckets      // how many there are
)

// bucketNames are the names in the file. They are promises: a renamed bucket would be an empty one.
var bucketNames = [buckets][]byte{
	[]byte("meta"), []byte("conversations"), []byte("handled"), []byte("tokens"), []byte("terms"), []byte("deadlines"),
	[]byte("orders"), []byte("orders_of"), []byte("people"), []byte("accounts"), []byte("tasks"), []byte("task_ids"),
	[]byte("waits"), []byte("ends"), []byte("said"), []byte("sent"), []byte("cards"), []byte("values"),
	[]byte("dead"), []byte("offers"), []byte("asked"), []byte("names"), []byte("subjects"),
}

// appendOnly says which buckets grow at their end, by sequence number or by ids that begin with a
// time: their pages are filled almost to the brim.
var appendOnly = [buckets]bool{tasks: true, waiting: true, outcomes: true, offers: true, taskGroups: true}

// The two kinds of key under a conversation's name; the journal stands before the conversation itself.
const (
	journalPart byte = 1
	recordPart  byte = 2
)

// conversationKey is where a conversation's record stands.
func conversationKey(k bot.Key) []byte { return append(withLength(string(k)), recordPart) }

// entryKey is where a journal entry stands, by its number.
func entryKey(k bot.Key, seq int) []byte {
	return binary.BigEndian.AppendUint64(append(withLength(string(k)), journalPart), uint64(seq))
}

// roomKey is where a message or reply stands in a room's log.
func roomKey(room bot.Room, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(withLength(string(room)), seq)
}

// What stands below a room's log. Sequence numbers begin below 0x80, so the log ends where they do.
const (
	sentPart byte = 0xf0
	cardPart byte = 0xf1
)

// inLog says whether the rest of a key below a room belongs to its log.
func inLog(rest []byte) bool { return rest[0] < sentPart }

// sentKey is where the sender of a message is found, by the ref that the platform gave it.
func sentKey(room bot.Room, ref bot.Ref) []byte {
	return append(append(withLength(string(room)), sentPart), ref...)
}

// cardKey is where a card's live message in a room is found.
func cardKey(room bot.Room, card bot.Key) []byte {
	return append(append(withLength(string(room)), cardPart), card...)
}

// roomValue reads what stands at a key of sentKey or cardKey, or in the bucket in which older versions
// kept it, which had no part in its keys. get reads a bucket.
func roomValue(get func(n bucket, key []byte) []byte, older bucket, room bot.Room, key []byte) []byte {
	if v := get(roomLog, key); v != nil {
		return v
	}
	part := 2 + len(room)
	return get(older, append(bytes.Clone(key[:part]), key[part+1:]...))
}

// getIn reads buckets within a transaction.
func getIn(tx *transaction) func(n bucket, key []byte) []byte {
	return func(n bucket, key []byte) []byte {
		if tx.drained[n] {
			return nil
		}
		return bucketIn(tx, n).Get(key)
	}
}

// seqKey is a sequence number as a key of 8 bytes.
func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

// seqOf reads the number from the first 8 bytes.
func seqOf(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

// withLength begins a longer key with a name: its length in 2 bytes, then the name.
func withLength(s string) []byte { return appendName(make([]byte, 0, 2+len(s)+16), s) }

// appendName adds a name with its length to a key.
func appendName(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
}

// cutName takes a name off the front of a key again.
func cutName(b []byte) (s string, rest []byte) {
	n := 2 + int(binary.BigEndian.Uint16(b))
	return string(b[2:n]), b[n:]
}

// timeKey writes a time in 8 bytes so that earlier sorts before later, the zero time before all.
func timeKey(t time.Time) []byte { return appendInstant(make([]byte, 0, 8), toInstant(t)) }

// appendInstant adds a time to a key. The sign bit is flipped, so that times before 1970 sort
// before those after it as unsigned bytes.
func appendInstant(b []byte, i instant) []byte {
	if i == 0 {
		return binary.BigEndian.AppendUint64(b, 0)
	}
	return binary.BigEndian.AppendUint64(b, uint64(i)^1<<63)
}

// instantOf reads what appendInstant has written.
func instantOf(b []byte) instant {
	n := binary.BigEndian.Uint64(b)
	if n == 0 {
		return 0
	}
	return instant(n ^ 1<<63)
}

// scanForward visits the keys that begin with prefix in ascending order, from the first one above
// prefix+after, until f returns false. f gets the key without the prefix, and the value. Prefix is of whole
// parts of a key.
func scanForward(b *table, prefix, after []byte, f func(rest, v []byte) bool) {
	begin, parts := b.stored(prefix)
	from := begin
	if len(after) > 0 {
		from, _ = b.stored(append(bytes.Clone(prefix), after...))
	}
	c := b.Bucket.Cursor()
	k, v := c.Seek(from)
	if len(after) > 0 && bytes.Equal(k, from) {
		k, v = c.Next()
	}
	for ; bytes.HasPrefix(k, begin) && f(b.readBehind(k, v, len(begin), parts)); k, v = c.Next() {
	}
}

// scanBackward visits the keys that begin with prefix in descending order, from the last one below
// prefix+below, or from the very last where below is empty, until f returns false.
func scanBackward(b *table, prefix, below []byte, f func(rest, v []byte) bool) {
	begin, parts := b.stored(prefix)
	to := append(bytes.Clone(begin), bytes.Repeat([]byte{0xff}, 9)...) // above any time
	if len(below) > 0 {
		to, _ = b.stored(append(bytes.Clone(prefix), below...))
	}
	c := b.Bucket.Cursor()
	back := c.Prev
	if k, _ := c.Seek(to); k == nil {
		back = c.Last
	}
	for k, v := back(); bytes.HasPrefix(k, begin) && f(b.readBehind(k, v, len(begin), parts)); k, v = c.Prev() {
	}
}
