package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// stored is how many messages of a room its log has.
func (h *harness) stored(room bot.Room) int {
	h.t.Helper()
	all := 0
	for before := uint64(1 << 62); ; {
		page, err := h.store.Said(h.t.Context(), room, 0, before, 200)
		h.must(err)
		if len(page) == 0 {
			return all
		}
		all, before = all+len(page), page[0].Seq
	}
}

// TestFreshFloodOfWords: a stranger's words, stickers and albums cannot fill the disk: beyond the limit of an hour nothing is
// stored. A link is opened all the same, and other rooms are heard.
func TestFreshFloodOfWords(t *testing.T) {
	h := newHarness(t)
	const eve, other = bot.Room("fake:eve"), bot.Room("fake:other")
	size := func() int64 {
		info, err := os.Stat(filepath.Join(h.dir, "db"))
		h.must(err)
		return info.Size()
	}
	words := func(n int) string { return strings.Repeat(fmt.Sprintf("%x ", n*7919), 600) }
	for n := range 60 {
		h.say(bot.Message{ID: fmt.Sprint("first", n), Room: eve, Account: "fake:eve", Text: words(n)})
	}
	heard, before := h.stored(eve), size()
	if heard < 60 {
		t.Fatalf("%d messages are stored of 60 and their answers", heard)
	}
	for n := range 1000 {
		m := bot.Message{ID: fmt.Sprint("more", n), Room: eve, Account: "fake:eve", Text: words(n)}
		switch n % 5 {
		case 1:
			m.Album = fmt.Sprint("album", n)
		case 2:
			m.Unsupported = bot.Sticker
		case 4:
			m.Text, m.Link = "/start", fmt.Sprint("nobodys-link-", n)
		case 3:
			m.Pending = []bot.PendingFile{{Ref: "x", Name: "x.jpg", Size: 1}}
		}
		h.say(m)
	}
	if more := h.stored(eve); more != heard {
		t.Errorf("%d more messages are stored", more-heard)
	}
	if grown := size() - before; grown > 1<<20 {
		t.Errorf("the disk lost %d bytes", grown)
	}
	h.say(bot.Message{ID: "other", Room: other, Account: "fake:other", Text: "hello"})
	if h.stored(other) == 0 {
		t.Error("somebody else is not heard")
	}
	h.say(bot.Message{ID: "link", Room: eve, Account: "fake:eve", Text: "/start", Link: h.invite()})
	if h.stored(eve) == heard {
		t.Error("a link is not opened")
	}
	h.move(time.Hour)
	heard = h.stored(eve)
	h.say(bot.Message{ID: "later", Room: eve, Account: "fake:eve", Text: "hello"})
	if h.stored(eve) == heard {
		t.Error("an hour later they are not heard")
	}
}

// TestFreshQuotas: sizes that are made up buy nobody a larger share of the disk.
func TestFreshQuotas(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	for n := range 40 {
		m := photo(fmt.Sprint("small", n), 1)
		m.Pending[0].Size = -bot.LargestFile
		h.say(m)
		h.pass(time.Second)
	}
	if len(h.fetched) > 15 {
		t.Errorf("%d files of sizes below nothing were fetched, want 15: each counts as the largest", len(h.fetched))
	}
}

// desk is a case of 24.90 USD that support decides, where more than 10.00 USD wants a second person.
func (h *harness) desk() {
	h.policy = "second_person_above: \"10.00 USD\"\n"
	h.reopen()
	h.person("support:otto", "")
	h.order("81000001")
	h.ask("81000001")
	h.say(h.filled("no", "fake:s-1", "fake:seller:s-1", "Say no", bot.Facts{"refusal": "other", "rejection": "It is packed."}))
	h.say(h.press("decide", "fake:b-1", "fake:buyer:b-1", "Let support decide"))
}

// filled is a press that brings a form's answers along.
func (h *harness) filled(id string, room bot.Room, account, label string, fields bot.Facts) bot.Message {
	m := h.press(id, room, account, label)
	m.Fields = fields
	return m
}

