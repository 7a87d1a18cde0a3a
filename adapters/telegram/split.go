package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// split cuts a page into pages of at most so many UTF-16 units: between paragraphs where it can, else lines, sentences,
// words, and at last between what people see as characters.
func split(p page, most int) []page {
	var pages []page
	for from := 0; ; {
		rest := p.text[from:]
		if utf16Len(rest) <= most {
			return append(pages, p.slice(from, len(p.text)))
		}
		end := from + cutAt(rest, most)
		pages = append(pages, p.slice(from, end))
		for from = end; from < len(p.text) && (p.text[from] == ' ' || p.text[from] == '\n'); {
			from++
		}
		if from == len(p.text) {
			return pages
		}
	}
}

// cutAt finds where to cut, in bytes: the last good place in what fits, if that is not in its first third.
func cutAt(s string, most int) int {
	end, n := len(s), 0
	for i, r := range s {
		if n += utf16RuneLen(r); n > most {
			end = i
			break
		}
	}
	fits := s[:end]
	for _, gap := range []string{"\n\n", "\n", sentenceEnds, " "} {
		if at := lastBreak(fits, gap); at > end/3 {
			return at
		}
	}
	return graphemeStart(s, end)
}

const sentenceEnds = ".!?…。！？؟"

// lastGap is the end of the last piece that ends so.
func lastBreak(s, gap string) int {
	if gap != sentenceEnds {
		return strings.LastIndex(s, gap)
	}
	for i := len(s); i > 0; {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		if strings.ContainsRune(sentenceEnds, r) && (i == len(s) || s[i] == ' ' || r >= 0x3000) {
			return i
		}
		i -= size
	}
	return -1
}

// wholeCharacter goes back to where a character as people see it begins.
func graphemeStart(s string, end int) int {
	for at := end; at > max(0, end-maxGrapheme); {
		next, _ := utf8.DecodeRuneInString(s[at:])
		before, size := utf8.DecodeLastRuneInString(s[:at])
		if !extendsGrapheme(next) && before != '\u200d' && before != wordJoiner {
			return at
		}
		at -= size
	}
	return end
}

// longestCharacter is more bytes than a character has that means anything.
const maxGrapheme = 64

// joins says whether a rune belongs to the one before it.
func extendsGrapheme(r rune) bool {
	return unicode.Is(unicode.M, r) || r == '\u200d' || r == wordJoiner || r >= 0x1F3FB && r <= 0x1F3FF || r >= '\ufe00' && r <= '\ufe0f'
}

// part is a page of a page, with its share of the marks.
func (p page) slice(from, end int) page {
	one := page{text: strings.TrimRight(p.text[from:end], " \n")}
	start, length := utf16Len(p.text[:from]), utf16Len(one.text)
	for _, m := range p.entities {
		left, right := max(m.Offset-start, 0), min(m.Offset+m.Length-start, length)
		if left < right {
			one.entities = append(one.entities, models.MessageEntity{Type: m.Type, Offset: left, Length: right - left})
		}
	}
	return one
}
