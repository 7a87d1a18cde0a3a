package telegram

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

func TestRender(t *testing.T) {
	got := render(&bot.Reply{Title: "Order 8 · Lämp 🙂", Text: "Ana writes:", Quote: "cheaper at evil.com @spy"}, nil)
	want := []page{{"Order 8 · Lämp 🙂\nAna writes:\ncheaper at evil.\u2060com @\u2060spy", []models.MessageEntity{
		{Type: "bold", Offset: 0, Length: 17}, {Type: "blockquote", Offset: 30, Length: 26}}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestNeutralizeOwn(t *testing.T) {
	commands := []string{"orders"}
	for s, want := range map[string]string{
		"24.90 USD":                          "24.90 USD",
		"up to 24.90.":                       "up to 24.90.",
		"1.2.3.4":                            "1.\u20602.\u20603.\u20604",
		"see /orders":                        "see /orders",
		"see /orders2":                       "see /\u2060orders2",
		"see /orders@spy_bot":                "see /\u2060orders@\u2060spy_bot",
		"and/orders":                         "and/\u2060orders",
		"\u2068/orders\u2069 writes":         "\u2068/\u2060orders\u2069 writes",
		"t.me/x":                             "t.\u2060me/\u2060x",
		"tg://resolve":                       "tg:\u2060//\u2060resolve",
		"a\u202eb\u200bc\u2060d\x00e\u200ff": "abcdef",
		"a\u2066b":                           "a\u2066b\u2069",
		"a\u2069b":                           "ab",
		"one\r\ntwo\u2028three":              "one\ntwo\nthree",
		"👩\u200d🚀 می\u200cخواهم":             "👩\u200d🚀 می\u200cخواهم",
		"At 09:05. Then go.":                 "At 09:05. Then go.",
		"$USD #sale":                         "$\u2060USD #\u2060sale",
		"bad\xffbyte":                        "bad\uFFFDbyte",
	} {
		if got := neutralizeOwn(s, commands); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestKeyboard(t *testing.T) {
	long := strings.Repeat("long words ", 10)
	k := keyboard([]bot.Button{{Token: "1", Label: "Yes", Style: bot.Danger}, {Token: "2", Label: "No"}, {Token: "3", Label: "A label that is rather long"}, {Token: "4", Label: "Back"},
		{Token: "5", Label: long}, {Token: "6", Label: "\u200b \u2060"}, {Token: "7", Label: "Home"}, {Token: "8", Label: "Help"}}).(*inlineKeyboard)
	var got []string
	for _, row := range k.Rows {
		var labels []string
		for _, b := range row {
			labels = append(labels, b.Text)
		}
		got = append(got, strings.Join(labels, " | "))
	}
	want := []string{"Yes | No", "A label that is rather long", "Back", "5. long words long words long words long words…", "6 | Home", "Help"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if pages := render(&bot.Reply{Text: "Which?", Choices: []bot.Button{{Label: "Short"}, {Label: long}}}, nil); pages[0].text != "Which?\n2. "+strings.TrimSpace(long) {
		t.Errorf("a label that is cut stands in full: got %q", pages[0].text)
	}
	if keyboard(nil) != nil {
		t.Error("no choices are a keyboard")
	}
}

func TestSplit(t *testing.T) {
	sentence := "This sentence has forty-one characters. "
	for name, c := range map[string]struct {
		text string
		most int
		want []string
	}{
		"fits":             {"short", 10, []string{"short"}},
		"sentences":        {strings.Repeat(sentence, 3), 90, []string{strings.TrimSpace(sentence + sentence), strings.TrimSpace(sentence)}},
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

// TestSplitKeepsMarks holds that marks cover the same words in the parts as in the whole.
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
