package telegram

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// The lengths of a message, in UTF-16 units.
const (
	maxText     = 4096 // Telegram takes no longer text in one message
	maxUnfolded = 400  // a longer quotation is folded
)

// page is the text of one message, with its entities: what is bold or quoted in it. The text is plain, so that no word of
// anybody can be taken for markup; Telegram's parse modes are never used.
type page struct {
	text     string
	entities []models.MessageEntity // offsets and lengths in UTF-16 units
}

// render makes the pages of a reply: one, or more where its words are too many. In order: title, text, the labels that do not
// fit on buttons, quotation. Commands are the bot's own, which stay touchable in the text. It is pure.
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

// pageWriter puts a page together. Its zero value is an empty page.
type pageWriter struct {
	text     strings.Builder
	length   int // of the text, in UTF-16 units
	entities []models.MessageEntity
}

// paragraph adds a paragraph below those before, of a kind of entity or, where that is empty, of none. An empty one adds
// nothing.
func (w *pageWriter) paragraph(kind models.MessageEntityType, s string) {
	if s == "" {
		return
	}
	if w.length > 0 {
		w.write("\n")
	}
	if kind != "" {
		w.entities = append(w.entities, models.MessageEntity{Type: kind, Offset: w.length, Length: utf16Len(s)})
	}
	w.write(s)
}

// write adds text as it is, and counts it.
func (w *pageWriter) write(s string) {
	w.text.WriteString(s)
	w.length += utf16Len(s)
}

// How buttons are laid out, in characters.
const (
	maxHalfRow = 17 // two labels of this length stand beside each other on a phone
	maxLabel   = 48 // a longer label is cut off, and stands in full in the text
	maxButtons = 90 // Telegram takes a hundred or so; choices beyond stand in the text, to be typed
)

// fullLabels lists the labels that do not fit on a button, under the numbers by which they can be typed.
func fullLabels(choices []bot.Button) (lines []string) {
	for i, c := range choices {
		if i < maxButtons && len(c.Label) <= maxLabel/2 {
			continue // it fits, however many of its characters get a word joiner
		}
		if label := neutralize(oneLine(c.Label)); i >= maxButtons || utf8.RuneCountInString(label) > maxLabel {
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, label))
		}
	}
	return lines
}

// inlineKeyboard is the buttons below a message. The library's own type writes a copy_text into every button, which gives a
// button two kinds, and Telegram takes one.
type inlineKeyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

// button is a button as the Bot API takes it. Data is the token of the choice.
type button struct {
	Text  string `json:"text"`
	Style string `json:"style,omitempty"`
	Data  string `json:"callback_data"`
}

// keyboard lays choices out below a message: short ones two in a row, others in a row each. No choices are an untyped nil,
// since the library leaves only that out of a call. It is pure.
func keyboard(choices []bot.Button) any {
	if len(choices) == 0 {
		return nil
	}
	k := &inlineKeyboard{}
	half := false // the last row has room for one more
	for i, c := range choices[:min(len(choices), maxButtons)] {
		b := button{Text: buttonText(i, c.Label), Style: string(c.Style), Data: c.Token}
		short := utf8.RuneCountInString(b.Text) <= maxHalfRow
		if last := len(k.Rows) - 1; short && half {
			k.Rows[last] = append(k.Rows[last], b)
			half = false
			continue
		}
		k.Rows = append(k.Rows, []button{b})
		half = short
	}
	return k
}

// buttonText is the label of the choice with this index as its button shows it. One that is too long is cut off behind the
// number under which it stands in full; one with nothing to see is the number alone.
func buttonText(i int, label string) string {
	label = sanitize(oneLine(label))
	if !hasVisible(label) {
		return strconv.Itoa(i + 1)
	}
	if utf8.RuneCountInString(label) <= maxLabel {
		return label
	}
	label = strconv.Itoa(i+1) + ". " + label
	return closeIsolates(strings.TrimSpace(truncateRunes(label, maxLabel-1))) + "…"
}

// hasVisible says whether there is anything to see in a text.
func hasVisible(s string) bool {
	for _, r := range s {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) {
			return true
		}
	}
	return false
}
