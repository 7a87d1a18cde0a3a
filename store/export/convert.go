package export

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// order writes an order in the shape that the shop's API gives it, between the kind and the book.
func (e *exporter) order(o *bot.Order) (json.RawMessage, error) {
	tail := orderTail{Version: o.Version}
	for _, p := range o.Book {
		amount := ""
		if p.Amount != (bot.Money{}) {
			amount = p.Amount.String()
		}
		tail.Book = append(tail.Book, posting{p.Task, p.Do, amount, p.State, p.Detail, p.At.UTC()})
	}
	return joined(orderHead{"order"}, e.shape(*o), tail)
}

// joined writes several objects as one, with their fields in that order. None of them is empty.
func joined(parts ...any) (json.RawMessage, error) {
	fields := make([][]byte, len(parts))
	for i, p := range parts {
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		if err := e.Encode(p); err != nil {
			return nil, err
		}
		fields[i] = out.Bytes()[1 : out.Len()-len("}\n")]
	}
	return slices.Concat([]byte("{"), bytes.Join(fields, []byte(",")), []byte("}")), nil
}

// newPerson makes a person's line.
func newPerson(p *bot.Person) *personLine {
	return &personLine{"person", p.ID, p.Name, p.Language, p.Zone, p.Accounts, p.Rooms, p.Shut, p.Settings, p.Version}
}

// newConversation makes the line of a case or a talk.
func newConversation(c *bot.Conversation) *conversationLine {
	out := &conversationLine{
		Kind: "conversation", Key: c.Key, ID: c.ID, Order: c.Order, Parties: c.Parties, frame: newFrame(&c.Frame),
		Clocks: c.Clocks, Live: c.Live, Opened: c.Opened, Closed: c.Closed, Entries: c.Entries, Head: c.Head, Version: c.Version,
	}
	for i := range c.Aside {
		out.Aside = append(out.Aside, newFrame(&c.Aside[i]))
	}
	for _, x := range c.Exhibits {
		out.Files = append(out.Files, exhibit{newFile(x.File), x.By})
	}
	return out
}

// newFrame leaves out the tokens of what is on offer.
func newFrame(f *bot.Frame) frame {
	out := frame{Flow: f.Flow, State: f.State, Visit: f.Visit, Facts: withoutTokens(f.Facts), Sent: newFiles(f.Files)}
	for _, o := range f.Offers {
		out.Offers = append(out.Offers, offer{o.Party, o.Event, o.Facts})
	}
	return out
}

// newFile describes a file.
func newFile(f bot.File) file { return file{f.Name, f.Type, f.Size, f.Hash} }

// newFiles describes files.
func newFiles(files []bot.File) (out []file) {
	for _, f := range files {
		out = append(out, newFile(f))
	}
	return out
}

// newDeadline makes the line of a wait that is running.
func newDeadline(c *bot.Conversation, d bot.Deadline) *deadlineLine {
	return &deadlineLine{"deadline", c.Key, d.Name(), d.At, d.Event, d.Visit}
}

// entry writes a line of a conversation's journal, with what the turn looked at.
func (e *exporter) entry(x *bot.Entry) (*entryLine, error) {
	out := &entryLine{
		Kind:         "journal",
		Conversation: x.Conversation,
		Seq:          x.Seq,
		At:           x.At,
		Event:        newEvent(&x.Event),
		Flow:         x.Flow,
		From:         x.From,
		To:           x.To,
		Visit:        x.Visit,
		Learned:      withoutTokens(x.Learned),
		Rules:        x.Rules,
		Policy:       x.Policy,
		Decided:      x.Decided,
		Worded:       x.Worded,
		Output:       x.Output,
		Note:         x.Refused,
		Prev:         x.Prev,
		Hash:         x.Hash,
	}
	if x.Used.Order != nil {
		order, err := e.order(x.Used.Order)
		if err != nil {
			return nil, err
		}
		out.Order = order
	}
	for i := range x.Used.People {
		out.People = append(out.People, *newPerson(&x.Used.People[i]))
	}
	return out, nil
}

// newEvent says of a press only that it was one.
func newEvent(e *bot.Event) event {
	return event{e.ID, e.Name, e.By, e.Actor, e.Room, e.Text, withoutTokens(e.Facts), e.Offer != "", newFiles(e.Files)}
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
var taskKinds = map[bot.TaskState]string{bot.TaskWaiting: "outbox", bot.TaskPending: "outbox", bot.TaskDead: "dead_letter",
	bot.TaskDone: "done", bot.TaskDropped: "done"}

// newTask makes a task's line, with how it ended where it has.
func newTask(r *bot.TaskRecord) *taskLine {
	t, o := &r.Task, &r.Outcome
	out := &taskLine{
		Kind: taskKinds[r.State], ID: t.ID, Seq: t.Seq, State: r.State, Since: r.At, Lane: t.Lane, Do: t.Do, Class: t.Class,
		From: t.From, To: t.To,
		Order: t.Order, Facts: withoutTokens(t.Facts), Made: t.Made, NotBefore: t.NotBefore, Attempts: t.Attempts, Outcome: o.Event,
		Results: o.Facts, Ref: o.Ref, Why: o.Dead,
	}
	if t.To != "" {
		e := newEvent(&t.Event)
		out.Event = &e
	}
	if s := t.Reply; s != nil {
		out.Reply = &reply{Room: s.Room, Mode: s.Mode, Card: s.Card, Title: s.Title, Text: s.Text, Quote: s.Quote,
			Files: newFiles(s.Files), Chatter: s.Chatter}
		for _, b := range s.Choices {
			out.Reply.Choices = append(out.Reply.Choices, b.Label)
		}
	}
	return out
}

// newMessage makes the line of what a person sent; of a press only that it was one.
func newMessage(s *bot.Said) *messageLine {
	m := s.In
	return &messageLine{"message", s.Seq, m.Room, s.At, m.ID, m.Account, m.Text, m.Press != "", m.ReplyTo, newFiles(m.Files)}
}

// newPolicy shows a policy that was once in force; all else that is kept under a name is the house's own.
func newPolicy(v *bot.Value) (*policyLine, bool) {
	version, ok := strings.CutPrefix(v.Name, "policy.")
	return &policyLine{"policy", version, string(v.Value)}, ok
}