// TestFreshSecondPersons: what a decision above the limit is tried to be carried out with, by one person (A4). Nothing moves
// until somebody else of support has confirmed it.
func TestFreshSecondPersons(t *testing.T) {
	h := newHarness(t)
	h.desk()
	const desk, mira = bot.Room("fake:desk"), "fake:support:mira"
	all := bot.Facts{"cancels": "yes", "grounds": "It never came.", "sure": "yes"}
	h.say(h.filled("all", desk, mira, "Full refund", all))
	confirm := h.button(desk, "Confirm it")
	if h.state("case/81000001/0") != "with_support" {
		t.Fatalf("got %s", h.state("case/81000001/0"))
	}
	for name, m := range map[string]bot.Message{
		"whoever decided":        {Room: desk, Account: mira, Press: confirm},
		"in a room of their own": {Room: "fake:mira", Account: mira, Press: confirm},
		"with the facts made up": {Room: desk, Account: mira, Press: confirm, Fields: bot.Facts{
			"seconder": "support:otto", "held_second": "given", "decider": "support:otto"}},
		"as a reply in words":            {Room: desk, Account: mira, Text: "Confirm it", ReplyPress: confirm, ReplyTo: "1"},
		"as a note":                      {Room: desk, Account: mira, Text: "Confirm it", Note: true, ReplyTo: "1"},
		"with the buyer's help":          {Room: "fake:b-1", Account: "fake:buyer:b-1", Press: confirm},
		"with the seller's help":         {Room: "fake:s-1", Account: "fake:seller:s-1", Press: confirm},
		"the seller in support's room":   {Room: desk, Account: "fake:seller:s-1", Press: confirm},
		"a stranger in support's room":   {Room: desk, Account: "fake:9", Press: confirm},
		"nobody in support's room":       {Room: desk, Press: confirm},
		"in a room that others look at":  {Room: desk, Account: "fake:support:otto", Press: confirm, Public: true},
		"an account that looks the same": {Room: desk, Account: "fake:support:otto ", Press: confirm},
		"an account in other letters":    {Room: desk, Account: "FAKE:support:otto", Press: confirm},
		"a token with something behind":  {Room: desk, Account: "fake:support:otto", Press: confirm + " "},
		"evidence of it": {Room: desk, Account: mira, Press: confirm, Evidence: bot.EvidenceOf{
			Record: "case/81000001/0"}},
		"the decision once more, smaller": {Room: desk, Account: mira, Press: confirm, Fields: bot.Facts{
			"amount": "1.00 USD", "sure": "yes"}},
	} {
		m.ID = name
		if err := h.engine.Receive(t.Context(), m); err != nil && !errors.As(err, new(bot.Unfit)) {
			t.Errorf("%s: %v", name, err)
		}
		h.must(h.engine.Drain(t.Context()))
		h.pass(time.Minute)
		if state := h.state("case/81000001/0"); state != "with_support" {
			t.Errorf("%s: the case is %s", name, state)
		}
	}
	h.pass(3 * time.Hour) // the time to undo is long over
	if state := h.state("case/81000001/0"); state != "with_support" {
		t.Errorf("by waiting: the case is %s", state)
	}
	h.say(bot.Message{ID: "otto", Room: desk, Account: "fake:support:otto", Press: h.button(desk, "Confirm it")})
	h.pass(time.Minute)
	h.pass(time.Minute)
	if state := h.state("case/81000001/0"); state == "with_support" {
		t.Error("a second person confirms, and nothing moves: the test shows nothing")
	}
}

