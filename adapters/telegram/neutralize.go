package telegram

import (
	"slices"
	"strings"
	"unicode"
)

// Telegram finds mentions, commands, hashtags and links in whatever a bot sends, also where it is given entities, and a bot
// cannot ask it not to (it does not look into code, which is set in another type). Words of people must not become touchable:
// a name could pose as a link of the shop. So a word joiner, which nobody sees, is put behind each character that would begin
// an entity; it is part of no name and no address. docs/telegram.md tells how that was tried.
const wordJoiner = '\u2060'

// neutralize makes words of people inert: nothing in them is hidden, turns writing around, or can be touched.
func neutralize(s string) string { return breakEntities(sanitize(s), nil) }

// neutralizeOwn does the same for the bot's own words, which may hold words of people. Its own commands stay touchable, but
// not inside of isolates: what is isolated is somebody's name.
func neutralizeOwn(s string, commands []string) string { return breakEntities(sanitize(s), commands) }

// sanitize drops what cannot be seen but changes what is: control characters, overrides of direction, and zero-width
// characters except for the joiners that scripts and emoji need. Other line breaks become \n, isolates are closed, and bytes
// that are no UTF-8 become U+FFFD.
func sanitize(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r >= ' ' && r < unicode.MaxASCII: // nearly all of it
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

// invisible says whether a rune is dropped because nobody sees it: a direction mark that is no isolate, a zero-width or filler
// character, a tag or an annotation mark.
func invisible(r rune) bool {
	switch {
	case unicode.Is(unicode.Bidi_Control, r):
		return r < firstIsolate || r > popIsolate
	case r == '\u200b', r >= '\u2060' && r <= '\u2064', r >= '\u206a' && r <= '\u206f', r == '\ufeff', r == '\u00ad', r == '\u180e',
		r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0':
		return true
	case r >= 0xE0000 && r <= 0xE0FFF: // tags and supplementary variation selectors
		return true
	}
	return r >= '\ufff9' && r <= '\ufffb'
}

// The isolates of the Unicode bidirectional algorithm: three that open one, and the one that closes it.
const (
	firstIsolate = '\u2066'
	isolate      = '\u2068' // first strong isolate, in which the catalog puts people's names
	popIsolate   = '\u2069'
)

// closeIsolates closes the isolates of each line, and drops what closes none: one that somebody's name leaves open would turn
// around the words that follow it.
func closeIsolates(s string) string {
	if !strings.ContainsAny(s, "\u2066\u2067\u2068\u2069") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		open := 0
		line = strings.Map(func(r rune) rune {
			switch {
			case r >= firstIsolate && r < popIsolate:
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

// breakEntities puts a word joiner behind each character that would begin an entity, except for the commands given. With | for
// the joiner: @|durov, evil.|com, tg:|//|resolve, /|cancel; an amount like 24.90 stays as it is.
func breakEntities(s string, commands []string) string {
	if !strings.ContainsAny(s, "@/#$.:") {
		return s
	}
	runes := []rune(s)
	var b strings.Builder
	isolated, written, i := 0, 0, -1
	for at, r := range s {
		i++
		switch r {
		case isolate:
			isolated++
		case popIsolate:
			isolated--
		case '@', '/', '#', '$', '.', ':':
			if r == '/' && isolated == 0 && slices.Contains(commands, commandAt(runes, i)) || !startsEntity(runes, i) {
				continue
			}
			b.WriteString(s[written : at+1])
			b.WriteRune(wordJoiner)
			written = at + 1
		}
	}
	if written == 0 {
		return s
	}
	b.WriteString(s[written:])
	return b.String()
}

// startsEntity says whether an entity could begin at a character: a mention, a command, a hashtag, a cashtag or an address.
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

// isEntityRune says whether an entity may go on with a rune: beyond ASCII, Telegram takes nearly every one.
func isEntityRune(r rune) bool {
	switch {
	case r < 0x80:
		return r == '_' || r == '-' || r == '~' || unicode.IsLetter(r) || unicode.IsDigit(r)
	case r >= 0x2000 && r <= 0x206f:
		return r == '\u200c' || r == '\u200d' || r >= 0x2010 && r <= 0x2015
	}
	return !unicode.IsSpace(r)
}

// isDecimalPoint says whether the full stop at i is the decimal point of a number that stands alone, as in 24.90. It is none in
// an address: in 1.2.3.4, in 24.90/x, or where letters follow.
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
	if from >= 0 && strings.ContainsRune("./:", s[from]) {
		return false
	}
	if to < len(s) && (unicode.IsLetter(s[to]) || strings.ContainsRune("/:", s[to])) {
		return false
	}
	return to+1 >= len(s) || s[to] != '.' || !isEntityRune(s[to+1])
}

// commandAt is the command that begins at a slash, without it; empty where none does.
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
