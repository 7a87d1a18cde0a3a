package slack

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// Asked is what somebody wants to see: their queue, a case by its short name, or an order by its number.
type Asked struct {
	What What
	ID   string // as they typed it; empty for Queue
}

// What is a kind of thing that can be asked for.
type What string

// What the home tab and the command ask for.
const (
	Queue What = "queue"
	Case  What = "case"
	Order What = "order"
)

// Board is what somebody sees in the home tab or as the answer to a command, in their language and by their clock. Its
// sentences are made by whoever makes the Desk; this adapter only lays them out.
type Board struct {
	Title   string
	Text    string // a sentence or two; the whole answer to whoever may see nothing
	Figures []Figure
	Lists   []List
	Foot    string
}

// Figure is a number and what it counts: 7, "wait for us".
type Figure struct {
	N     int
	Words string
}

// List is one of the lists on a board; the home tab shows one at a time.
type List struct {
	Name  string // short, for what a button carries
	Title string
	Empty string // what is said where there is nothing
	Lines []Line
}

// Line is one case or order in a list.
type Line struct {
	Card  bot.Key // the conversation whose card it leads to; empty where there is none
	Title string
	Text  string
}

// Desk reads a board for somebody, and decides what they may see; a person without an ID is a stranger. It is called for each
// command and each time a home tab is shown, from several goroutines.
type Desk func(ctx context.Context, who bot.Person, asked Asked) (Board, error)

// How long a board may get, in characters and lines.
const (
	maxHeader      = 150 // Slack's limit
	maxLineTitle   = 200
	maxLineText    = 600
	linesPerPage   = 25 // of the home tab
	maxAnswerLines = 15 // in the answer to a command
)

// boardView lays out boards as blocks for one reader.
type boardView struct {
	links cardLinks
	say   translator
}

// boardViewFor makes the view for a reader whose cards stand in a channel.
func (a *Adapter) boardViewFor(ctx context.Context, s *session, who *bot.Person, channel string) (*boardView, error) {
	links, err := a.cardLinksIn(ctx, s, channel)
	return &boardView{links: links, say: a.translatorIn(who.Language)}, err
}

// answer is a board as the answer to a command, for nobody else to see.
func (v *boardView) answer(b *Board) map[string]any {
	plain := []string{b.Title, b.Text}
	blocks := v.head(b)
	left := maxAnswerLines
	for _, l := range b.Lists {
		if len(l.Lines) == 0 {
			continue
		}
		blocks, plain = append(blocks, paragraph(l.Title, true)), append(plain, l.Title)
		for i := range l.Lines[:min(left, len(l.Lines))] {
			blocks, plain = append(blocks, v.line(&l.Lines[i])), append(plain, l.Lines[i].Title)
		}
		if more := len(l.Lines) - left; more > 0 {
			blocks = append(blocks, paragraph(bot.Fill(v.say(wordsMore), bot.Facts{"n": strconv.Itoa(more)}), false))
		}
		left = max(0, left-len(l.Lines))
	}
	return map[string]any{"response_type": "ephemeral", "text": fallbackText(strings.Join(plain, "\n")), "blocks": blocks}
}

// head is what stands above the lists: the title, the text, and the figures in one row.
func (v *boardView) head(b *Board) []slack.Block {
	var blocks []slack.Block
	if b.Title != "" {
		blocks = append(blocks, slack.NewHeaderBlock(textObject(b.Title, maxHeader)))
	}
	if b.Text != "" {
		blocks = append(blocks, paragraph(b.Text, false))
	}
	var row []slack.RichTextSectionElement
	for i, f := range b.Figures {
		if i > 0 {
			row = append(row, slack.NewRichTextSectionTextElement("  ·  ", nil))
		}
		row = append(row, slack.NewRichTextSectionTextElement(f.Words+": ", nil),
			slack.NewRichTextSectionTextElement(fmt.Sprint(f.N), bold))
	}
	if len(row) > 0 {
		blocks = append(blocks, richText(row...))
	}
	return blocks
}

// line is one line of a list; its title is a link to the card, where that is known.
func (v *boardView) line(l *Line) slack.Block {
	var title slack.RichTextSectionElement = slack.NewRichTextSectionTextElement(truncate(l.Title, maxLineTitle), bold)
	if url := v.links.url(l.Card); url != "" {
		title = slack.NewRichTextSectionLinkElement(url, truncate(l.Title, maxLineTitle), bold)
	}
	run := []slack.RichTextSectionElement{title}
	if l.Text != "" {
		run = append(run, slack.NewRichTextSectionTextElement("\n"+truncate(l.Text, maxLineText), nil))
	}
	return richText(run...)
}
