package console

import (
	"slices"
	"strconv"
	"strings"

	"nevermind/bot"
)

// choiceLetters is what can be pressed in the terminal now besides the talk's question. The question's choices have plain
// numbers, which the engine hears; every other message has a letter before its numbers, so that a number never presses a
// card. A letter is free again once its message has no choices.
type choiceLetters struct {
	choices map[bot.Ref][]Choice
	order   []bot.Ref // by letter; empty where the letter is free
}

// put takes in a bubble and returns the letter of its choices; it is empty for the talk's own question and for a message
// without choices.
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

// drop frees a message's letter.
func (b *choiceLetters) drop(ref bot.Ref) {
	delete(b.choices, ref)
	if i := slices.Index(b.order, ref); i >= 0 && ref != "" {
		b.order[i] = ""
	}
}

// letter is the letter of a message: the one it has, or the first that is free. Beyond z they are "z26.", "z27." and so on.
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

// press finds the choice that a typed code such as "a2" presses. A number alone is for the engine, which knows whether the
// question wants a number itself.
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

// trimBrackets takes off the brackets that were copied with a code.
func trimBrackets(line string) string {
	inner, left := strings.CutPrefix(line, "[")
	inner, right := strings.CutSuffix(inner, "]")
	// Longer text in brackets is somebody's own words.
	if left && right && len(inner) < 6 {
		return inner
	}
	return line
}