// TestFreshPresses: further ways by which a press is made that was not offered to whoever makes it, or not any more (A9): nothing
// moves, and the true press still counts.
func TestFreshPresses(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	h.person("seller:s-2", "fake:s-2")
	const room = bot.Room("fake:s-1")
	token := h.button(room, "Cancel and refund 24.90 USD")
	flip := func(at int) string {
		b := []byte(token)
		b[at] ^= 1
		return string(b)
	}
	for name, m := range map[string]bot.Message{
		"another seller":                 {Room: "fake:s-2", Account: "fake:seller:s-2", Press: token},
		"another seller in this room":    {Room: room, Account: "fake:seller:s-2", Press: token},
		"the buyer in the seller's room": {Room: room, Account: ana, Press: token},
		"support for the seller":         {Room: "fake:desk", Account: "fake:support:mira", Press: token},
		"nobody in the seller's room":    {Room: room, Press: token},
		"the first letter changed":       {Room: room, Account: "fake:seller:s-1", Press: flip(0)},
		"the last letter changed":        {Room: room, Account: "fake:seller:s-1", Press: flip(len(token) - 1)},
		"twice over":                     {Room: room, Account: "fake:seller:s-1", Press: token + token},
		"a beginning of it":              {Room: room, Account: "fake:seller:s-1", Press: token[:len(token)-1]},
		"the record's key":               {Room: room, Account: "fake:seller:s-1", Press: "case/81000001/0"},
		"the event's name":               {Room: room, Account: "fake:seller:s-1", Press: "seller_accepted"},
		"with a zero behind it":          {Room: room, Account: "fake:seller:s-1", Press: token + "\x00"},
		"a pattern":                      {Room: room, Account: "fake:seller:s-1", Press: "%"},
		"a very long one":                {Room: room, Account: "fake:seller:s-1", Press: strings.Repeat(token, 4000)},
	} {
		m.ID = "press " + name
		if err := h.engine.Receive(t.Context(), m); err != nil && !errors.As(err, new(bot.Unfit)) {
			t.Errorf("%s: %v", name, err)
		}
		h.must(h.engine.Drain(t.Context()))
		if state := h.state("case/81000001/0"); state != "awaiting_seller" {
			t.Fatalf("%s: the case is %s", name, state)
		}
	}
	h.say(bot.Message{ID: "true", Room: room, Account: "fake:seller:s-1", Press: token})
	if state := h.state("case/81000001/0"); state == "awaiting_seller" {
		t.Error("the true press moves nothing: the test shows nothing")
	}
}

// TestFreshReplies: a reply to somebody else's card, told by its buttons or its place, reaches no record of others (A9).
func TestFreshReplies(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	h.person("seller:s-2", "fake:s-2")
	token := h.button("fake:s-1", "Cancel and refund 24.90 USD")
	entries := func() int {
		all, err := h.store.Journal(t.Context(), "case/81000001/0", 0, 1000)
		h.must(err)
		return len(all)
	}
	before := entries()
	for name, m := range map[string]bot.Message{
		"another seller":       {Room: "fake:s-2", Account: "fake:seller:s-2", Text: "yes", ReplyTo: "7", ReplyPress: token},
		"in the seller's room": {Room: "fake:s-1", Account: "fake:seller:s-2", Text: "yes", ReplyTo: "7", ReplyPress: token},
		"a stranger there":     {Room: "fake:s-1", Account: "fake:9", Text: "yes", ReplyTo: "3"},
		"in public": {Room: "fake:s-1", Account: "fake:seller:s-1", Text: "yes", ReplyTo: "7", ReplyPress: token,
			Public: true},
		"a note of a seller's": {Room: "fake:desk", Account: "fake:seller:s-1", Text: "decide", ReplyTo: "1", Note: true},
		"evidence of a seller's": {Room: "fake:s-1", Account: "fake:seller:s-1", Text: "proof", Evidence: bot.EvidenceOf{
			Record: "case/81000001/0"}},
		"a link's token as a text": {Room: "fake:eve", Account: "fake:eve", Text: "/start case/81000001/0"},
		"a link to a record":       {Room: "fake:eve", Account: "fake:eve", Text: "/start", Link: "case/81000001/0"},
		"an album in public":       {Room: "fake:s-1", Account: "fake:9", Album: "a", Public: true, Text: "yes"},
		"an edit of somebody's": {Room: "fake:s-1", Account: "fake:seller:s-2", Unsupported: bot.Edited, ReplyTo: "7",
			ReplyPress: token},
	} {
		m.ID = "reply " + name
		h.say(m)
		h.pass(time.Second)
		all, err := h.store.Journal(t.Context(), "case/81000001/0", before, 1000)
		h.must(err)
		for _, e := range all {
			if e.Refused == "" {
				t.Errorf("%s: the record hears %s", name, e.Event.Name)
			}
		}
		before = entries()
	}
}

