package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// invite makes a link for the buyer.
func (h *harness) invite() string {
	h.t.Helper()
	token, expires, err := h.engine.Invite(context.Background(), bot.Person{ID: "buyer:b-1", Name: "Ana"})
	h.must(err)
	if want := h.now.Add(10 * time.Minute); len(token) != 43 || !expires.Equal(want) {
		h.t.Errorf("a token of %d characters that works until %v, want 43 until %v", len(token), expires, want)
	}
	return token
}

// TestTokenIsNeverStored: whatever becomes of a link, its token is in no record.
func TestTokenIsNeverStored(t *testing.T) {
	h := newHarness(t)
	used, open := h.invite(), h.invite()
	h.say(bot.Message{ID: "1", Room: "fake:new", Account: "fake:new", Link: used})
	h.say(h.press("2", "fake:new", "fake:new", "Yes, that's me"))
	h.say(bot.Message{ID: "3", Room: "fake:new", Account: "fake:new", Link: used})
	h.say(bot.Message{ID: "4", Room: "fake:other", Account: "fake:other", Link: "nonsense-that-was-typed"})
	h.must(h.store.Close())
	file, err := os.ReadFile(filepath.Join(h.dir, "db"))
	h.must(err)
	for _, secret := range []string{used, open, "nonsense-that-was-typed"} {
		if bytes.Contains(file, []byte(secret)) {
			t.Error("a token is in the store")
		}
	}
	h.open()
	p, err := h.store.PersonAt(t.Context(), "fake:new")
	if err != nil || p.ID != "buyer:b-1" || len(p.Rooms) != 2 {
		t.Errorf("the chat belongs to %v with %d rooms, %v; want buyer:b-1 with 2", p.ID, len(p.Rooms), err)
	}
}

// TestOneLinkManyChats: of many chats that open a link at one moment, one is asked and the others are not told whose it is.
func TestOneLinkManyChats(t *testing.T) {
	h := newHarness(t)
	token := h.invite()
	var all sync.WaitGroup
	for i := range 16 {
		room := fmt.Sprint("fake:new-", i)
		all.Go(func() {
			if err := h.engine.Receive(
				context.Background(),
				bot.Message{ID: room, Room: bot.Room(room), Account: room, Link: token},
			); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	h.must(h.engine.Drain(t.Context()))
	asked := 0
	for _, d := range h.told {
		if len(d.Reply.Choices) > 0 {
			asked++
		} else if bytes.Contains([]byte(d.Reply.Text), []byte("Ana")) {
			t.Errorf("%s is told %q", d.Reply.Room, d.Reply.Text)
		}
	}
	if asked != 1 || len(h.told) != 16 {
		t.Errorf("%d of %d chats are asked, want 1 of 16", asked, len(h.told))
	}
}

// TestPublicRoom: in a room where others read, nobody is anybody, and a link is not opened.
func TestPublicRoom(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.say(bot.Message{ID: "1", Room: "fake:group", Account: "fake:buyer:b-1", Text: "my orders", Public: true})
	h.say(bot.Message{ID: "2", Room: "fake:group", Account: "fake:buyer:b-1", Link: h.invite(), Public: true})
	for _, d := range h.rooms["fake:group"] {
		if len(d.Reply.Choices) > 0 || bytes.Contains([]byte(d.Reply.Text), []byte("b-1")) {
			t.Errorf("a group is told %q with %d buttons", d.Reply.Text, len(d.Reply.Choices))
		}
	}
	if got := len(h.rooms["fake:group"]); got != 2 {
		t.Errorf("%d answers in a group, want 2", got)
	}
}

// TestGreetingFirst: a chat that has just joined is greeted before any of its person's cards comes, however many there are.
func TestGreetingFirst(t *testing.T) {
	h := newHarness(t)
	for i := range 8 {
		order := fmt.Sprint("8100000", i)
		h.order(order)
		h.ask(order)
	}
	h.say(bot.Message{ID: "open", Room: "fake:new", Account: "fake:new", Link: h.invite()})
	yes := h.press("yes", "fake:new", "fake:new", "Yes, that's me")
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { h.must(h.engine.Run(ctx)) })
	h.must(h.engine.Receive(ctx, yes))
	for len(h.heardBy("fake:new")) < 10 && t.Context().Err() == nil {
		runtime.Gosched()
	}
	stop()
	all.Wait()
	if got := h.heardBy("fake:new"); !strings.HasPrefix(got[1], "You're connected") {
		t.Errorf("the first word to a chat that has joined is %q", got[1])
	}
}
