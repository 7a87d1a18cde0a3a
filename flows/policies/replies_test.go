package policies

import (
	"slices"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestRepliesAreReplaced: a file's list stands in place of the base's; without one the base's stay.
func TestRepliesAreReplaced(t *testing.T) {
	p := load(t, `
replies:
  - {id: wait, label: "Please wait", to: either, source: [house],
     text: {en: "Please wait for {seller}.", es: "Espere a {seller}."}}
`).Policy
	if len(p.Replies) != 1 || p.Replies[0].ID != "wait" || p.Replies[0].To != "" ||
		p.Replies[0].Texts["es"] != "Espere a {seller}." {
		t.Errorf("got %+v, want the file's one reply, to either side", p.Replies)
	}
	if got := p.Sources["replies.wait"]; !slices.Equal(got, []string{"house"}) {
		t.Errorf("its source: got %v, want house", got)
	}
	built := load(t, "name: mine").Policy.Replies
	if len(built) < 4 || !slices.ContainsFunc(built, func(r bot.CannedReply) bool { return r.To == bot.Seller }) {
		t.Errorf("the built-in replies: got %+v, want some, one of them for sellers", built)
	}
}

func TestReplyFaults(t *testing.T) {
	for file, want := range map[string]string{
		`replies: [{id: a, label: A, to: buyer, text: {en: "Dear {name},"}}]`: "nobody knows what {name} is",
		`replies: [{id: a, label: A, to: buyer, text: {es: "Hola"}}]`:         "the English text is missing",
		`replies: [{id: a, label: A, to: shop, text: {en: "Hello"}}]`:         `"shop" is not a choice`,
		`replies: [{id: a, label: A, to: buyer, text: {English: "Hello"}}]`:   "is not a language",
		`replies: [{id: A b, label: A, to: buyer, text: {en: "Hello"}}]`:      "is not a name",

		`replies: [{id: a, label: A, to: buyer, text: {en: "Hello"}}, ` +
			`{id: a, label: B, to: buyer, text: {en: "Hello"}}]`: "a is there twice",

		`replies: [{id: a, label: A, to: buyer, text: {en: "Hello"}, whom: x}]`:                              "unknown key",
		`replies: [{id: a, label: A, to: buyer, text: {en: "` + strings.Repeat("x", longestReply+1) + `"}}]`: "does not fit",
	} {
		_, err := Load(Builtin(), []byte(file))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: got %v, want %q", file, err, want)
		}
	}
}
