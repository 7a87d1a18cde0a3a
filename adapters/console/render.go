package console

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// choiceLetters is what can be pressed in the terminal now besides the talk's question. The question's choices have numbers,
// which the engine hears; every other message has a letter before them, so that a number never presses a card.
type choiceLetters struct {
	choices map[bot.Ref][]Choice
	order   []bot.Ref // by letter; empty where the letter is free
}

// put takes in a bubble and says what stands before its numbers.
func (b *choiceLetters) put(bubble Bubble) (letter string) {
	switch {
	case bubble.Mine || bubble.Talk:
		return ""
	case bubble.Mode == bot.Strip || len(bubble.Choices) == 0:
		b.drop(bubble.Ref)
		return ""
	}
	if b.choices == nil {
		b.choices = map[bot.Ref][]Choice{}
	}
	b.choices[bubble.Ref] = bubble.Choices
	return b.letter(bubble.Ref)
}

func (b *choiceLetters) drop(ref bot.Ref) {
	delete(b.choices, ref)
	if i := slices.Index(b.order, ref); i >= 0 && ref != "" {
		b.order[i] = ""
	}
}

func (b *choiceLetters) letter(ref bot.Ref) string {
	i := slices.Index(b.order, ref)
	if i < 0 {
		i = slices.Index(b.order, "")
	}
	if i < 0 {
		i = len(b.order)
		b.order = append(b.order, ref)
	}
	b.order[i] = ref
	if i < 26 {
		return string(rune('a' + i))
	}
	return "z" + strconv.Itoa(i) + "."
}

// press finds what a typed code presses: "a2", with or without brackets. A number alone is for the engine, which knows
// whether the question wants one for itself.
func (b *choiceLetters) press(code string) (Choice, bool) {
	for ref, choices := range b.choices {
		letter := b.letter(ref)
		for i, c := range choices {
			if strings.EqualFold(code, letter+strconv.Itoa(i+1)) {
				return c, true
			}
		}
	}
	return Choice{}, false
}

// trimBrackets takes the brackets off what was copied with them.
func trimBrackets(line string) string {
	inner, left := strings.CutPrefix(line, "[")
	inner, right := strings.CutSuffix(inner, "]")
	if left && right && len(inner) < 6 {
		return inner
	}
	return line
}

// renderBubble writes a bubble as the terminal shows it, control characters made harmless: what a seller writes is not the
// terminal's master.
func renderBubble(b Bubble, letter string) string {
	if b.Mine {
		return "you: " + strings.TrimSpace(sanitize(b.Text)+" "+fileLabels(b.Files)) + "\n"
	}
	if b.Mode == bot.Strip || b.Title == "" && b.Text == "" && b.Quote == "" {
		return ""
	}
	var lines []string
	if b.Title != "" {
		lines = append(lines, wrap(sanitize(b.Title), lineWidth)...)
	}
	if b.Text != "" {
		lines = append(lines, wrap(sanitize(b.Text), lineWidth)...)
	}
	if b.Quote != "" {
		for _, q := range wrap(sanitize(b.Quote), lineWidth-2) {
			lines = append(lines, "> "+q)
		}
	}
	for _, f := range b.Files {
		lines = append(lines, fileLabel(f))
	}
	lines = append(lines, renderChoices(b.Choices, letter)...)
	first := "│ "
	if b.Mode == bot.Edit {
		first = "✎ "
	}
	return first + strings.ReplaceAll(strings.Join(lines, "\n│ "), "│ \n", "│\n") + "\n"
}

// renderChoices puts choices on one line where they fit, on a line each where not.
func renderChoices(choices []Choice, letter string) []string {
	var each []string
	for i, c := range choices {
		each = append(each, fmt.Sprintf("[%s%d] %s", letter, i+1, sanitize(c.Label)))
	}
	if line := strings.Join(each, "  "); utf8.RuneCountInString(line) <= lineWidth && line != "" {
		return []string{line}
	}
	return each
}

// lineWidth is how many characters of a message stand in one line.
const lineWidth = 76

// wrap breaks lines between words; a word longer than a line is left whole, so that a link stays one.
func wrap(text string, width int) (lines []string) {
	for _, line := range strings.Split(text, "\n") {
		var now strings.Builder
		n := 0
		for i, word := range strings.Split(line, " ") {
			long := utf8.RuneCountInString(word)
			if i > 0 && n+1+long > width {
				lines = append(lines, now.String())
				now.Reset()
				n = 0
			} else if i > 0 {
				now.WriteByte(' ')
				n++
			}
			now.WriteString(word)
			n += long
		}
		lines = append(lines, now.String())
	}
	return lines
}

func sanitize(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return '\uFFFD'
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1 // reorders the line it stands in
		default:
			return r
		}
	}, s)
}
