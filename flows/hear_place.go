package flows

import (
	"strconv"
	"strings"
	"unicode"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// placeWords are the places of a list in words.
var placeWords = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}

// besidePlace are the words that people put around a place: "option 2", "the second one", "no. 2".
var besidePlace = map[string]bool{
	"the": true, "option": true, "number": true, "no": true, "nr": true, "nº": true, "№": true, "choice": true, "answer": true,
	"button": true, "item": true, "please": true, "one": true, "i": true, "take": true, "choose": true, "pick": true,
}

// placeTyped reads which of the choices in sight somebody means who types its place in the list, as people write one: "2",
// "2)", "#2", "no. 2", "the second one", a keycap, a circled number, or digits of any script. False where it is anything else.
func placeTyped(text string) (int, bool) {
	words := strings.FieldsFunc(strings.ToLower(understand.Digits(text)), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) && r != '-' || unicode.IsSymbol(r) && r != '+'
	})
	place, found := 0, false
	for i, w := range words {
		n, is := placeOf(w)
		switch {
		case is && !found:
			place, found = n, true
		case w == "one" && i > 0: // "the second one"
		case is || !besidePlace[w]:
			return 0, false
		}
	}
	return place, found && place > 0
}

// placeOf reads one word as a place: "2", "2nd", "second".
func placeOf(w string) (int, bool) {
	if n, ok := placeWords[w]; ok {
		return n, true
	}
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		if bare := strings.TrimSuffix(w, ending); bare != w && understand.CountDigits(bare) == len(bare) {
			w = bare
			break
		}
	}
	if len(w) == 0 || len(w) > 3 || understand.CountDigits(w) != len(w) {
		return 0, false
	}
	n, err := strconv.Atoi(w)
	return n, err == nil
}

// hearQuantity reads how many are meant: "3", "three", "two of them", "all".
func hearQuantity(v *bot.View, m *bot.Message) (bot.Event, bool) {
	text := strings.TrimSpace(understand.Digits(m.Text))
	n, ok := placeTyped(text)
	if said := quantitiesSaid(m.Text); !ok && len(said) == 1 && said[0].number > 0 {
		n, ok = said[0].number, true
	}
	if all := plainWords(text); all == "all" || all == "all of them" || all == "all of it" {
		n, ok = quantityAsked(v).Quantity, true
	}
	if typed, err := strconv.Atoi(text); err == nil { // also nought, and more than a list has places
		n, ok = typed, true
	}
	switch {
	case !ok:
		return bot.Event{}, false
	case n < 1 || n > quantityAsked(v).Quantity:
		return bot.Event{Name: "quantity_unfit"}, true
	}
	return bot.Event{Name: "quantity_chosen", Facts: bot.Facts{"quantity": strconv.Itoa(n)}}, true
}
