package main

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// What an export's lines look like: docs/export.md shows one of each. Fields may be added; none changes its meaning.
// Buttons' tokens are left out: whoever reads an export must not be able to press.
type (
	exportedHead struct {
		Kind   string `json:"kind"`
		Format int    `json:"format"`
	}
	exportedOrder struct {
		Kind string `json:"kind"`
		shop.Order
		Book    []exportedPosting `json:"book,omitempty"`
		Version int64             `json:"version"`
	}
	exportedPosting struct {
		Task   string    `json:"task"`
		Do     string    `json:"do"`
		Amount string    `json:"amount,omitempty"`
		State  string    `json:"state"`
		Detail string    `json:"detail,omitempty"`
		At     time.Time `json:"at,omitzero"`
	}
	exportedPerson struct {
		Kind     string       `json:"kind"`
		ID       bot.PersonID `json:"id"`
		Name     string       `json:"name,omitempty"`
		Language string       `json:"language,omitempty"`
		Zone     string       `json:"time_zone,omitempty"`
		Accounts []string     `json:"accounts,omitempty"`
		Rooms    []bot.Room   `json:"rooms,omitempty"`
		Shut     []bot.Room   `json:"shut,omitempty"` // rooms where they have blocked us
		Settings bot.Facts    `json:"settings,omitempty"`
		Version  int64        `json:"version"`
	}
	exportedConversation struct {
		Kind    string                     `json:"kind"`
		Key     bot.Key                    `json:"key"`
		ID      string                     `json:"id,omitempty"`
		Order   string                     `json:"order,omitempty"`
		Parties map[bot.Party]bot.PersonID `json:"parties,omitempty"`
		exportedFrame
		Aside   []exportedFrame      `json:"aside,omitempty"`
		Clocks  map[string]time.Time `json:"clocks,omitempty"`
		Live    []bot.Room           `json:"cards,omitempty"`
		Files   []exportedExhibit    `json:"files,omitempty"`
		Opened  time.Time            `json:"opened_at,omitzero"`
		Closed  time.Time            `json:"closed_at,omitzero"`
		Entries int                  `json:"entries"`
		Head    string               `json:"head,omitempty"`
		Version int64                `json:"version"`
	}
	exportedFrame struct {
		Flow   string          `json:"flow"`
		State  string          `json:"state"`
		Visit  int             `json:"visit"`
		Facts  bot.Facts       `json:"facts,omitempty"`
		Offers []exportedOffer `json:"offers,omitempty"`
		Sent   []exportedFile  `json:"sent,omitempty"`
	}
	exportedOffer struct {
		Party bot.Party `json:"party"`
		Event string    `json:"event"`
		Facts bot.Facts `json:"facts,omitempty"`
	}
	exportedFile struct {
		Name string `json:"name,omitempty"`
		Type string `json:"type"`
		Size int64  `json:"size"`
		Hash string `json:"sha256"`
	}
	exportedExhibit struct {
		exportedFile
		By bot.Party `json:"by"`
	}
	exportedDeadline struct {
		Kind         string    `json:"kind"`
		Conversation bot.Key   `json:"conversation"`
		Name         string    `json:"name"`
		At           time.Time `json:"at"`
		Event        string    `json:"event"`
		Visit        int       `json:"visit"`
	}
	exportedEntry struct {
		Kind         string           `json:"kind"`
		Conversation bot.Key          `json:"conversation"`
		Seq          int              `json:"seq"`
		At           time.Time        `json:"at"`
		Event        exportedEvent    `json:"event"`
		Flow         string           `json:"flow,omitempty"`
		From         string           `json:"from,omitempty"`
		To           string           `json:"to,omitempty"`
		Visit        int              `json:"visit"`
		Learned      bot.Facts        `json:"learned,omitempty"`
		Rules        []string         `json:"rules,omitempty"`
		Policy       string           `json:"policy,omitempty"`
		Order        *exportedOrder   `json:"used_order,omitempty"`
		People       []exportedPerson `json:"used_people,omitempty"`
		Output       string           `json:"output,omitempty"`
		Note         string           `json:"note,omitempty"`
		Prev         string           `json:"prev,omitempty"`
		Hash         string           `json:"hash"`
	}
	exportedEvent struct {
		ID      string         `json:"id,omitempty"`
		Name    string         `json:"name,omitempty"`
		By      bot.Party      `json:"by,omitempty"`
		Actor   bot.PersonID   `json:"actor,omitempty"`
		Room    bot.Room       `json:"room,omitempty"`
		Text    string         `json:"text,omitempty"`
		Facts   bot.Facts      `json:"facts,omitempty"`
		Pressed bool           `json:"pressed,omitempty"`
		Files   []exportedFile `json:"files,omitempty"`
	}
	exportedTask struct {
		Kind      string         `json:"kind"`
		ID        string         `json:"id"`
		Seq       uint64         `json:"seq"`
		State     bot.TaskState  `json:"state"`
		Since     time.Time      `json:"since"`
		Lane      string         `json:"lane"`
		Do        string         `json:"do"`
		Class     bot.Class      `json:"class"`
		From      bot.Key        `json:"from,omitempty"`
		To        bot.Key        `json:"to,omitempty"`
		Order     string         `json:"order,omitempty"`
		Facts     bot.Facts      `json:"facts,omitempty"`
		Event     *exportedEvent `json:"event,omitempty"`
		Reply     *exportedReply `json:"reply,omitempty"`
		Made      time.Time      `json:"made,omitzero"`
		NotBefore time.Time      `json:"not_before,omitzero"`
		Attempts  int            `json:"attempts"`
		Outcome   string         `json:"outcome,omitempty"`
		Results   bot.Facts      `json:"results,omitempty"`
		Ref       bot.Ref        `json:"ref,omitempty"`
		Why       string         `json:"why,omitempty"`
	}
	exportedReply struct {
		Room    bot.Room       `json:"room"`
		Mode    bot.Mode       `json:"mode"`
		Card    bot.Key        `json:"card,omitempty"`
		Title   string         `json:"title,omitempty"`
		Text    string         `json:"text,omitempty"`
		Quote   string         `json:"quote,omitempty"`
		Files   []exportedFile `json:"files,omitempty"`
		Choices []string       `json:"choices,omitempty"`
		Chatter bool           `json:"chatter,omitempty"`
	}
	exportedMessage struct {
		Kind    string         `json:"kind"`
		Seq     uint64         `json:"seq"`
		Room    bot.Room       `json:"room"`
		At      time.Time      `json:"at"`
		ID      string         `json:"id"`
		Account string         `json:"account"`
		Text    string         `json:"text,omitempty"`
		Pressed bool           `json:"pressed,omitempty"`
		ReplyTo bot.Ref        `json:"reply_to,omitempty"`
		Files   []exportedFile `json:"files,omitempty"`
	}
	exportedPolicy struct {
		Kind    string `json:"kind"`
		Version string `json:"version"`
		Text    string `json:"text"`
	}
)

