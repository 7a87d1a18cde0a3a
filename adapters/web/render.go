package web

import (
	"time"

	"nevermind/bot"
)

// Bubble is one message as a chat shows it: a reply with every edit folded into it, or what a person typed.
type Bubble struct {
	Seq        uint64       `json:"seq"`
	Ref        bot.Ref      `json:"ref,omitempty"`
	At         time.Time    `json:"at"`
	Edited     *time.Time   `json:"edited,omitempty"`
	Account    string       `json:"account,omitempty"` // who typed it; empty is the assistant
	From       bot.Key      `json:"from,omitempty"`
	Card       bool         `json:"card,omitempty"`
	Title      string       `json:"title,omitempty"`
	Text       string       `json:"text,omitempty"`
	Quote      string       `json:"quote,omitempty"`
	Choices    []choice     `json:"choices,omitempty"`
	Files      []attachment `json:"files,omitempty"`
	Answers    bot.Ref      `json:"answers,omitempty"`
	Lang       string       `json:"lang,omitempty"`
	Blocks     any          `json:"blocks,omitempty"` // as another platform shows it, and what is said there below a card that has changed
	ThreadLine any          `json:"news,omitempty"`
}

type choice struct {
	Token string    `json:"token"`
	Label string    `json:"label"`
	Style bot.Style `json:"style,omitempty"`
}

// renderRoom draws a room from what was said in it: within a room the last new reply with a card is that card's live
// message, which a later edit replaces in place and a strip leaves without buttons.
func renderRoom(said []bot.Said) []Bubble {
	out := make([]Bubble, 0, len(said))
	live := map[bot.Key]int{}
	for i := range said {
		switch s := &said[i]; {
		case s.In != nil:
			if b, ok := messageBubble(s); ok {
				out = append(out, b)
			}
		case s.Out != nil && s.State != bot.TaskDead:
			out = applyReply(out, live, s)
		}
	}
	return out
}

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
			b.Seq, b.Ref, b.At, b.Edited = out[i].Seq, out[i].Ref, out[i].At, &s.At
			out[i] = b
			return out
		}
	}
	if shown { // news: the old card loses its buttons
		out[i].Choices = nil
	}
	if s.Out.Card != "" {
		live[s.Out.Card] = len(out)
	}
	return append(out, replyBubble(s))
}

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

// messageBubble shows what a person wrote; a press shows in the card it changes.
func messageBubble(s *bot.Said) (Bubble, bool) {
	m := s.In
	b := Bubble{Seq: s.Seq, At: s.At, Account: m.Account, Text: m.Text, Answers: m.ReplyTo, Files: attachments(m.Files)}
	return b, m.Press == "" && (m.Text != "" || len(b.Files) > 0)
}
