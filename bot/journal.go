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

// finish writes the turn's line of the journal and chains it to the one before.
func (t *turn) finish(note string) Turn {
	v, c, e := t.v, &t.out.Conv, &t.out.Entry
	e.Conversation, e.Seq, e.At, e.Event = c.Key, c.Entries+1, v.Now, *v.Event
	e.Flow, e.From, e.To, e.Visit = t.hearer, t.from, c.State, c.Visit
	switch {
	case t.ended != "":
		e.To = t.ended
	case t.flow.Name != t.hearer:
		e.To = t.flow.Name + "." + c.State
	}
	e.Note, e.Policy, e.Prev = note, v.Policy.Version, c.Head
	slices.Sort(e.Rules)
	e.Rules = slices.Compact(e.Rules)
	if !t.flow.Talk {
		e.Learned = learned(t.old, c.Facts)
		e.Used = t.used()
	}
	e.Output = t.digest()
	t.sends()
	e.Hash = e.Sum()
	c.Entries, c.Head = e.Seq, e.Hash
	return t.out
}

// learned lists the facts that changed; a fact forgotten has an empty value.
func learned(old, now Facts) Facts {
	var diff Facts
	for _, m := range []struct{ a, b Facts }{{now, old}, {old, now}} {
		for k := range m.a {
			if old[k] != now[k] {
				if diff == nil {
					diff = Facts{}
				}
				diff[k] = now[k]
			}
		}
	}
	return diff
}

// used keeps the order and the people as this turn saw them, where the journal has not shown them so before.
func (t *turn) used() Used {
	var u Used
	c := &t.out.Conv
	saw := maps.Clone(c.Saw)
	if saw == nil {
		saw = map[string]int64{}
	}
	if o := t.v.Order; o != nil && saw["order"] != o.Version {
		u.Order, saw["order"] = o, o.Version
	}
	people := []*Person{t.v.Actor}
	for _, p := range parties {
		people = append(people, t.v.People[p])
	}
	for _, p := range people {
		if p == nil || p.ID == "" {
			continue
		}
		if version, shown := saw[string(p.ID)]; shown && version == p.Version {
			continue
		}
		saw[string(p.ID)] = p.Version
		u.People = append(u.People, *p)
	}
	c.Saw = saw
	return u
}

// digest is a hash of what the turn says, asks and waits for; ids and tokens do not count.
func (t *turn) digest() string {
	d := newDigester()
	for i := range t.out.Replies {
		r := &t.out.Replies[i]
		d.add(string(r.Room), string(r.Mode), string(r.Card), r.Title, r.Text, r.Quote)
		for _, b := range r.Choices {
			d.add(b.Label)
		}
		d.files(r.Files)
	}
	for i := range t.out.Tasks {
		k := &t.out.Tasks[i]
		d.add(k.Do, string(k.To), k.Event.Name, k.Event.Text)
		d.facts(k.Facts)
		d.facts(k.Event.Facts)
		d.files(k.Event.Files)
	}
	for _, l := range t.out.Conv.Deadlines {
		d.add(l.Name, l.Event)
		d.time(l.At)
	}
	return d.sum()
}

// Sum is the hash of everything in the entry but Hash itself.
func (e *Entry) Sum() string {
	d := newDigester()
	d.add(string(e.Conversation), strconv.Itoa(e.Seq), e.Flow, e.From, e.To, strconv.Itoa(e.Visit), e.Policy, e.Output, e.Note, e.Prev)
	d.time(e.At)
	v := &e.Event
	d.add(v.ID, v.Name, string(v.By), string(v.Actor), string(v.Room), v.Text, v.Offer)
	d.facts(v.Facts)
	for _, f := range v.Fields {
		d.add(f.Name, f.Ask, string(f.Kind))
	}
	d.files(v.Files)
	d.facts(e.Learned)
	d.add(e.Rules...)
	if e.Used.Order != nil || len(e.Used.People) > 0 {
		if err := json.NewEncoder(d.Hash).Encode(e.Used.plain()); err != nil {
			panic(err) // plain values only
		}
	}
	return d.sum()
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
type digester struct {
	hash.Hash
	buf  []byte
	keys []string
}

var digesters = sync.Pool{New: func() any { return &digester{Hash: sha256.New()} }}

// newDigester takes one that goes back with its sum.
func newDigester() *digester {
	d := digesters.Get().(*digester)
	d.Reset()
	return d
}

func (d *digester) add(parts ...string) {
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

func (d *digester) time(at time.Time) { d.add(strconv.FormatInt(at.UnixNano(), 10)) }

func (d *digester) facts(f Facts) {
	d.add(strconv.Itoa(len(f)))
	d.keys = slices.AppendSeq(d.keys[:0], maps.Keys(f))
	slices.Sort(d.keys)
	for _, k := range d.keys {
		d.add(k, f[k])
	}
}

// files adds nothing where there are none: journals written before there were files keep their hashes.
func (d *digester) files(files []File) {
	for i := range files {
		f := &files[i]
		d.add("file", f.Hash, f.Name, f.Type, strconv.FormatInt(f.Size, 10))
		d.time(f.At)
	}
}

func (d *digester) sum() string {
	d.buf = d.Sum(d.buf[:0])
	sum := hex.EncodeToString(d.buf)
	digesters.Put(d)
	return sum
}