func exportOrder(o *bot.Order) *exportedOrder {
	out := &exportedOrder{Kind: "order", Order: shop.NewOrder(*o), Version: o.Version}
	for _, p := range o.Book {
		amount := ""
		if p.Amount != (bot.Money{}) {
			amount = p.Amount.String()
		}
		out.Book = append(out.Book, exportedPosting{p.Task, p.Do, amount, p.State, p.Detail, p.At.UTC()})
	}
	return out
}

func exportPerson(p *bot.Person) *exportedPerson {
	return &exportedPerson{"person", p.ID, p.Name, p.Language, p.Zone, p.Accounts, p.Rooms, p.Shut, p.Settings, p.Version}
}

func exportConversation(c *bot.Conversation) *exportedConversation {
	out := &exportedConversation{
		Kind: "conversation", Key: c.Key, ID: c.ID, Order: c.Order, Parties: c.Parties, exportedFrame: exportFrame(&c.Frame),
		Clocks: c.Clocks, Live: c.Live, Opened: c.Opened, Closed: c.Closed, Entries: c.Entries, Head: c.Head, Version: c.Version,
	}
	for i := range c.Aside {
		out.Aside = append(out.Aside, exportFrame(&c.Aside[i]))
	}
	for _, x := range c.Exhibits {
		out.Files = append(out.Files, exportedExhibit{exportFile(x.File), x.By})
	}
	return out
}

