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
	maxText     = 4096 // UTF-16 units
	maxUnfolded = 400
)

// page is one message as Telegram takes it: text and what is special about parts of it, so that no word in it can be
// taken for markup.
type page struct {
	text     string
	entities []models.MessageEntity
}

// render makes the messages that say a reply: one, or more where the words are too many. Only the last one carries the
// buttons.
func render(r *bot.Reply, commands []string) []page {
	var w pageWriter
	w.paragraph(models.MessageEntityTypeBold, strings.TrimSpace(neutralizeOwn(r.Title, nil)))
	w.paragraph("", strings.TrimSpace(neutralizeOwn(r.Text, commands)))
	w.paragraph("", strings.Join(fullLabels(r.Choices), "\n"))
	quote, kind := strings.TrimSpace(neutralize(r.Quote)), models.MessageEntityTypeBlockquote
	if utf16Len(quote) > maxUnfolded {
		kind = models.MessageEntityTypeExpandableBlockquote
	}
	w.paragraph(kind, quote)
	if w.text.Len() == 0 {
		w.paragraph("", "…") // a message without a word is refused
	}
	return split(page{w.text.String(), w.entities}, maxText)
}

// inFull lists the labels that a button has no room for, under the numbers by which they can be typed.
func fullLabels(choices []bot.Button) (lines []string) {
	for i, c := range choices {
		if label := neutralize(oneLine(c.Label)); i >= maxButtons || utf8.RuneCountInString(label) > maxLabel {
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, label))
		}
	}
	return lines
}

// writer puts a page together.
type pageWriter struct {
	text     strings.Builder
	at       int // UTF-16 units so far
	entities []models.MessageEntity
}

// paragraph adds some lines, below those before.
func (w *pageWriter) paragraph(kind models.MessageEntityType, s string) {
	if s == "" {
		return
	}
	if w.at > 0 {
		w.write("\n")
	}
	if kind != "" {
		w.entities = append(w.entities, models.MessageEntity{Type: kind, Offset: w.at, Length: utf16Len(s)})
	}
	w.write(s)
}

func (w *pageWriter) write(s string) {
	w.text.WriteString(s)
	w.at += utf16Len(s)
}

// units is how long Telegram thinks a text is: UTF-16 units.
func utf16Len(s string) (n int) {
	for _, r := range s {
		n += utf16RuneLen(r)
	}
	return n
}

func utf16RuneLen(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// oneLine makes a line of what may be several.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
