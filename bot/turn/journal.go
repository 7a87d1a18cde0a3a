package turn

import (
	"maps"
	"slices"

	"nevermind/bot"
)

// finish writes the turn's line of the journal and chains it to the one before.
func (t *turn) finish(note string) bot.Turn {
	v, c, e := t.v, &t.out.Conv, &t.out.Entry
	e.Conversation, e.Seq, e.At, e.Event = c.Key, c.Entries+1, v.Now, *v.Event
	e.Flow, e.From, e.To, e.Visit = t.hearer, t.from, c.State, c.Visit
	switch {
	case t.ended != "":
		e.To = t.ended
	case t.flow.Name != t.hearer:
		e.To = t.flow.Name + "." + c.State
	}
	e.Refused, e.Policy, e.Prev = note, v.Policy.Version, c.Head
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
func learned(old, now bot.Facts) bot.Facts {
	var diff bot.Facts
	for _, m := range []struct{ a, b bot.Facts }{{now, old}, {old, now}} {
		for k := range m.a {
			if old[k] != now[k] {
				if diff == nil {
					diff = bot.Facts{}
				}
				diff[k] = now[k]
			}
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

// digest is a hash of what the turn says, asks and waits for; ids and tokens do not count.
func (t *turn) digest() string {
	d := bot.NewDigest()
	for i := range t.out.Replies {
		r := &t.out.Replies[i]
		d.Add(string(r.Room), string(r.Mode), string(r.Card), r.Title, r.Text, r.Quote)
		for _, b := range r.Choices {
			d.Add(b.Label)
		}
		d.Files(r.Files)
	}
	for i := range t.out.Tasks {
		k := &t.out.Tasks[i]
		d.Add(k.Do, string(k.To), k.Event.Name, k.Event.Text)
		d.Facts(k.Facts)
		d.Facts(k.Event.Facts)
		d.Files(k.Event.Files)
	}
	for _, l := range t.out.Conv.Deadlines {
		d.Add(l.Name, l.Event)
		d.Time(l.At)
	}
	return d.Hex()
}