func exportFrame(f *bot.Frame) exportedFrame {
	out := exportedFrame{Flow: f.Flow, State: f.State, Visit: f.Visit, Facts: withoutTokens(f.Facts), Sent: exportFiles(f.Files)}
	for _, o := range f.Offers {
		out.Offers = append(out.Offers, exportedOffer{o.Party, o.Event, o.Facts})
	}
	return out
}

func exportFile(f bot.File) exportedFile { return exportedFile{f.Name, f.Type, f.Size, f.Hash} }

func exportFiles(files []bot.File) (out []exportedFile) {
	for _, f := range files {
		out = append(out, exportFile(f))
	}
	return out
}

func exportDeadline(c *bot.Conversation, d bot.Deadline) *exportedDeadline {
	return &exportedDeadline{"deadline", c.Key, d.Name, d.At, d.Event, d.Visit}
}

func exportEntry(e *bot.Entry) *exportedEntry {
	out := &exportedEntry{
		Kind: "journal", Conversation: e.Conversation, Seq: e.Seq, At: e.At, Event: exportEvent(&e.Event), Flow: e.Flow, From: e.From, To: e.To,
		Visit: e.Visit, Learned: withoutTokens(e.Learned), Rules: e.Rules, Policy: e.Policy, Output: e.Output, Note: e.Refused, Prev: e.Prev, Hash: e.Hash,
	}
	if e.Used.Order != nil {
		out.Order = exportOrder(e.Used.Order)
	}
	for i := range e.Used.People {
		out.People = append(out.People, *exportPerson(&e.Used.People[i]))
	}
	return out
}

func exportEvent(e *bot.Event) exportedEvent {
	return exportedEvent{e.ID, e.Name, e.By, e.Actor, e.Room, e.Text, withoutTokens(e.Facts), e.Offer != "", exportFiles(e.Files)}
}

// withoutTokens leaves out the button behind which a form was opened, and the one pressed in a message that is set aside.
func withoutTokens(f bot.Facts) bot.Facts {
	out := maps.Clone(f)
	delete(out, "form_offer")
	if raw, ok := out["message"]; ok {
		var m bot.Message
		if json.Unmarshal([]byte(raw), &m) == nil && m.Press+m.Link != "" {
			m.Press, m.Link = "", ""
			if text, err := json.Marshal(m); err == nil {
				out["message"] = string(text)
			}
		}
	}
	return out
}

// taskKinds is what a task is called by where it stands.
var taskKinds = map[bot.TaskState]string{bot.TaskWaiting: "outbox", bot.TaskPending: "outbox", bot.TaskDead: "dead_letter", bot.TaskDone: "done", bot.TaskDropped: "done"}

func exportTask(r *bot.TaskRecord) *exportedTask {
	t, o := &r.Task, &r.Outcome
	out := &exportedTask{
		Kind: taskKinds[r.State], ID: t.ID, Seq: t.Seq, State: r.State, Since: r.At, Lane: t.Lane, Do: t.Do, Class: t.Class, From: t.From, To: t.To,
		Order: t.Order, Facts: withoutTokens(t.Facts), Made: t.Made, NotBefore: t.NotBefore, Attempts: t.Attempts, Outcome: o.Event, Results: o.Facts, Ref: o.Ref, Why: o.Dead,
	}
	if t.To != "" {
		e := exportEvent(&t.Event)
		out.Event = &e
	}
	if s := t.Reply; s != nil {
		out.Reply = &exportedReply{Room: s.Room, Mode: s.Mode, Card: s.Card, Title: s.Title, Text: s.Text, Quote: s.Quote, Files: exportFiles(s.Files), Chatter: s.Chatter}
		for _, b := range s.Choices {
			out.Reply.Choices = append(out.Reply.Choices, b.Label)
		}
	}
	return out
}

func exportMessage(s *bot.Said) *exportedMessage {
	m := s.In
	return &exportedMessage{"message", s.Seq, m.Room, s.At, m.ID, m.Account, m.Text, m.Press != "", m.ReplyTo, exportFiles(m.Files)}
}

// exportPolicy shows a policy that was once in force; all else that is kept under a name is the house's own.
func exportPolicy(v *bot.Value) (*exportedPolicy, bool) {
	version, ok := strings.CutPrefix(v.Name, "policy.")
	return &exportedPolicy{"policy", version, string(v.Value)}, ok
}
