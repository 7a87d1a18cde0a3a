package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Erased stands where somebody's words or name stood before their data were erased.
const Erased = "(erased)"

// cutMark stands in a record for what was taken out of it, and belongs to one person.
const cutMark = "\x00"

// Passage is what a line of the journal says about one person, or about all who take part. The chain covers no more of it than a
// salted commitment, Hash, so that it can be erased and the chain still holds.
type Passage struct {
	Whose PersonID // "" is all who take part
	Salt  []byte   // nil where it was erased
	Hash  string   // of the salt and of what stands at Paths, hex
	Paths []string // where it stands in the line
}

// Personal is what a record says about people, by the names of the places where it stands.
type Personal map[PersonID]map[string]string

// personalRecord visits every place where something about a person may stand: whose it is, a name for the place that never
// changes, and whether it is about a person at all. What is visited may be set.
type personalRecord interface {
	eachPlace(visit func(whose PersonID, path string, personal bool, s *string))
}

// CutPersonal takes out of a record what is about people. The record must share nothing that it may not change.
func cutPersonal(r personalRecord) Personal {
	out := Personal{}
	r.eachPlace(func(whose PersonID, path string, personal bool, s *string) {
		if !personal || *s == "" {
			return
		}
		if out[whose] == nil {
			out[whose] = map[string]string{}
		}
		out[whose][path], *s = *s, cutMark
	})
	return out
}

// putPersonal puts it back, as far as it is there; the rest was erased. It returns the places of the rest.
func putPersonal(r personalRecord, kept Personal) (erased []string) {
	all := map[string]string{}
	for _, at := range kept {
		maps.Copy(all, at)
	}
	r.eachPlace(func(_ PersonID, path string, _ bool, s *string) {
		switch was, there := all[path]; {
		case there:
			*s = was
		case *s == cutMark:
			*s, erased = Erased, append(erased, path)
		}
	})
	return erased
}

// CutPersonal is a copy of the entry without what is about people, and that.
func (e *Entry) CutPersonal() (Entry, Personal) {
	cut := e.own()
	parts := Personal{}
	for _, p := range e.Passages {
		parts[p.Whose] = map[string]string{}
	}
	cut.eachOfPassages(func(i int, path string, s *string) {
		if e.Passages[i].Salt != nil {
			parts[e.Passages[i].Whose][path] = *s
		}
		*s = cutMark
	})
	return cut, parts
}

// PutPersonal puts back what was taken out, and says in Passages where each stands.
func (e *Entry) PutPersonal(kept Personal) {
	erased := putPersonal(e, kept)
	for i := range e.Passages {
		p := &e.Passages[i]
		switch at, there := kept[p.Whose]; {
		case there:
			p.Paths = slices.Sorted(maps.Keys(at))
		default:
			p.Salt, p.Paths, erased = nil, erased, nil // whose which of them was, nobody can tell any more
		}
	}
}

// Commit says in Passages what the entry says about whom, each with the salt that is given for it. whose says whose the words
// in a fact are; nil: the actor's.
func (e *Entry) Commit(salt func(whose PersonID) []byte, whose func(words string) PersonID) {
	own := e.own()
	cut := cutPersonal(&ownedEntry{&own, whose})
	e.Form, e.Passages = 1, nil
	for _, whose := range slices.Sorted(maps.Keys(cut)) {
		p := Passage{Whose: whose, Salt: salt(whose), Paths: slices.Sorted(maps.Keys(cut[whose]))}
		p.Hash = p.commitment(cut[whose])
		e.Passages = append(e.Passages, p)
	}
}

// ownedEntry is an entry of which is known whose words its facts are.
type ownedEntry struct {
	*Entry
	whose func(words string) PersonID
}

func (e *ownedEntry) eachPlace(visit func(whose PersonID, path string, personal bool, s *string)) {
	if e.whose == nil {
		e.Entry.eachPlace(visit)
		return
	}
	e.eachPlaceOf(e.whose, visit)
}

