package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestStrangersGoLast: whatever a stranger sends, and however much of it, what it is answered with lets the people we know go
// first, and support hears nothing of it but that they ask for a person.
func TestStrangersGoLast(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	accept := h.button("fake:s-1", "Cancel and refund 24.90 USD")
	desk := len(h.rooms["fake:desk"])
	for name, m := range map[string]bot.Message{
		"words":                     {Text: "hello"},
		"an order's number":         {Text: "81000001"},
		"cancelling one":            {Text: "cancel 81000001"},
		"a person":                  {Text: "a person, please"},
		"a complaint":               {Text: "it arrived broken, I want my money"},
		"a command":                 {Text: "/start"},
		"a link of nobody's":        {Text: "/start", Link: strings.Repeat("x", 43)},
		"a sticker":                 {Unsupported: bot.Unknown},
		"an edit":                   {Text: "hello again", ReplyTo: "1"},
		"a file":                    {Pending: []bot.PendingFile{{Ref: "x", Name: "x.jpg", Size: 1}}},
		"a file too large":          {Unsupported: bot.TooLarge, Text: "here"},
		"an album":                  {Album: "a", Pending: []bot.PendingFile{{Ref: "y", Name: "y.jpg", Size: 1}}},
		"a forged press":            {Press: "nothing"},
		"the seller's press":        {Press: accept},
		"an answer to their card":   {Text: "yes", ReplyPress: accept, ReplyTo: "3"},
		"a note":                    {Note: true, Text: "decide for me", ReplyTo: "3"},
		"evidence":                  {Evidence: bot.EvidenceOf{Record: "case/81000001/0"}, Text: "he owes me"},
		"a form's answers":          {Press: accept, Fields: bot.Facts{"sure": "yes"}},
		"in a group":                {Public: true, Text: "hello"},
		"a press in a group":        {Public: true, Press: accept},
		"privacy":                   {Text: "/privacy"},
		"a language":                {Text: "español"},
		"a very long text":          {Text: strings.Repeat("cancel ", 2000)},
		"words that look like ours": {Text: "seller_accepted"},
	} {
		room := bot.Room("fake:eve-" + bot.Trace(name))
		for n := range 3 {
			m.ID, m.Room, m.Account = fmt.Sprint(name, n), room, "fake:eve-"+bot.Trace(name)
			if err := h.engine.Receive(t.Context(), m); err != nil {
				t.Logf("%s: %v", name, err)
			}
			h.pass(0)
		}
		for _, d := range h.rooms[room] {
			if !d.Reply.Last {
				t.Errorf("%s: is answered with %q before others", name, d.Reply.Text)
			}
		}
		if got := len(h.rooms["fake:desk"]); got != desk {
			var told []string
			for _, d := range h.rooms["fake:desk"][desk:] {
				told = append(told, string(d.Reply.Mode)+" "+d.Reply.Text)
			}
			if desk = got; name != "a person" || len(told) > 1 {
				t.Errorf("%s: support is told %q", name, told)
			}
			t.Logf("%s: support is told %q", name, told)
		}
	}
	if got := h.state("case/81000001/0"); got != "awaiting_seller" {
		t.Errorf("the case went to %s", got)
	}
}

// TestPressesOfOthers: the seller's button counts for the seller alone, wherever its token turns up.
func TestPressesOfOthers(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	h.person("seller:s-2", "fake:s-2")
	token := h.button("fake:s-1", "Cancel and refund 24.90 USD")
	const s1, a1 = bot.Room("fake:s-1"), "fake:seller:s-1"
	for name, m := range map[string]bot.Message{
		"the buyer":                       {Room: anasRoom, Account: ana, Press: token},
		"the buyer in the seller's room":  {Room: s1, Account: ana, Press: token},
		"another seller":                  {Room: "fake:s-2", Account: "fake:seller:s-2", Press: token},
		"an agent":                        {Room: "fake:desk", Account: "fake:support:mira", Press: token},
		"an agent in the seller's room":   {Room: s1, Account: "fake:support:mira", Press: token},
		"a stranger in the seller's room": {Room: s1, Account: "fake:9", Press: token},
		"nobody":                          {Room: s1, Press: token},
		"the same number elsewhere":       {Room: s1, Account: "other:seller:s-1", Press: token},
		"another case of letters":         {Room: s1, Account: "FAKE:seller:s-1", Press: token},
		"the seller in a group":           {Room: "fake:group", Account: a1, Press: token, Public: true},
		"the token with a blank":          {Room: s1, Account: a1, Press: token + " "},
		"the token in capitals":           {Room: s1, Account: a1, Press: strings.ToUpper(token) + "x"},
		"the token cut":                   {Room: s1, Account: a1, Press: token[:len(token)-1]},
		"the token as words":              {Room: s1, Account: a1, Text: token},
		"the token as a link":             {Room: s1, Account: a1, Text: "/start", Link: token},
		"the event as words":              {Room: s1, Account: a1, Text: "seller_accepted"},
		"a buyer's answer to the card":    {Room: s1, Account: ana, Text: "yes", ReplyPress: token},
		"a note with it":                  {Room: "fake:desk", Account: a1, Text: "yes", ReplyPress: token, Note: true},
		"with a form's answers":           {Room: anasRoom, Account: ana, Press: token, Fields: bot.Facts{"sure": "yes"}},
	} {
		m.ID = name
		if err := h.engine.Receive(t.Context(), m); err != nil {
			t.Logf("%s: %v", name, err)
		}
		h.pass(0)
		if got := h.state("case/81000001/0"); got != "awaiting_seller" {
			t.Fatalf("%s: the case went to %s", name, got)
		}
	}
	h.say(bot.Message{ID: "the seller", Room: s1, Account: a1, Press: token})
	if got := h.state("case/81000001/0"); got == "awaiting_seller" {
		t.Error("the seller's own press does not count")
	}
}
