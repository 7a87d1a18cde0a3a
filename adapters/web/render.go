package web

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"time"

	"nevermind/bot"
)

// Bubble is one message as a chat shows it: a reply with every edit folded into it, or what a person typed.
type Bubble struct {
	Seq     uint64       `json:"seq"`
	Ref     bot.Ref      `json:"ref,omitempty"`
	At      time.Time    `json:"at"`
	Edited  *time.Time   `json:"edited,omitempty"`
	Account string       `json:"account,omitempty"` // who typed it; empty is the assistant
	From    bot.Key      `json:"from,omitempty"`
	Card    bool         `json:"card,omitempty"`
	Title   string       `json:"title,omitempty"`
	Text    string       `json:"text,omitempty"`
	Quote   string       `json:"quote,omitempty"`
	Choices []choice     `json:"choices,omitempty"`
	Files   []attachment `json:"files,omitempty"`
	Answers bot.Ref      `json:"answers,omitempty"`
	Lang    string       `json:"lang,omitempty"`
	// Blocks is the reply as another platform shows it, ThreadLine what is said there below a card that has changed.
	Blocks     any `json:"blocks,omitempty"`
	ThreadLine any `json:"news,omitempty"`
}

// choice is a button; pressing it sends its token.
type choice struct {
	Token string    `json:"token"`
	Label string    `json:"label"`
	Style bot.Style `json:"style,omitempty"`
}

// renderRoom draws a room from what was said in it. Within a room the last new reply with a card is that card's live
// message, which a later edit replaces in place and a strip leaves without buttons. Dead letters are left out.
func renderRoom(said []bot.Said) []Bubble {
	out := make([]Bubble, 0, len(said))
	live := map[bot.Key]int{}
	for i := range said {
		switch s := &said[i]; {
		case s.In != nil:
			if b, ok := messageBubble(s); ok {
				out = append(out, b)
			}
		// What waits to be sent is shown already: the page is drawn from decisions, not from deliveries.
		case s.Out != nil && s.State != bot.TaskDead:
			out = applyReply(out, live, s)
		}
	}
	return out
}

// applyReply adds one reply to the bubbles, or changes the bubble of its card; live has the index of each card's live
// message.
func applyReply(out []Bubble, live map[bot.Key]int, s *bot.Said) []Bubble {
	i, shown := live[s.Out.Card]
	shown = shown && s.Out.Card != ""
	switch s.Out.Mode {
	case bot.Strip:
		if shown {
			out[i].Choices = nil
		}
		return out
	case bot.Edit:
		if shown {
			b := replyBubble(s)
			// The message keeps its place and its name, and shows when it was edited.
			b.Seq, b.Ref, b.At, b.Edited = out[i].Seq, out[i].Ref, out[i].At, &s.At
			out[i] = b
			return out
		}
	}
	if shown { // a new card: the old one loses its buttons
		out[i].Choices = nil
	}
	if s.Out.Card != "" {
		live[s.Out.Card] = len(out)
	}
	return append(out, replyBubble(s))
}

// replyBubble is a reply as a bubble. Until it is sent it has its task's id for a name.
func replyBubble(s *bot.Said) Bubble {
	r := s.Out
	b := Bubble{
		Seq: s.Seq, Ref: s.Ref, At: s.At, From: r.From, Card: r.Card != "",
		Title: r.Title, Text: r.Text, Quote: r.Quote, Lang: r.Language,
		Files: attachments(r.Files),
	}
	if b.Ref == "" {
		b.Ref = bot.Ref(s.Task)
	}
	for _, c := range r.Choices {
		b.Choices = append(b.Choices, choice{c.Token, c.Label, c.Style})
	}
	return b
}

// messageBubble shows what a person wrote or sent; false for a press, which shows in the card it changes.
func messageBubble(s *bot.Said) (Bubble, bool) {
	m := s.In
	b := Bubble{Seq: s.Seq, At: s.At, Account: m.Account, Text: m.Text, Answers: m.ReplyTo, Files: attachments(m.Files)}
	return b, m.Press == "" && (m.Text != "" || len(b.Files) > 0)
}

// maxRoomLines is how far back a chat is shown.
const maxRoomLines = 400

// room answers with the bubbles of one chat.
func (d *Demo) room(w http.ResponseWriter, r *http.Request) error {
	room := bot.Room(r.PathValue("room"))
	if !isPageRoom(room) {
		return bot.ErrNone
	}
	said, err := d.engine.Store().Said(r.Context(), room, 0, math.MaxInt64, maxRoomLines)
	if err != nil {
		return err
	}
	bubbles := renderRoom(said)
	if d.cfg.Blocks != nil && room == Desk && r.FormValue("as") == "blocks" {
		d.asBlocks(bubbles)
	}
	return writeJSON(w, map[string]any{"room": room, "bubbles": bubbles})
}

// asBlocks adds how another platform would show each reply: the card's blocks, and the first line below it.
func (d *Demo) asBlocks(bubbles []Bubble) {
	for i := range bubbles {
		b := &bubbles[i]
		if b.Account != "" {
			continue
		}
		r := bot.Reply{Title: b.Title, Text: b.Text, Quote: b.Quote}
		for _, c := range b.Choices {
			r.Choices = append(r.Choices, bot.Button{Token: c.Token, Label: c.Label, Style: c.Style})
		}
		// On the other platform a card that changes says its first line in the thread below it.
		first, _, _ := strings.Cut(b.Text, "\n")
		b.Blocks, b.ThreadLine = json.RawMessage(d.cfg.Blocks(r)), json.RawMessage(d.cfg.Blocks(bot.Reply{Text: first}))
	}
}
