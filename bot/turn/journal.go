package turn

import (
	"crypto/sha256"
	"maps"

	"nevermind/bot"
)

// learned lists the facts that changed; a fact forgotten has an empty value.
func learned(old, now bot.Facts) bot.Facts {
	var diff bot.Facts
	differs := func(name string) {
		if diff == nil {
			diff = bot.Facts{}
		}
		diff[name] = now[name]
	}
	for name, value := range now {
		if old[name] != value {
			differs(name)
		}
	}
	for name, value := range old {
		if _, still := now[name]; !still && value != "" {
			differs(name)
		}
	}
	return diff
}

// used keeps the order and the people as this turn saw them, where the journal has not shown them so before.
func (t *turn) used() bot.Used {
	var u bot.Used
	c := &t.out.Conv
	saw := maps.Clone(c.Saw)
	if saw == nil {
		saw = map[string]int64{}
	}
	if o := t.v.Order; o != nil && saw["order"] != o.Version {
		u.Order, saw["order"] = o, o.Version
	}
	people := []*bot.Person{t.v.Actor}
	for _, p := range bot.Parties {
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

// owned remembers whose the words and names are that the turn has learned.
func (t *turn) owned(learned bot.Facts) {
	whose := map[string]bot.PersonID{}
	for name, value := range learned {
		if bot.PersonalFact(name) && value != "" {
			whose[name] = t.whoseWords(value)
		}
	}
	for name := range learned {
		if bot.PersonalFact(name) {
			t.owner(name, whose[name])
		}
	}
}

// whoseWords is whose some words or a name are that the turn has heard or learned: the actor's, or whose they are that told of
// them or that the record had them of before, as where a second person or the clock takes a decision over.
func (t *turn) whoseWords(value string) bot.PersonID {
	e, from := t.v.Event, ""
	whose := e.Actor
	take := func(facts bot.Facts, owners map[string]bot.PersonID) {
		for name, of := range owners {
			if facts[name] == value && of != "" && (from == "" || name < from) {
				whose, from = of, name
			}
		}
	}
	if take(e.Facts, e.Whose); from == "" {
		take(t.old, t.owners)
	}
	return whose
}

// owner notes whose a fact or a file of the record is; without a person the note is taken away.
func (t *turn) owner(name string, who bot.PersonID) {
	c := &t.out.Conv
	if c.Whose[name] == who {
		return
	}
	if c.Whose = maps.Clone(c.Whose); c.Whose == nil {
		c.Whose = map[string]bot.PersonID{}
	}
	if c.Whose[name] = who; who == "" {
		delete(c.Whose, name)
	}
}

// salt is what a part of the line is committed to with. Nobody can reckon it from the ids that are made of the same seed.
func (t *turn) salt(whose bot.PersonID) []byte {
	sum := sha256.Sum256(append(append(t.v.Seed[:16:16], "salt "...), whose...))
	return sum[:16]
}

// worded is a hash of what the turn says, and to whom. A sentence that is changed changes no decision.
func (t *turn) worded() string {
	d := bot.NewDigest()
	if !t.v.Older {
		for i := range t.out.Tasks {
			d.Add(t.out.Tasks[i].Event.Text)
			d.Facts(t.out.Tasks[i].Event.Facts)
		}
	}
	for i := range t.out.Replies {
		r := &t.out.Replies[i]
		d.Add(string(r.Room), string(r.Mode), string(r.Card), r.Title, r.Text, r.Quote)
		d.Add(r.Labels()...)
		d.Files(r.Files)
	}
	return d.Hex()
}

// decided is a hash of what the turn asks others to do, waits for and offers; ids and tokens do not count. With the states
// and the facts learned, which stand in the entry itself, it is the whole decision.
func (t *turn) decided() string {
	d := bot.NewDigest()
	for i := range t.out.Tasks {
		k := &t.out.Tasks[i]
		if !t.v.Older { // what people said may be erased; it counts among the words
			d.Add(k.Do, decidedKey(k.To), k.Event.Name)
			d.Facts(decidedFacts(k.Facts))
			d.Facts(decidedFacts(k.Event.Facts))
			for f := range k.Event.Files {
				d.Add("file", k.Event.Files[f].Hash)
			}
			continue
		}
		d.Add(k.Do, string(k.To), k.Event.Name, k.Event.Text)
		d.Facts(k.Facts)
		d.Facts(k.Event.Facts)
		d.Files(k.Event.Files)
	}
	for _, l := range t.out.Conv.Deadlines {
		d.Add(l.Name(), l.Event)
		d.Time(l.At)
	}
	for i := range t.out.Conv.Offers {
		o := &t.out.Conv.Offers[i]
		if o.Unfolds() {
			continue // how much of it fits is no decision
		}
		d.Add("offer", string(o.Party), o.Event)
		if t.v.Older {
			d.Facts(o.Facts)
		} else {
			d.Facts(decidedFacts(o.Facts))
		}
	}
	return d.Hex()
}

// decidedFacts are facts without somebody's words and names.
func decidedFacts(f bot.Facts) bot.Facts {
	for name := range f {
		if bot.PersonalFact(name) {
			f = maps.Clone(f)
			for name := range f {
				if bot.PersonalFact(name) {
					f[name] = ""
				}
			}
			return f
		}
	}
	return f
}

// decidedKey is whom a task tells; a talk is named by its room, which may be erased.
func decidedKey(k bot.Key) string {
	if k.Kind() == "talk" {
		return "talk"
	}
	return string(k)
}
