// Package reading measures how easily English reads, by Flesch's reading ease: 100 is read by a child, 70 by everybody, 50
// with some effort.
package reading

import (
	"regexp"
	"strings"
)

// Ease is Flesch's reading ease of a text: the shorter its sentences and words, the higher.
func Ease(text string) float64 {
	sentences, words, syllables := 0, 0, 0
	for _, s := range Sentences(text) {
		sentences++
		for _, w := range Words(s) {
			words++
			syllables += Syllables(w)
		}
	}
	if words == 0 {
		return 100
	}
	return 206.835 - 1.015*float64(words)/float64(sentences) - 84.6*float64(syllables)/float64(words)
}

// sentenceEnd is what ends a sentence inside a line: the mark, what closes around it, and space.
var sentenceEnd = regexp.MustCompile(`[.!?…]["”’)]*\s+`)

// Sentences are the sentences of a text; a line of its own, such as an item of a list, is one too.
func Sentences(text string) (all []string) {
	for line := range strings.Lines(text) {
		for _, s := range strings.Split(sentenceEnd.ReplaceAllString(line, "$0\x00"), "\x00") {
			if len(Words(s)) > 0 {
				all = append(all, strings.TrimSpace(s))
			}
		}
	}
	return all
}

// word is letters with what may stand inside of a word, or a number.
var word = regexp.MustCompile(`\p{L}+(?:['’]\p{L}+)*|\d[\d.,:/]*`)

// Words are the words of a sentence; a number is one.
func Words(sentence string) []string { return word.FindAllString(sentence, -1) }
