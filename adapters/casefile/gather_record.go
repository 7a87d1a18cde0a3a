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
		Journal string       `json:"journal"` // the entry's hash in the store's own journal
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

// gather makes the record of a case for a viewer from journal and rooms, in the order of time.
func (m *Maker) gather(ctx context.Context, key bot.Key, viewer bot.Party) (*Record, error) {
	c, err := m.cfg.Store.Conversation(ctx, key)
	if err != nil {
		return nil, err
	}
	entries, err := m.journal(ctx, key)
	if err != nil {
		return nil, err
	}
	told, people, spoken, err := m.messages(ctx, &c, entries)
	if err != nil {
		return nil, err
	}
	r := &Record{
		Form: signedForm, Template: hashOf(pageText), Case: c.ID, Order: c.Order, Key: key, Opened: c.Opened.UTC(), State: c.State,
		Made: m.cfg.Now().UTC(), Viewer: viewer, People: people, Spoken: spoken,
	}
	for i := range entries {
		e := &entries[i]
		// Turns and messages are merged by time: a message comes after the turn that decided it.
		for len(told) > 0 && told[0].At.Before(e.At) {
			r.Items, told = append(r.Items, told[0].item()), told[1:]
		}
		r.Items = append(r.Items, m.entryItem(e))
	}
	for _, s := range told {
		r.Items = append(r.Items, s.item())
	}
	r.link()
	r.withhold()
	r.Evidence = m.evidence(&c, r.files())
	return r, nil
}

// evidence is a case's checklist, with those of its files that the viewer may see.
func (m *Maker) evidence(c *bot.Conversation, seen []enclosed) []shown {
	if m.cfg.Checklist == nil {
		return nil
	}
	var all []shown
	for _, line := range m.cfg.Checklist(c) {
		s := shown{From: line.From, Ask: line.Ask, Has: len(line.Files) > 0}
		for _, f := range enclose(line.Files) {
			// A file counts as shown only to those who can see a part that names it.
			if slices.ContainsFunc(seen, func(e enclosed) bool { return e.Hash == f.Hash }) {
				s.Files = append(s.Files, f)
			}
		}
		all = append(all, s)
	}
	return all
}

// journal reads all turns of a case.
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

// entryItem is a turn as a link of the chain: the move, the words that came with it, and what is for support only.
func (m *Maker) entryItem(e *bot.Entry) Item {
	seen, heard := m.cfg.Seen(e)
	shown := bot.Facts{}
	for _, name := range m.cfg.Shown {
		if v := e.Learned[name]; v != "" {
			shown[name] = v
		}
	}
	moved := encodeJSON(move{e.At.UTC(), e.Event.By, e.Event.Name, e.From, e.To, e.Rules, shown})
	parts := []Part{newPart("move", e.Hash, moved, seen)}
	if e.Event.Text != "" || len(e.Event.Files) > 0 {
		parts = append(parts, newPart("words", e.Hash, encodeJSON(words{e.Event.Text, enclose(e.Event.Files)}), heard))
	}
	forSupport := encodeJSON(inner{e.Event.Actor, e.Refused, e.Learned, e.Policy, e.Hash})
	return Item{Parts: append(parts, newPart("inner", e.Hash, forSupport, nil))}
}

// caseMessage is a message of the case to one party.
type caseMessage struct {
	bot.Said
	to bot.Party
}

// item is the message as a link of the chain.
func (s *caseMessage) item() Item {
	r := s.Out
	m := message{
		At: s.At.UTC(), To: s.to, Title: r.Title, Text: r.Text, Quote: r.Quote,
		Files: enclose(r.Files), Edit: r.Mode == bot.Edit, Choices: r.Labels(),
	}
	return Item{Parts: []Part{newPart("message", s.Task, encodeJSON(m), []bot.Party{s.to})}}
}

// messages lists what the case has said to buyer and seller, in the order it was said, how the two are called and what
// they read. What it said at support's desk stands in the journal.
func (m *Maker) messages(ctx context.Context, c *bot.Conversation, entries []bot.Entry) (
	all []caseMessage, people, spoken map[string]string, err error,
) {
	people, spoken = map[string]string{}, map[string]string{}
	for _, p := range []bot.Party{bot.Buyer, bot.Seller} {
		// A person who was never stored has no rooms and no name.
		who, err := m.cfg.Store.Person(ctx, c.Parties[p])
		if err != nil && !errors.Is(err, bot.ErrNone) {
			return nil, nil, nil, err
		}
		people[string(p)] = who.Name
		if who.Language != "" {
			spoken[string(p)] = who.Language
		}
		for _, room := range roomsOf(who, entries) {
			said, err := m.roomMessages(ctx, room, c)
			if err != nil {
				return nil, nil, nil, err
			}
			for _, s := range said {
				all = append(all, caseMessage{s, p})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b caseMessage) int { return a.At.Compare(b.At) })
	return all, people, spoken, nil
}

// roomsOf are the rooms in which somebody has been reached while the case went on: those of now and those that the journal
// has used.
func roomsOf(who bot.Person, entries []bot.Entry) []bot.Room {
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

// roomMessages reads what a case has said in a room since it was opened, oldest first; the store is read backwards, page by
// page.
func (m *Maker) roomMessages(ctx context.Context, room bot.Room, c *bot.Conversation) ([]bot.Said, error) {
	var found []bot.Said
	for before := uint64(math.MaxInt64); ; {
		page, err := m.cfg.Store.Said(ctx, room, 0, before, 256)
		if err != nil || len(page) == 0 {
			slices.Reverse(found)
			return found, err
		}
		for _, s := range slices.Backward(page) {
			// Only what was sent: a dead letter has told nobody anything.
			if s.Out != nil && s.Out.From == c.Key && s.Out.Mode != bot.Strip && s.State == bot.TaskDone && !s.At.Before(c.Opened) {
				found = append(found, s)
			}
		}
		// Everything further back was said before the case was opened.
		if before = page[0].Seq; page[0].At.Before(c.Opened) {
			slices.Reverse(found)
			return found, nil
		}
	}
}

// enclose describes files as the record names them.
func enclose(files []bot.File) []enclosed {
	var all []enclosed
	for _, f := range files {
		all = append(all, enclosed{f.Name, f.Type, f.Size, f.Hash, f.At.UTC()})
	}
	return all
}

// encodeJSON is the JSON of a part's text, by which its hash is made.
func encodeJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values only
	}
	return string(text)
}
