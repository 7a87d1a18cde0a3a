package telegram

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"nevermind/bot"
)

// How buttons are laid out.
const (
	maxHalfRow = 17 // two of these stand beside each other on a phone
	maxLabel   = 48 // past that a label is cut, and stands in full above
	maxButtons = 90 // Telegram takes a hundred or so; what is beyond can be typed
)

// markup is the buttons below a message. The library's own type writes a copy_text into every button, which makes two
// kinds of it.
type inlineKeyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text  string `json:"text"`
	Style string `json:"style,omitempty"`
	Data  string `json:"callback_data"`
}

// keyboard lays choices out below a message: short ones two in a row, others in a row each. Nil, without a type, is no
// buttons: the library leaves only that out.
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

// caption is a label as a button shows it; a longer one with the number under which it stands in full.
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

// cutTo keeps at most so many runes, and no half of a character.
func truncateRunes(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:graphemeStart(s, i)]
		}
		n++
	}
	return s
}

// legible says whether there is anything to see in it.
func hasVisible(s string) bool {
	for _, r := range s {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) {
			return true
		}
	}
	return false
}