// commitment is the hash of a part's salt and of what it says.
func (p *Passage) commitment(at map[string]string) string {
	var b []byte
	b = append(b, "nevermind part 1\n"...)
	b = append(strconv.AppendInt(b, int64(len(p.Salt)), 10), p.Salt...)
	for _, path := range p.Paths {
		for _, s := range []string{path, at[path]} {
			b = append(append(strconv.AppendInt(b, int64(len(s)), 10), ','), s...)
		}
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// addPassages adds to a digest the commitments of an entry: those of what was erased as they are kept, the others made anew.
func (e *Entry) addPassages(d *Digest, said []map[string]string) {
	for i := range e.Passages {
		p := &e.Passages[i]
		hash := p.Hash
		if p.Salt != nil {
			hash = p.commitment(said[i])
		}
		d.Add("part", string(p.Whose), hash)
	}
}

// HoldsAnchor says whether a line that an older version wrote says what it said then: prev is the hash that the line before had.
// It cannot be told of one of which something was erased.
func (e *Entry) HoldsAnchor(prev string) bool {
	then := *e
	then.Form, then.Passages, then.Before, then.Prev = 0, nil, "", prev
	return then.Sum() == e.Before
}

// eachOfPassages visits what stands at the places of the entry's parts.
func (e *Entry) eachOfPassages(visit func(part int, path string, s *string)) {
	of := map[string]int{}
	for i := range e.Passages {
		for _, path := range e.Passages[i].Paths {
			of[path] = i
		}
	}
	e.eachPlace(func(_ PersonID, path string, _ bool, s *string) {
		if i, there := of[path]; there {
			visit(i, path, s)
		}
	})
}

// own is a copy of the entry that shares nothing that eachPlace may change.
func (e *Entry) own() Entry {
	own := *e
	own.Event.Facts, own.Learned = maps.Clone(e.Event.Facts), maps.Clone(e.Learned)
	own.Event.Files = slices.Clone(e.Event.Files)
	own.Used.People = slices.Clone(e.Used.People)
	for i := range own.Used.People {
		p := &own.Used.People[i]
		p.Accounts, p.Rooms, p.Shut = slices.Clone(p.Accounts), slices.Clone(p.Rooms), slices.Clone(p.Shut)
		p.Former = slices.Clone(p.Former)
	}
	if e.Used.Order != nil {
		o := e.Used.Order.Clone()
		own.Used.Order = &o
	}
	return own
}

// eachPlace visits what an entry says about people: whoever acted, the people and the order that the turn looked at.
func (e *Entry) eachPlace(visit func(whose PersonID, path string, personal bool, s *string)) {
	e.eachPlaceOf(func(string) PersonID { return e.Event.Actor }, visit)
}

func (e *Entry) eachPlaceOf(whose func(words string) PersonID,
	visit func(whose PersonID, path string, personal bool, s *string)) {
	actor := e.Event.Actor
	visit("", "h", true, &e.Before) // whoever has it and all but a word or two of the line could guess those
	visit(actor, "t", true, &e.Event.Text)
	visit(actor, "r", true, (*string)(&e.Event.Room))
	for i := range e.Event.Files {
		visit(actor, "n"+strconv.Itoa(i), true, &e.Event.Files[i].Name)
	}
	eachFact(e.Event.Facts, "f", func(name string) PersonID { return whose(e.Event.Facts[name]) }, visit)
	eachFact(e.Learned, "l", func(name string) PersonID { return whose(e.Learned[name]) }, visit)
	for i := range e.Used.People {
		e.Used.People[i].eachPlace("p"+strconv.Itoa(i), visit)
	}
	if e.Used.Order != nil {
		e.Used.Order.eachPlace(visit)
	}
}

// eachFact visits the facts that are somebody's words or name.
func eachFact(f Facts, prefix string, whose func(name string) PersonID,
	visit func(whose PersonID, path string, personal bool, s *string)) {
	for name, value := range f {
		if value == "" {
			continue // a fact forgotten
		}
		of := whose(name)
		if aboutAll[name] {
			of = ""
		}
		now := value
		if visit(of, prefix+name, PersonalFact(name), &now); now != value {
			f[name] = now
		}
	}
}

// eachPlace visits what is about a person. Language, zone and quiet hours are no secrets, and turns are made by them.
func (p *Person) eachPlace(prefix string, visit func(whose PersonID, path string, personal bool, s *string)) {
	visit(p.ID, prefix+"n", true, &p.Name)
	for i := range p.Accounts {
		visit(p.ID, prefix+"a"+strconv.Itoa(i), true, &p.Accounts[i])
	}
	for i := range p.Rooms {
		visit(p.ID, prefix+"r"+strconv.Itoa(i), p.ID != Desk, (*string)(&p.Rooms[i]))
	}
	for i := range p.Shut {
		visit(p.ID, prefix+"s"+strconv.Itoa(i), p.ID != Desk, (*string)(&p.Shut[i]))
	}
	for i := range p.Former {
		visit(p.ID, prefix+"f"+strconv.Itoa(i), true, &p.Former[i])
	}
}

// eachPlace visits what of an order is about its buyer: what was bought, and where it is found. The return address is the
// seller's. Amounts, times, quantities and codes of parcels stay: books and proofs of shipping are kept by law.
func (o *Order) eachPlace(visit func(whose PersonID, path string, personal bool, s *string)) {
	buyers := func(path string, s *string) { visit(o.Buyer, path, true, s) }
	buyers("ou", &o.URL)
	buyers("op", &o.PayURL)
	buyers("oc", &o.Coupon.Code)
	visit(o.Seller, "oa", true, &o.ReturnAddress)
	for i := range o.Items {
		n := strconv.Itoa(i)
		buyers("ot"+n, &o.Items[i].Title)
		buyers("oi"+n, &o.Items[i].Image)
		buyers("ol"+n, &o.Items[i].URL)
	}
	for i := range o.Discounts {
		buyers("od"+strconv.Itoa(i), &o.Discounts[i].Code)
	}
	for i := range o.Parcels {
		buyers("ow"+strconv.Itoa(i), &o.Parcels[i].URL)
	}
	for i := range o.Book {
		buyers("ob"+strconv.Itoa(i), &o.Book[i].Detail)
	}
}

// CutPersonal is a copy of the order without what is about people, and that.
func (o *Order) CutPersonal() (Order, Personal) {
	cut := o.Clone()
	return cut, cutPersonal(&cut)
}

// PutPersonal puts it back.
func (o *Order) PutPersonal(kept Personal) { putPersonal(o, kept) }

// CutPersonal is a copy of a record without what is about people, and that. A talk is one person's as a whole.
func (c *Conversation) CutPersonal() (Conversation, Personal) {
	cut := *c
	cut.Facts = maps.Clone(c.Facts)
	cut.Offers = slices.Clone(c.Offers)
	for i := range cut.Offers {
		cut.Offers[i].Facts = maps.Clone(cut.Offers[i].Facts)
	}
	cut.Exhibits, cut.Live, cut.Shown = slices.Clone(c.Exhibits), slices.Clone(c.Live), slices.Clone(c.Shown)
	return cut, cutPersonal(&cut)
}

// PutPersonal puts it back. A room that was erased is none.
func (c *Conversation) PutPersonal(kept Personal) {
	putPersonal(c, kept)
	gone := func(r Room) bool { return r == Erased }
	c.Live, c.Shown = slices.DeleteFunc(c.Live, gone), slices.DeleteFunc(c.Shown, gone)
}

// eachPlace visits what a record says about people.
func (c *Conversation) eachPlace(visit func(whose PersonID, path string, personal bool, s *string)) {
	eachFact(c.Facts, "f", func(name string) PersonID { return c.Whose[name] }, visit)
	for i := range c.Offers {
		eachFact(c.Offers[i].Facts, "b"+strconv.Itoa(i)+".", func(string) PersonID { return "" }, visit)
	}
	for i := range c.Exhibits {
		x := &c.Exhibits[i]
		whose := c.Parties[x.By]
		if agent, known := c.Whose[FileOwner(x.Hash)]; known && x.By == Support {
			whose = agent
		}
		visit(whose, "x"+strconv.Itoa(i), true, &x.Name)
	}
	for i := range c.Live {
		visit("", "r"+strconv.Itoa(i), true, (*string)(&c.Live[i]))
	}
	for i := range c.Shown {
		visit("", "s"+strconv.Itoa(i), true, (*string)(&c.Shown[i]))
	}
}

// FileOwner is the name in Conversation.Whose of the agent who has brought a file for support.
func FileOwner(hash string) string { return "file:" + hash }

// PersonalFact says whether a fact is somebody's words or name. What is counted, chosen or reckoned is not: what follows from it
// is decided again in a replay. The names are promises.
func PersonalFact(name string) bool {
	name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "held_"), "linked_"), "field_")
	if personalFacts[name] || aboutAll[name] {
		return true
	}
	for _, begin := range []string{"kept_by_", "said_by_"} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return strings.HasSuffix(name, "_note") || strings.HasSuffix(name, "_name")
}

var (
	personalFacts = factNames(
		"asked_by by call_note caller carrier dispatch evidence_ask failure finding grounds guest guest_account " +
			"hand_to note parcel_fault phone_caller rating_words reference reply_text rejection return_address return_carrier room " +
			"said_by snooze_by snooze_why story text words",
	)
	// aboutAll are facts in which the words of several stand.
	aboutAll = factNames("about form_look letters")
)

func factNames(list string) map[string]bool {
	all := map[string]bool{}
	for _, name := range strings.Fields(list) {
		all[name] = true
	}
	return all
}
