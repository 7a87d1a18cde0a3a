package telegram

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// Telegram's limits, and how much of a quotation is shown before it is folded.
const (
	longestText = 4096 // UTF-16 units
	foldedFrom  = 400
)

// page is one message as Telegram takes it: text and what is special about parts of it, so that no word in it can be
// taken for markup.
type page struct {
	text  string
	marks []models.MessageEntity
}

// render makes the messages that say a reply: one, or more where the words are too many. Only the last one carries the
// buttons.
func render(r *bot.Reply, commands []string) []page {
	var w writer
	w.paragraph(models.MessageEntityTypeBold, strings.TrimSpace(ours(r.Title, nil)))
	w.paragraph("", strings.TrimSpace(ours(r.Text, commands)))
	w.paragraph("", strings.Join(inFull(r.Choices), "\n"))
	quote, kind := strings.TrimSpace(dead(r.Quote)), models.MessageEntityTypeBlockquote
	if units(quote) > foldedFrom {
		kind = models.MessageEntityTypeExpandableBlockquote
	}
	w.paragraph(kind, quote)
	if w.text.Len() == 0 {
		w.paragraph("", "…") // a message without a word is refused
	}
	return split(page{w.text.String(), w.marks}, longestText)
}

// inFull lists the labels that a button has no room for, under the numbers by which they can be typed.
func inFull(choices []bot.Button) (lines []string) {
	for i, c := range choices {
		if label := dead(oneLine(c.Label)); i >= mostButtons || utf8.RuneCountInString(label) > longestLabel {
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, label))
		}
	}
	return lines
}

// writer puts a page together.
type writer struct {
	text  strings.Builder
	at    int // UTF-16 units so far
	marks []models.MessageEntity
}

// paragraph adds some lines, below those before.
func (w *writer) paragraph(kind models.MessageEntityType, s string) {
	if s == "" {
		return
	}
	if w.at > 0 {
		w.write("\n")
	}
	if kind != "" {
		w.marks = append(w.marks, models.MessageEntity{Type: kind, Offset: w.at, Length: units(s)})
	}
	w.write(s)
}

func (w *writer) write(s string) {
	w.text.WriteString(s)
	w.at += units(s)
}

// units is how long Telegram thinks a text is: UTF-16 units.
func units(s string) (n int) {
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}

func unitsOf(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// oneLine makes a line of what may be several.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
