package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
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
	From, To     string   // states of Flow; To is "<flow>.<state>" where a talk went on as another flow
	Visit        int      // after the turn
	Learned      Facts    // facts that changed; an empty value is a fact forgotten
	Rules        []string // the rules that applied
	Policy       string   // the policy's version
	Used         Used     // what the turn looked at and the entry before did not show
	Output       string   // hash of replies, tasks and deadlines, hex
	Refused      string   // why nothing moved: one of the Note constants; empty where something did
	Prev, Hash   string   // the chain, hex
}

// Used is what a turn looked at, kept so that it can be made again.
type Used struct {
	Order  *Order
	People []Person
}

// Sum is the hash of everything in the entry but Hash itself.
func (e *Entry) Sum() string {
	d := NewDigest()
	d.Add(string(e.Conversation), strconv.Itoa(e.Seq), e.Flow, e.From, e.To, strconv.Itoa(e.Visit), e.Policy, e.Output, e.Refused, e.Prev)
	d.Time(e.At)
	v := &e.Event
	d.Add(v.ID, v.Name, string(v.By), string(v.Actor), string(v.Room), v.Text, v.Offer)
	d.Facts(v.Facts)
	for _, f := range v.Fields {
		d.Add(f.Name, f.Ask, string(f.Kind))
	}
	d.Files(v.Files)
	d.Facts(e.Learned)
	d.Add(e.Rules...)
	if e.Used.Order != nil || len(e.Used.People) > 0 {
		if err := json.NewEncoder(d.Hash).Encode(e.Used.plain()); err != nil {
			panic(err) // plain values only
		}
	}
	return d.Hex()
}

// plain makes the times of what was used comparable, whatever store they come from.
func (u Used) plain() Used {
	if u.Order != nil {
		o := *u.Order
		for _, at := range []*time.Time{&o.Placed, &o.Paid, &o.ShipBy, &o.Shipped, &o.DeliverBy, &o.Delivered, &o.Updated} {
			*at = at.UTC()
		}
		o.Items, o.Book = append([]Item(nil), o.Items...), append([]Posting(nil), o.Book...)
		for i := range o.Book {
			o.Book[i].At = o.Book[i].At.UTC()
		}
		u.Order = &o
	}
	u.People = slices.Clone(u.People)
	for i := range u.People {
		u.People[i].Accounts = append([]string(nil), u.People[i].Accounts...)
		u.People[i].Rooms = append([]Room(nil), u.People[i].Rooms...)
	}
	return u
}

// digester hashes strings so that no two different lists look alike.
type Digest struct {
	hash.Hash
	buf  []byte
	keys []string
}

var digesters = sync.Pool{New: func() any { return &Digest{Hash: sha256.New()} }}

// newDigester takes one that goes back with its sum.
func NewDigest() *Digest {
	d := digesters.Get().(*Digest)
	d.Reset()
	return d
}

func (d *Digest) Add(parts ...string) {
	d.buf = strconv.AppendInt(d.buf[:0], int64(len(parts)), 10)
	for _, p := range parts {
		d.buf = strconv.AppendInt(append(d.buf, ','), int64(len(p)), 10)
	}
	d.buf = append(d.buf, ';')
	for _, p := range parts {
		d.buf = append(d.buf, p...)
	}
	d.Write(d.buf)
}

func (d *Digest) Time(at time.Time) { d.Add(strconv.FormatInt(at.UnixNano(), 10)) }

func (d *Digest) Facts(f Facts) {
	d.Add(strconv.Itoa(len(f)))
	d.keys = slices.AppendSeq(d.keys[:0], maps.Keys(f))
	slices.Sort(d.keys)
	for _, k := range d.keys {
		d.Add(k, f[k])
	}
}

// files adds nothing where there are none: journals written before there were files keep their hashes.
func (d *Digest) Files(files []File) {
	for i := range files {
		f := &files[i]
		d.Add("file", f.Hash, f.Name, f.Type, strconv.FormatInt(f.Size, 10))
		d.Time(f.At)
	}
}

func (d *Digest) Hex() string {
	d.buf = d.Sum(d.buf[:0])
	sum := hex.EncodeToString(d.buf)
	digesters.Put(d)
	return sum
}
