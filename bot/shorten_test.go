package bot_test

import (
	"testing"

	"nevermind/bot"
)

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"a lamp", 6, "a lamp"},
		{"a bamboo lamp with a shade", 20, "a bamboo lamp with…"},
		{"unbreakablelettering", 10, "unbreakab…"},
		{"\u2068مصباح طاولة\u2069", 8, "\u2068مصباح…\u2069"},
	} {
		if got := bot.Shorten(c.text, c.most); got != c.want {
			t.Errorf("%q to %d: got %q, want %q", c.text, c.most, got, c.want)
		}
	}
}
