package telegram

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"nevermind/bot"
)

func TestSplit(t *testing.T) {
	sentence := "This sentence has forty-one characters. "
	for name, c := range map[string]struct {
		text string
		most int
		want []string
	}{
		"fits":             {"short", 10, []string{"short"}},
		"sentences":        {strings.Repeat(sentence, 3), 90, []string{sentence + sentence[:39], sentence[:39]}},
		"paragraphs first": {"One. Two.\n\nThree. Four.", 18, []string{"One. Two.", "Three. Four."}},
		"words":            {"aaaa bbbb cccc", 11, []string{"aaaa bbbb", "cccc"}},
		"surrogates":       {"🙂🙂🙂", 5, []string{"🙂🙂", "🙂"}},
		"a family stays":   {"aaaa👩\u200d👩\u200d👧b", 9, []string{"aaaa", "👩\u200d👩\u200d👧b"}},
		"exactly":          {"12345", 5, []string{"12345"}},
	} {
		var got []string
		for _, p := range split(page{text: c.text}, c.most) {
			got = append(got, p.text)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestSplitKeepsEntities holds that entities cover the same words in the parts as in the whole.
func TestSplitKeepsEntities(t *testing.T) {
	quote := strings.Repeat("Quoted 🙂 words. ", 400)
	pages := render(&bot.Reply{Title: "A title", Text: strings.Repeat("Said. ", 300), Quote: quote}, nil)
	if len(pages) < 2 {
		t.Fatalf("got %d pages, want several", len(pages))
	}
	quoted := 0
	for i, p := range pages {
		all := utf16.Encode([]rune(p.text))
		if len(all) > maxText {
			t.Errorf("page %d has %d units", i, len(all))
		}
		for _, m := range p.entities {
			words := string(utf16.Decode(all[m.Offset : m.Offset+m.Length]))
			switch {
			case m.Type == "bold" && (i != 0 || words != "A title"):
				t.Errorf("page %d: %q is bold", i, words)
			case m.Type == "expandable_blockquote" && strings.Contains(words, "Said"):
				t.Errorf("page %d: %.30q is quoted", i, words)
			case m.Type == "expandable_blockquote":
				quoted += strings.Count(words, "Quoted")
			}
		}
	}
	if quoted != 400 {
		t.Errorf("got %d sentences quoted, want 400", quoted)
	}
}
