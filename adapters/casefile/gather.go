package casefile

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"time"

	"nevermind/bot"
)

// What the parts of an item say, each as JSON.
type (
	move struct {
		At    time.Time `json:"at"`
		By    bot.Party `json:"by"`
		Event string    `json:"event"`
		From  string    `json:"from,omitempty"`
		To    string    `json:"to,omitempty"`
		Rules []string  `json:"rules,omitempty"`
		Facts bot.Facts `json:"facts,omitempty"`
	}
	words struct {
		Text  string     `json:"text,omitempty"`
		Files []enclosed `json:"files,omitempty"`
	}
	inner struct {
		Actor   bot.PersonID `json:"actor,omitempty"`
		Note    string       `json:"note,omitempty"`
		Learned bot.Facts    `json:"learned,omitempty"`
		Policy  string       `json:"policy"`
		Journal string       `json:"journal"` // the entry's hash in the house's own journal
	}
	message struct {
		At      time.Time  `json:"at"`
		To      bot.Party  `json:"to"`
		Title   string     `json:"title,omitempty"`
		Text    string     `json:"text"`
		Quote   string     `json:"quote,omitempty"`
		Choices []string   `json:"choices,omitempty"`
		Files   []enclosed `json:"files,omitempty"`
		Edit    bool       `json:"edit,omitempty"` // shown in place of the card before
	}
	shown struct {
		From  bot.Party  `json:"from"`
		Ask   string     `json:"ask"`
		Has   bool       `json:"shown"`
		Files []enclosed `json:"files,omitempty"` // those the viewer may see
	}
	enclosed struct {
		Name string    `json:"name"`
		Type string    `json:"type"`
		Size int64     `json:"size"`
		Hash string    `json:"hash"`
		At   time.Time `json:"received"`
	}
)

// gather makes the record of a case for a viewer from what the house has kept.
func (m *Maker) gather(ctx context.Context, key bot.Key, viewer bot.Party) (*Record, error) {
	c, err := m.cfg.Store.Conversation(ctx, key)
	if err != nil {
		return nil, err
	}
	entries, err := m.journal(ctx, key)
	if err != nil {
		return nil, err
	}
	told, people, err := m.told(ctx, &c, entries)
	if err != nil {
		return nil, err
	}
	r := &Record{Form: form, Case: c.ID, Order: c.Order, Key: key, Opened: c.Opened.UTC(), State: c.State, Made: m.cfg.Now().UTC(), Viewer: viewer, People: people}
	for i := range entries {
		e := &entries[i]
		for len(told) > 0 && told[0].At.Before(e.At) {
			r.Items, told = append(r.Items, told[0].item()), told[1:]
		}
		r.Items = append(r.Items, m.turn(e))
	}
	for _, s := range told {
		r.Items = append(r.Items, s.item())
	}
	r.link()
	r.withhold()
	r.Evidence = m.evidence(&c, r.files())
	return r, nil
}

// evidence is a case's checklist with the files among those that the viewer may see.
func (m *Maker) evidence(c *bot.Conversation, seen []enclosed) []shown {
	if m.cfg.Checklist == nil {
		return nil
	}
	var all []shown
	for _, line := range m.cfg.Checklist(c) {
		s := shown{From: line.From, Ask: line.Ask, Has: len(line.Files) > 0}
		for _, f := range enclose(line.Files) {
			if slices.ContainsFunc(seen, func(e enclosed) bool { return e.Hash == f.Hash }) {
				s.Files = append(s.Files, f)
			}
		}
		all = append(all, s)
	}
	return all
}

// journal reads all that a case has gone through.
func (m *Maker) journal(ctx context.Context, key bot.Key) ([]bot.Entry, error) {
	var all []bot.Entry
	for {
		some, err := m.cfg.Store.Journal(ctx, key, len(all), 256)
		if err != nil || len(some) == 0 {
			return all, err
		}
		all = append(all, some...)
	}
}

// turn is one entry of the journal as a link of the chain.
func (m *Maker) turn(e *bot.Entry) Item {
	seen, heard := m.cfg.Seen(e)
	shown := bot.Facts{}
	for _, name := range m.cfg.Shown {
		if v := e.Learned[name]; v != "" {
			shown[name] = v
		}
	}
	parts := []Part{newPart("move", e.Hash, plain(move{e.At.UTC(), e.Event.By, e.Event.Name, e.From, e.To, e.Rules, shown}), seen)}
	if e.Event.Text != "" || len(e.Event.Files) > 0 {
		parts = append(parts, newPart("words", e.Hash, plain(words{e.Event.Text, enclose(e.Event.Files)}), heard))
	}
	return Item{Parts: append(parts, newPart("inner", e.Hash, plain(inner{e.Event.Actor, e.Refused, e.Learned, e.Policy, e.Hash}), nil))}
}

// sent is a message of the case to one party.
type sent struct {
	bot.Said
	to bot.Party
}

func (s *sent) item() Item {
	r := s.Out
	m := message{At: s.At.UTC(), To: s.to, Title: r.Title, Text: r.Text, Quote: r.Quote, Files: enclose(r.Files), Edit: r.Mode == bot.Edit}
	for _, c := range r.Choices {
		m.Choices = append(m.Choices, c.Label)
	}
	return Item{Parts: []Part{newPart("message", s.Task, plain(m), []bot.Party{s.to})}}
}

// told lists what the case has said to buyer and seller, in the order it was said, and how people are called. What it
// said at support's desk stands in the journal.
func (m *Maker) told(ctx context.Context, c *bot.Conversation, entries []bot.Entry) ([]sent, map[string]string, error) {
	var all []sent
	people := map[string]string{}
	for _, p := range []bot.Party{bot.Buyer, bot.Seller} {
		who, err := m.cfg.Store.Person(ctx, c.Parties[p])
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return nil, nil, err
		}
		people[string(p)] = who.Name
		for _, room := range rooms(who, entries) {
			said, err := m.said(ctx, room, c)
			if err != nil {
				return nil, nil, err
			}
			for _, s := range said {
				all = append(all, sent{s, p})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b sent) int { return a.At.Compare(b.At) })
	return all, people, nil
}

// rooms are where somebody has been reached while the case went on.
func rooms(who bot.Person, entries []bot.Entry) []bot.Room {
	all := slices.Clone(who.Rooms)
	for i := range entries {
		for _, p := range entries[i].Used.People {
			if p.ID == who.ID {
				all = append(all, p.Rooms...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// said reads back what a case has said in a room since it was opened.
func (m *Maker) said(ctx context.Context, room bot.Room, c *bot.Conversation) ([]bot.Said, error) {
	var found []bot.Said
	for before := uint64(math.MaxInt64); ; {
		page, err := m.cfg.Store.Said(ctx, room, 0, before, 256)
		if err != nil || len(page) == 0 {
			slices.Reverse(found)
			return found, err
		}
		for _, s := range slices.Backward(page) {
			if s.Out != nil && s.Out.From == c.Key && s.Out.Mode != bot.Strip && s.State == bot.TaskDone && !s.At.Before(c.Opened) {
				found = append(found, s)
			}
		}
		if before = page[0].Seq; page[0].At.Before(c.Opened) {
			slices.Reverse(found)
			return found, nil
		}
	}
}

func enclose(files []bot.File) []enclosed {
	var all []enclosed
	for _, f := range files {
		all = append(all, enclosed{f.Name, f.Type, f.Size, f.Hash, f.At.UTC()})
	}
	return all
}

// plain is JSON whose letters stand for themselves.
func plain(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values only
	}
	return string(text)
}
