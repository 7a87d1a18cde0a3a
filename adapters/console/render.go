package console

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// renderBubble writes a bubble as the terminal shows it; it is empty where there is nothing to show. All texts are
// sanitized: what a seller writes must not control the terminal.
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

// wrap breaks lines between words, at most width characters each; a word longer than a line is left whole, so that a link
// stays one.
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

// sanitize replaces control characters, except line feeds, and removes the characters that reorder the text around them.
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
