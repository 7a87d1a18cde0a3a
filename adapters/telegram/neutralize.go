package telegram

import (
	"slices"
	"strings"
	"unicode"
)

// Telegram finds mentions, commands, tags and links in whatever a bot sends, also where it is given entities, and there
// is no way to ask it not to (only in code it does not look). Words of people must not become any of these. So a word
// joiner, which nobody sees, stands behind the character that would begin one: it is neither part of a name nor of an
// address. See docs/telegram.md.
const wordJoiner = '\u2060'

// dead makes words of people harmless: nothing in them turns the line around, hides, or comes to life when touched.
func neutralize(s string) string { return breakEntities(sanitize(s), nil) }

// ours does the same for what we say, which may have words of people in it; our own commands stay alive, outside of
// what is isolated as somebody's name.
func neutralizeOwn(s string, commands []string) string { return breakEntities(sanitize(s), commands) }

// visible drops what cannot be seen but changes what is: control characters, overrides of direction and zero-width
// characters, less the joiners that scripts and emoji need. Isolates that are not closed are closed.
func sanitize(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\u00a0':
			return ' '
		case r == '\u2028', r == '\u2029':
			return '\n'
		case unicode.IsControl(r), invisible(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD"))
	return closeIsolates(s)
}

func invisible(r rune) bool {
	switch {
	case r >= '\u202a' && r <= '\u202e', r == '\u200e', r == '\u200f', r == '\u061c': // turn writing around
		return true
	case r == '\u200b', r >= '\u2060' && r <= '\u2064', r >= '\u206a' && r <= '\u206f', r == '\ufeff', r == '\u00ad', r == '\u180e', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0':
		return true
	case r >= 0xE0000 && r <= 0xE0FFF: // tags and variation selectors nobody sees
		return true
	}
	return r >= '\ufff9' && r <= '\ufffb'
}

const (
	isolate    = '\u2068'
	popIsolate = '\u2069'
)

// closed closes the isolates of each line, and drops what closes none.
func closeIsolates(s string) string {
	if !strings.ContainsAny(s, "\u2066\u2067\u2068\u2069") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		open := 0
		line = strings.Map(func(r rune) rune {
			switch {
			case r >= '\u2066' && r <= '\u2068':
				open++
			case r == popIsolate && open == 0:
				return -1
			case r == popIsolate:
				open--
			}
			return r
		}, line)
		lines[i] = line + strings.Repeat(string(popIsolate), open)
	}
	return strings.Join(lines, "\n")
}

// still puts a joiner behind every character that would begin something alive.
func breakEntities(s string, commands []string) string {
	if !strings.ContainsAny(s, "@/#$.:") {
		return s
	}
	runes := []rune(s)
	var b strings.Builder
	b.Grow(len(s) + 16)
	isolated := 0
	for i, r := range runes {
		b.WriteRune(r)
		switch {
		case r == isolate:
			isolated++
		case r == popIsolate:
			isolated--
		case r == '/' && isolated == 0 && slices.Contains(commands, commandAt(runes, i)):
		case startsEntity(runes, i):
			b.WriteRune(wordJoiner)
		}
	}
	return b.String()
}

// begins says whether something alive could begin at the character: a name, a command, a tag, an address.
func startsEntity(s []rune, i int) bool {
	if i+1 == len(s) {
		return false
	}
	next := s[i+1]
	switch s[i] {
	case '@', '#', '/', '$':
		return isEntityRune(next)
	case ':':
		return next == '/'
	case '.':
		return isEntityRune(next) && !isDecimalPoint(s, i)
	}
	return false
}

// wordly says whether a name, a tag or an address may go on with it: for Telegram, beyond ASCII, that is nearly everything.
func isEntityRune(r rune) bool {
	switch {
	case r < 0x80:
		return r == '_' || r == '-' || r == '~' || unicode.IsLetter(r) || unicode.IsDigit(r)
	case r >= 0x2000 && r <= 0x206f:
		return r == '\u200c' || r == '\u200d' || r >= 0x2010 && r <= 0x2015
	}
	return !unicode.IsSpace(r)
}

// amount says whether the full stop is the decimal point of a number that stands alone, 24.90.
func isDecimalPoint(s []rune, i int) bool {
	digit := func(at int) bool { return at >= 0 && at < len(s) && s[at] >= '0' && s[at] <= '9' }
	if !digit(i-1) || !digit(i+1) {
		return false
	}
	from, to := i-1, i+1
	for digit(from) {
		from--
	}
	for digit(to) {
		to++
	}
	if from >= 0 && strings.ContainsRune("./:", s[from]) || to < len(s) && (unicode.IsLetter(s[to]) || strings.ContainsRune("/:", s[to])) {
		return false
	}
	return to+1 >= len(s) || s[to] != '.' || !isEntityRune(s[to+1])
}

// command is the command that begins at the slash, without it; empty where none does.
func commandAt(s []rune, slash int) string {
	if slash > 0 && (isEntityRune(s[slash-1]) || strings.ContainsRune("/<>", s[slash-1])) {
		return ""
	}
	end := slash + 1
	for end < len(s) && (s[end] == '_' || s[end] < unicode.MaxASCII && (unicode.IsLetter(s[end]) || unicode.IsDigit(s[end]))) {
		end++
	}
	if end < len(s) && (isEntityRune(s[end]) || strings.ContainsRune("@/<>", s[end])) {
		return ""
	}
	return string(s[slash+1 : end])
}
