package turn

import (
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

// worded is a hash of what the turn says, and to whom. A sentence that is changed changes no decision.
func (t *turn) worded() string {
	d := bot.NewDigest()
	for i := range t.out.Replies {
		r := &t.out.Replies[i]
		d.Add(string(r.Room), string(r.Mode), string(r.Card), r.Title, r.Text, r.Quote)
		for _, b := range r.Choices {
			d.Add(b.Label)
		}
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
		d.Add("offer", string(o.Party), o.Event)
		d.Facts(o.Facts)
	}
	return d.Hex()
}
