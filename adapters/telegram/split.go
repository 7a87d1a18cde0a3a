package telegram

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// split cuts a page into pages of at most so many UTF-16 units: between paragraphs where it can, else lines, sentences,
// words, and at last between characters. The entities go with their words. It is pure.
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

// cutAt is where to cut a text that is too long, in bytes: the last break of the best kind in what fits. A break in the first
// third is passed over for one of a lesser kind: many short pages read worse than a paragraph that is cut.
func cutAt(s string, most int) int {
	end, n := len(s), 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > most {
			end = i
			break
		}
	}
	fits := s[:end]
	for _, kind := range []string{"\n\n", "\n", sentenceEnds, " "} {
		if at := lastBreak(fits, kind); at > end/3 {
			return at
		}
	}
	return graphemeStart(s, end)
}

// sentenceEnds are the characters that end a sentence.
const sentenceEnds = ".!?…。！？؟"

// lastBreak is the last place of a kind of break, in bytes; -1 where there is none. A sentence ends with its character only
// where a space follows, so not in 24.90, or where the script writes no spaces.
func lastBreak(s, kind string) int {
	if kind != sentenceEnds {
		return strings.LastIndex(s, kind)
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

// slice is a part of a page, from byte to byte, with its share of the entities.
func (p page) slice(from, end int) page {
	part := page{text: strings.TrimRight(p.text[from:end], " \n")}
	start, length := utf16Len(p.text[:from]), utf16Len(part.text)
	for _, e := range p.entities {
		left, right := max(e.Offset-start, 0), min(e.Offset+e.Length-start, length)
		if left < right {
			part.entities = append(part.entities, models.MessageEntity{Type: e.Type, Offset: left, Length: right - left})
		}
	}
	return part
}
