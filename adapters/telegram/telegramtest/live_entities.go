package telegramtest

import (
	"regexp"
	"strings"
	"unicode/utf16"
)

// sanitize is what Telegram makes of a text before it looks at it: no control characters but line breaks, no separators or
// overrides of direction, nothing blank around.
func sanitize(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r >= 0x2028 && r <= 0x202e:
			return -1
		case r < ' ' && r != '\n':
			return ' '
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// domainRunes are the characters beyond ASCII that Telegram takes in the name of a host.
const domainRunes = `\x{c0}-\x{1fff}\x{200c}\x{200d}\x{2010}-\x{2015}\x{2070}-\x{2fff}\x{3001}-\x{10ffff}`

// livePatterns find what Telegram makes touchable by itself, a little more freely than it does: what it finds they find too. It
// looks for nothing in code.
var livePatterns = []*regexp.Regexp{
	regexp.MustCompile(`(?:^|[^\p{L}\p{N}_])(@[A-Za-z0-9_]{2,32})`),
	regexp.MustCompile(`(?:^|[^\p{L}\p{N}_/<>])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)`),
	regexp.MustCompile(`(?:^|[^\p{L}\p{N}_])(#[\p{L}\p{N}_\x{200c}]*\p{L}[\p{L}\p{N}_]*)`),
	regexp.MustCompile(`(?:^|[^\p{L}\p{N}_])(\$[A-Z]{1,8})(?:[^\p{L}\p{N}_]|$)`),
	regexp.MustCompile(`(?i)((?:tg|ton|tonsite|https?|ftp)://[^\s\x{2000}-\x{200b}\x{2016}-\x{206f}]+)`),
	regexp.MustCompile(`((?:[A-Za-z0-9_~` + domainRunes + `-]+\.)+[A-Za-z` + domainRunes + `]{2,}[A-Za-z0-9` + domainRunes + `-]*)`),
	regexp.MustCompile(`(?:^|[^\p{N}.])(\p{Nd}{1,3}\.\p{Nd}{1,3}\.\p{Nd}{1,3}\.\p{Nd}{1,3})`),
	regexp.MustCompile(`([A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+)`),
}

// liveEntities finds what Telegram would make touchable in a text with these entities.
func liveEntities(text string, marks []Entity) (found []string) {
	for _, m := range marks {
		switch m.Type {
		case "text_link", "text_mention", "mention", "url", "bot_command", "hashtag", "cashtag", "email", "phone_number":
			found = append(found, m.Type+" "+m.URL)
		}
	}
	text = withoutCode(text, marks)
	for _, re := range livePatterns {
		for _, one := range re.FindAllStringSubmatch(text, -1) {
			found = append(found, one[1])
		}
	}
	return found
}

// withoutCode blanks the parts of a text that are set in code.
func withoutCode(text string, marks []Entity) string {
	all := utf16.Encode([]rune(text))
	for _, m := range marks {
		if m.Type != "code" && m.Type != "pre" {
			continue
		}
		for i := m.Offset; i < m.Offset+m.Length; i++ {
			all[i] = ' '
		}
	}
	return string(utf16.Decode(all))
}

func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }

// splitsRune says whether a place in UTF-16 units is within a surrogate pair.
func splitsRune(text string, at int) bool {
	all := utf16.Encode([]rune(text))
	return at > 0 && at < len(all) && utf16.IsSurrogate(rune(all[at])) && all[at] >= 0xDC00
}
