package flows

import (
	"strconv"
	"strings"
	"unicode"

	"nevermind/bot"
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
	words := strings.FieldsFunc(strings.ToLower(asciiDigits(text)), func(r rune) bool {
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
		if bare := strings.TrimSuffix(w, ending); bare != w && countDigits(bare) == len(bare) {
			w = bare
			break
		}
	}
	if len(w) == 0 || len(w) > 3 || countDigits(w) != len(w) {
		return 0, false
	}
	n, err := strconv.Atoi(w)
	return n, err == nil
}

// asciiDigits writes every digit of any script as 0–9, also keycaps and circled ones, and drops what cannot be seen.
func asciiDigits(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		plain = plain && s[i] < 0x80
	}
	if plain {
		return s
	}
	var out strings.Builder
	for _, r := range s {
		switch n, ok := numberOf(r); {
		case ok:
			out.WriteString(strconv.Itoa(n))
		case unicode.Is(unicode.Cf, r), r == '\ufe0f', r == '\u20e3': // a keycap is a digit and two that cannot be seen
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// circled are numbers in one character, each range with what its first one stands for.
var circled = []struct {
	lo, hi rune
	first  int
}{
	{'①', '⑳', 1}, {'⑴', '⒇', 1}, {'⒈', '⒛', 1}, {'⓪', '⓪', 0}, {'❶', '❿', 1}, {'➀', '➉', 1}, {'➊', '➓', 1},
	{'⁴', '⁹', 4}, {'₀', '₉', 0}, {'²', '³', 2}, {'¹', '¹', 1}, {'⁰', '⁰', 0}, {'🔟', '🔟', 10},
}

// numberOf is the number that one character stands for: a digit of some script, or a circled one.
func numberOf(r rune) (int, bool) {
	if r < 0x80 {
		return 0, false
	}
	for _, c := range circled {
		if r >= c.lo && r <= c.hi {
			return c.first + int(r-c.lo), true
		}
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	// Each script's ten digits stand in a row, and a range of them begins with a nought.
	for _, d := range unicode.Nd.R16 {
		if rune(d.Lo) <= r && r <= rune(d.Hi) {
			return int(r-rune(d.Lo)) % 10, true
		}
	}
	for _, d := range unicode.Nd.R32 {
		if rune(d.Lo) <= r && r <= rune(d.Hi) {
			return int(r-rune(d.Lo)) % 10, true
		}
	}
	return 0, false
}

// hearQuantity reads how many are meant: "3", "three", "two of them", "all".
func hearQuantity(v *bot.View, m *bot.Message) (bot.Event, bool) {
	text := strings.TrimSpace(asciiDigits(m.Text))
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
