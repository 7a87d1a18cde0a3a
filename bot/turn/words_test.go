package turn

import (
	"strings"
	"testing"

	"nevermind/bot"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Bamboo lamp", "Bamboo lamp"},
		{"two\nlines\tand a tab", "two lines and a tab"},
		{"\u202egnp.exe", "gnp.exe"},
		{"zero\u200bwidth stays, marks go\u200e", "zero\u200bwidth stays, marks go"},
		{"مصباح", "\u2068مصباح\u2069"},
		{"\u2069 out of the box \u2068", " out of the box "},
		{"bell\x07", "bell"},
		{"/stop", "\u2068/stop\u2069"},
		{"USB-C/A cable", "USB-C/A cable"},
		{"emoji 👩‍👩‍👧 stays", "emoji 👩‍👩‍👧 stays"},
	} {
		if got := bot.Clean(c.in); got != c.want {
			t.Errorf("Clean(%q) is %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("مصباح\u202e{seller}")
	f.Fuzz(func(t *testing.T, s string) {
		got := bot.Clean(s)
		if strings.ContainsAny(got, "\n\r\x00\u202e\u202d") {
			t.Errorf("Clean(%q) is %q", s, got)
		}
		if strings.Count(got, "\u2068") != strings.Count(got, "\u2069") {
			t.Errorf("Clean(%q) leaves an isolate open: %q", s, got)
		}
	})
}

func TestParseWords(t *testing.T) {
	for _, c := range []struct {
		words string
		names int
	}{{"Hello {me}.", 1}, {"no names", 0}, {"{a}{b}", 2}, {"an open { brace", 0}, {"", 0}} {
		if got := len(parse(c.words).names()); got != c.names {
			t.Errorf("%q has %d names, want %d", c.words, got, c.names)
		}
	}
}

func TestEmptyWordsLeaveNoGap(t *testing.T) {
	r := NewRuleset(&bot.Flows{}, nil)
	v := &bot.View{Conv: &bot.Conversation{}, Frame: &bot.Frame{}}
	for words, want := range map[string]string{
		"One. {a} {none} {b}":         "One. Two. Three.",
		"{none} {a}":                  "Two.",
		"One. {none}":                 "One.",
		"One.\n{none}\n{a}":           "One.\nTwo.",
		"One. {none}\n{a}":            "One.\nTwo.",
		" {a}{none}":                  " Two.",
		"{none}":                      "",
		"One. {none}{none} {a}":       "One. Two.",
		"• {a}\n{none}\n\n{b} {none}": "• Two.\n\nThree.",
	} {
		got := r.Say(v.With(bot.Facts{"a": "Two.", "b": "Three."}), &bot.Person{}, words)
		if got != want {
			t.Errorf("%q is said as %q, want %q", words, got, want)
		}
	}
}
