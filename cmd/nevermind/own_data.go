package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/flows"
)

// gatherData is the hand that puts together what is kept about somebody, as a text file of JSON lines.
func (h *house) gatherData(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	var out bytes.Buffer
	if err := h.writeOwnData(ctx, json.NewEncoder(&out), bot.PersonID(t.Facts["asked_for"])); err != nil {
		return bot.Outcome{}, err
	}
	f, err := h.blobs.Add(ctx, "my data.txt", "text/plain", &out)
	if err != nil {
		return bot.Outcome{}, err
	}
	return bot.Done(
		"data_gathered",
		bot.Facts{"file_name": f.Name, "file_hash": f.Hash, "file_size": strconv.FormatInt(f.Size, 10)},
	), nil
}

// erasePerson is the hand that erases somebody who has asked for it.
func (h *house) erasePerson(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	_, err := h.engine.Erase(ctx, bot.PersonID(t.Facts["asked_for"]), "they have asked for it")
	if _, waits := errors.AsType[bot.UnderWay](err); waits {
		return bot.Done("erasure_refused", nil), nil
	}
	if err != nil && !errors.Is(err, bot.ErrNone) { // erased before
		return bot.Outcome{}, err
	}
	return bot.Done("data_erased", nil), nil
}

// The lines of the file, one kind each.
type (
	ownPerson struct {
		Kind     string    `json:"kind"` // "you"
		ID       string    `json:"id"`
		Name     string    `json:"name,omitempty"`
		Language string    `json:"language,omitempty"`
		Zone     string    `json:"time_zone,omitempty"`
		Settings bot.Facts `json:"settings,omitempty"`
		Accounts []string  `json:"accounts,omitempty"`
	}
	ownOrder struct {
		Kind  string `json:"kind"` // "order"
		Order any    `json:"order"`
	}
	ownRequest struct {
		Kind   string     `json:"kind"` // "request"
		Name   string     `json:"name,omitempty"`
		About  string     `json:"about"`
		Order  string     `json:"order,omitempty"`
		State  string     `json:"state"`
		Opened time.Time  `json:"opened"`
		Closed *time.Time `json:"closed,omitempty"`
		Yours  bot.Facts  `json:"yours,omitempty"` // what they have written or chosen in it
	}
	ownMessage struct {
		Kind  string    `json:"kind"` // "you wrote", "we wrote"
		At    time.Time `json:"at"`
		Title string    `json:"title,omitempty"`
		Text  string    `json:"text,omitempty"`
		Quote string    `json:"quote,omitempty"`
		Files []string  `json:"files,omitempty"`
	}
)

// writeOwnData writes who somebody is, their orders, the requests that they take part in, and what was said in their chats.
func (h *house) writeOwnData(ctx context.Context, out *json.Encoder, id bot.PersonID) error {
	out.SetEscapeHTML(false)
	who, err := h.store.Person(ctx, id)
	if err != nil {
		return err
	}
	_, number := id.Split()
	if err := out.Encode(ownPerson{"you", number, who.Name, who.Language, who.Zone, who.Settings, who.Accounts}); err != nil {
		return err
	}
	for skip := 0; ; skip += 100 {
		orders, err := h.store.OrdersOf(ctx, id, skip, 100)
		if err != nil {
			return err
		}
		for _, o := range orders {
			if err := out.Encode(ownOrder{"order", shop.NewOrder(o)}); err != nil {
				return err
			}
		}
		if len(orders) < 100 {
			break
		}
	}
	if err := h.writeOwnRequests(ctx, out, id); err != nil {
		return err
	}
	for _, room := range who.Rooms {
		if err := h.writeOwnMessages(ctx, out, room); err != nil {
			return err
		}
	}
	return nil
}

// writeOwnRequests leaves out what only the other side is told of, such as how they found it handled.
func (h *house) writeOwnRequests(ctx context.Context, out *json.Encoder, id bot.PersonID) error {
	others := map[string]bool{}
	for _, f := range flows.All().All {
		others[f.Name] = slices.Contains(f.Without, (&bot.Person{ID: id}).Party()) && !f.Case
	}
	for after := bot.Key(""); ; {
		keys, err := h.store.Find(ctx, string(id), after, 100)
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, key := range keys {
			after = key
			c, err := h.store.Conversation(ctx, key)
			if err != nil {
				return err
			}
			if others[c.Flow] {
				continue
			}
			r := ownRequest{Kind: "request", Name: c.ID, About: c.Flow, Order: c.Order, State: c.State, Opened: c.Opened}
			if !c.Closed.IsZero() {
				r.Closed = &c.Closed
			}
			for name, whose := range c.Whose {
				if whose == id && c.Facts[name] != "" {
					if r.Yours == nil {
						r.Yours = bot.Facts{}
					}
					r.Yours[name] = c.Facts[name]
				}
			}
			if err := out.Encode(r); err != nil {
				return err
			}
		}
	}
}

func (h *house) writeOwnMessages(ctx context.Context, out *json.Encoder, room bot.Room) error {
	for after := uint64(0); ; {
		said, err := h.store.Said(ctx, room, after, 0, 200)
		if err != nil || len(said) == 0 {
			return err
		}
		for i := range said {
			s := &said[i]
			after = s.Seq
			m := ownMessage{Kind: "we wrote", At: s.At}
			var files []bot.File
			switch {
			case s.In != nil:
				m.Kind, m.Text, files = "you wrote", s.In.Text, s.In.Files
			case s.Out != nil:
				m.Title, m.Text, m.Quote, files = s.Out.Title, s.Out.Text, s.Out.Quote, s.Out.Files
			}
			for _, f := range files {
				m.Files = append(m.Files, f.Name)
			}
			if m.Text == "" && len(m.Files) == 0 {
				continue // a button
			}
			if err := out.Encode(m); err != nil {
				return err
			}
		}
	}
}

// peopleHands are the hands by which people have their own data sent and deleted.
func (h *house) peopleHands(log *slog.Logger) map[string]bot.Hand {
	return map[string]bot.Hand{
		"gather_data": h.gatherData,
		"erase_person": func(ctx context.Context, t bot.Task) (bot.Outcome, error) {
			o, err := h.erasePerson(ctx, t)
			if err != nil {
				log.Error("somebody has asked to be erased, and could not be", slog.Any("why", err))
			}
			return o, err
		},
	}
}
