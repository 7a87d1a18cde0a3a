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

// TestNamesThatStandForNothing shows that a sentence which is left out leaves no gap.
func TestNamesThatStandForNothing(t *testing.T) {
	r := &Ruleset{Flows: &bot.Flows{Terms: map[string]bot.Term{
		"none": func(*bot.View, *bot.Person) string { return "" },
		"some": func(*bot.View, *bot.Person) string { return "It has shipped." },
	}}}
	for words, want := range map[string]string{
		"I have asked. {none} Please wait.": "I have asked. Please wait.",
		"I have asked. {some} Please wait.": "I have asked. It has shipped. Please wait.",
		"{none} Please wait.":               "Please wait.",
		"Please wait. {none}":               "Please wait.",
		"Please wait. {none} {none}":        "Please wait.",
		"Please wait. {none}\nThank you.":   "Please wait.\nThank you.",
		"One.\n{none}\nTwo.":                "One.\nTwo.",
		"One.\n\n{none}\n\nTwo.":            "One.\n\nTwo.",
		"One.\n{none} {none}":               "One.",
		"One.\n{none}\n\nTwo.":              "One.\n\nTwo.",
		"{none}":                            "",
		"Costs: {none}, as ever.":           "Costs: , as ever.",
	} {
		if got := r.Say(&bot.View{}, &bot.Person{}, words); got != want {
			t.Errorf("%q is %q, want %q", words, got, want)
		}
	}
}

// TestCountHoldsNames shows that what is counted may stand in a sentence with other names.
func TestCountHoldsNames(t *testing.T) {
	r := &Ruleset{Flows: &bot.Flows{}}
	v := (&bot.View{Renderer: r}).With(bot.Facts{"what": "photos"})
	if got, want := v.Count(
		&bot.Person{},
		3,
		"One of {what} is missing.",
		"{n} {what} are missing.",
	), "3 photos are missing."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
