package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Entry is one line of the journal: one turn of one conversation.
type Entry struct {
	Conversation Key
	Seq          int // from 1
	At           time.Time
	Event        Event
	Flow         string
	From, To     string    // states of Flow; To is "<flow>.<state>" where a talk went on as another flow
	Visit        int       // after the turn
	Learned      Facts     // facts that changed; an empty value is a fact forgotten
	Rules        []string  // the rules that applied
	Policy       string    // the policy's version
	Used         Used      // what the turn looked at and the entry before did not show
	Decided      string    // hash of the tasks, deadlines and offered events, hex; empty in lines of older versions
	Worded       string    // hash of what was said, hex; empty in lines of older versions
	Output       string    // of older versions: one hash of replies, tasks and deadlines; empty since Decided and Worded
	Refused      string    // why nothing moved: one of the Refused constants; empty where something did
	Prev, Hash   string    // the chain, hex
	Before       string    // the hash that it had in an older version, which Hash covers: its anchor
	Form         int       // how its hashes are made: 0 in lines of older versions, which cover what people said as it stands
	Passages     []Passage // of Form 1: what it says about people, which the chain covers by commitments
}

// Used is what a turn looked at, kept so that it can be made again.
type Used struct {
	Order  *Order
	People []Person
}

// Sum is the hash of everything in the entry but Hash itself; of what it says about people, of commitments.
func (e *Entry) Sum() string {
	d := NewDigest()
	if len(e.Passages) > 0 {
		cut := e.own()
		said := make([]map[string]string, len(e.Passages))
		cut.eachOfPassages(func(i int, path string, s *string) {
			if said[i] == nil {
				said[i] = map[string]string{}
			}
			said[i][path], *s = *s, cutMark
		})
		e.addPassages(d, said)
		e = &cut
	}
	if e.Form > 0 || e.Before != "" {
		d.Add("form", strconv.Itoa(e.Form), e.Before)
	}
	d.Add(string(e.Conversation), strconv.Itoa(e.Seq), e.Flow, e.From, e.To, strconv.Itoa(e.Visit), e.Policy, e.Output,
		e.Refused, e.Prev)
	d.Time(e.At)
	v := &e.Event
	d.Add(v.ID, v.Name, string(v.By), string(v.Actor), string(v.Room), v.Text, v.Offer)
	d.Facts(v.Facts)
	for _, f := range v.Fields {
		d.Add(f.Name, f.Ask, string(f.Kind))
	}
	d.Files(v.Files)
	for _, name := range slices.Sorted(maps.Keys(v.Whose)) {
		d.Add("whose", name, string(v.Whose[name]))
	}
	d.Facts(e.Learned)
	d.Add(e.Rules...)
	if e.Decided != "" { // lines of older versions keep their hashes
		d.Add("decided", e.Decided, e.Worded)
	}
	if e.Used.Order != nil || len(e.Used.People) > 0 {
		if err := json.NewEncoder(d).Encode(e.Used.plain()); err != nil {
			panic(err) // plain values only
		}
	}
	return d.Hex()
}

// plain makes the times of what was used comparable, whatever store they come from.
func (u Used) plain() Used {
	if u.Order != nil {
		u.Order = u.Order.plain()
	}
	u.People = slices.Clone(u.People)
	for i := range u.People {
		u.People[i].Accounts = append([]string(nil), u.People[i].Accounts...)
		u.People[i].Rooms = append([]Room(nil), u.People[i].Rooms...)
	}
	return u
}

// plain is a copy with every time in UTC and every empty list as nil.
func (o *Order) plain() *Order {
	all := o.Clone()
	times := []*time.Time{&all.Placed, &all.Paid, &all.ShipBy, &all.Shipped, &all.DeliverBy, &all.Delivered, &all.Updated}
	for i := range all.Book {
		times = append(times, &all.Book[i].At)
	}
	for i := range all.Parcels {
		p := &all.Parcels[i]
		times = append(times, &p.Shipped, &p.DeliverBy, &p.Delivered, &p.Heard)
	}
	for i := range all.Adjustments {
		times = append(times, &all.Adjustments[i].At)
	}
	for _, at := range times {
		*at = at.UTC()
	}
	return &all
}

// Digest is a SHA-256 of lists of strings, length first, so that no two different lists look alike. Take one with NewDigest;
// Hex gives it back. Not safe for concurrent use.
type Digest struct {
	buf  []byte // all that was added: hashing it once is half the work of hashing each list
	keys []string
}

var digesters = sync.Pool{New: func() any { return &Digest{} }}

// NewDigest takes an empty digest from a pool; Hex puts it back.
func NewDigest() *Digest {
	d := digesters.Get().(*Digest)
	d.buf = d.buf[:0]
	return d
}

// Add takes in one list of strings.
func (d *Digest) Add(parts ...string) {
	d.buf = strconv.AppendInt(d.buf, int64(len(parts)), 10)
	for _, p := range parts {
		d.buf = strconv.AppendInt(append(d.buf, ','), int64(len(p)), 10)
	}
	d.buf = append(d.buf, ';')
	for _, p := range parts {
		d.buf = append(d.buf, p...)
	}
}

// Write takes in bytes as they are; it never fails.
func (d *Digest) Write(p []byte) (int, error) {
	d.buf = append(d.buf, p...)
	return len(p), nil
}

// Time hashes an instant, whatever its zone.
func (d *Digest) Time(at time.Time) { d.Add(strconv.FormatInt(at.UnixNano(), 10)) }

// Facts hashes facts in the order of their names.
func (d *Digest) Facts(f Facts) {
	d.Add(strconv.Itoa(len(f)))
	d.keys = slices.AppendSeq(d.keys[:0], maps.Keys(f))
	slices.Sort(d.keys)
	for _, k := range d.keys {
		d.Add(k, f[k])
	}
}

// Files hashes files; it adds nothing where there are none: journals written before there were files keep their hashes.
func (d *Digest) Files(files []File) {
	for i := range files {
		f := &files[i]
		d.Add("file", f.Hash, f.Name, f.Type, strconv.FormatInt(f.Size, 10))
		d.Time(f.At)
	}
}

// Hex returns the hash in lower-case hex and gives the digest back to its pool: it must not be used again.
func (d *Digest) Hex() string {
	sum := sha256.Sum256(d.buf)
	digesters.Put(d)
	return hex.EncodeToString(sum[:])
}