// TestFreshFetches: ways in which a file server or an adapter misbehaves while it fetches (A2): somebody else is answered at
// once, what was said behind the file is heard within minutes, and nothing is fetched for ever.
func TestFreshFetches(t *testing.T) {
	book := errors.New(strings.Repeat("no ", 1<<20))
	for name, fetch := range map[string]func(f bot.PendingFile) (bot.File, error){
		"it panics":                 func(bot.PendingFile) (bot.File, error) { panic("no") },
		"it asks for ten hours":     func(bot.PendingFile) (bot.File, error) { return bot.File{}, bot.Later{After: 10 * time.Hour} },
		"it asks for less than now": func(bot.PendingFile) (bot.File, error) { return bot.File{}, bot.Later{After: -time.Hour} },
		"its error is a book":       func(bot.PendingFile) (bot.File, error) { return bot.File{}, book },
		"it hands over nothing":     func(bot.PendingFile) (bot.File, error) { return bot.File{}, nil },
		"it says it was seen":       func(bot.PendingFile) (bot.File, error) { return bot.File{}, bot.ErrSeen },
		"it says there is none":     func(bot.PendingFile) (bot.File, error) { return bot.File{}, bot.ErrNone },
		"it says it is stale":       func(bot.PendingFile) (bot.File, error) { return bot.File{}, bot.ErrStale },
		"it was cut off":            func(bot.PendingFile) (bot.File, error) { return bot.File{}, context.Canceled },
		"its size is below nothing": func(bot.PendingFile) (bot.File, error) { return bot.File{Name: "x", Size: -1, Hash: "x"}, nil },
		"the disk is full":          func(bot.PendingFile) (bot.File, error) { return bot.File{}, bot.ErrFull },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.order("81000001")
			h.ask("81000001")
			h.fetch = fetch
			h.must(h.engine.Receive(t.Context(), photo("file", 1)))
			h.must(h.engine.Receive(t.Context(), bot.Message{ID: "behind", Room: anasRoom, Account: ana, Text: "help"}))
			heard := len(h.heardBy("fake:s-1"))
			h.say(bot.Message{ID: "else", Room: "fake:s-1", Account: "fake:seller:s-1", Text: "help"})
			if len(h.heardBy("fake:s-1")) == heard {
				t.Error("somebody else waits")
			}
			for range 24 {
				h.pass(10 * time.Second)
			}
			if got := strings.Join(h.heardBy(anasRoom), " | "); !strings.Contains(got, "my orders") {
				t.Errorf("what was said behind the file is not heard: %.300s", got)
			}
			if len(h.fetched) > 5 {
				t.Errorf("%d attempts", len(h.fetched))
			}
		})
	}
}

// TestFreshStrangers: whatever else a stranger sends, its answer lets the people we know go first (A10).
func TestFreshStrangers(t *testing.T) {
	h := newHarness(t)
	for name, m := range map[string]bot.Message{
		"a place":             {Unsupported: bot.Place},
		"somebody's number":   {Unsupported: bot.Contact},
		"a vote":              {Unsupported: bot.Poll},
		"what nobody knows":   {Unsupported: bot.Other},
		"a change":            {Unsupported: bot.Edited, Text: "x"},
		"somebody else's":     {Unsupported: bot.Forwarded, Text: "cancel 81000001"},
		"settings":            {Text: "/settings"},
		"an assistant":        {Text: "/assistant"},
		"their data":          {Text: "delete my data"},
		"another language":    {Text: "你好", Language: "zz-ZZ"},
		"only signs":          {Text: "\u202e\u200b"},
		"a reply to nothing":  {Text: "yes", ReplyTo: "99999"},
		"a time":              {Text: "tomorrow 10:00"},
		"an amount":           {Text: "5 EUR"},
		"emoji":               {Text: strings.Repeat("👍", 1000)},
		"an album of nothing": {Album: "empty", Text: "hi"},
	} {
		room := bot.Room("fake:new-" + bot.Trace(name))
		m.ID, m.Room, m.Account = name, room, string(room)
		h.say(m)
		h.pass(10 * time.Second)
		if len(h.rooms[room]) == 0 {
			t.Errorf("%s: is not answered", name)
		}
		for _, d := range h.rooms[room] {
			if !d.Reply.Last {
				t.Errorf("%s: is answered with %q before others", name, d.Reply.Text)
			}
		}
	}
	if told := h.rooms["fake:desk"]; len(told) > 0 {
		t.Errorf("support is told %q", told[0].Reply.Text)
	}
}
