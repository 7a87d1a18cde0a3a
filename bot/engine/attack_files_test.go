package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
	"nevermind/bot/engine"
)

// TestAnswerBehindASlowFile: whoever answers in time, right behind a photo that a slow server holds up, has answered in time: the
// deadline that would decide against them waits until they are heard.
func TestAnswerBehindASlowFile(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	answer := h.press("yes", "fake:s-1", "fake:seller:s-1", "Cancel and refund 24.90 USD")
	h.pass(h.judgedAt().Sub(h.clock()) - 5*time.Second)
	h.fetch = func(f bot.PendingFile) (bot.File, error) { return bot.File{}, bot.Later{After: 20 * time.Second} }
	h.must(h.engine.Receive(t.Context(), bot.Message{ID: "photo", Room: "fake:s-1", Account: "fake:seller:s-1",
		Pending: []bot.PendingFile{{Ref: "x", Name: "x.jpg", Size: 1}}}))
	h.must(h.engine.Receive(t.Context(), answer))
	for range 30 {
		h.pass(5 * time.Second)
	}
	key := bot.Key("case/81000001/0")
	if silent, accepted := h.moves(key, "seller_silent"), h.moves(key, "seller_accepted"); silent != 0 || accepted != 1 {
		t.Errorf("the seller was heard %d times and taken as silent %d times; want heard once", accepted, silent)
	}
	if got := strings.Join(h.heardBy("fake:s-1"), " | "); strings.Contains(got, "no longer") {
		t.Errorf("the seller reads %.900q", got)
	}
}

// TestNobodyHoldsADeadlineForEver: a chat that goes on sending files holds up no deadline beyond the time in which the first is
// fetched or given up.
func TestNobodyHoldsADeadlineForEver(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	h.pass(h.judgedAt().Sub(h.clock()) - 5*time.Second)
	h.fetch = func(f bot.PendingFile) (bot.File, error) { return bot.File{}, bot.Later{After: 20 * time.Second} }
	for n := range 60 { // ten minutes
		h.must(h.engine.Receive(t.Context(), bot.Message{ID: fmt.Sprint("photo", n), Room: "fake:s-1", Account: "fake:seller:s-1",
			Pending: []bot.PendingFile{{Ref: fmt.Sprint(n), Name: "x.jpg", Size: 1}}}))
		h.pass(10 * time.Second)
		if h.moves("case/81000001/0", "seller_silent") == 1 {
			if n < 5 || n > 25 {
				t.Errorf("silence decided %d s after the deadline", n*10)
			}
			return
		}
	}
	t.Error("whoever goes on sending files is never silent")
}

// TestRepeatedMessageCountsOnce: a message that the platform sends again takes nothing more of its sender's share.
func TestRepeatedMessageCountsOnce(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	first := photo("first", 1)
	first.Pending[0].Size = bot.LargestFile
	for range 30 {
		h.must(h.engine.Receive(t.Context(), first))
	}
	h.pass(time.Second)
	h.say(photo("second", 1))
	h.pass(time.Second)
	if got := strings.Join(h.heardBy(anasRoom), " | "); strings.Contains(got, "sent a lot of files today") || len(h.fetched) != 2 {
		t.Errorf("a repeat counts: %d fetched, %.600q", len(h.fetched), got)
	}
}

// TestManySlowChatsStarveNobody: chats whose files hold every place of the fetchers take turns with whoever comes later.
func TestManySlowChatsStarveNobody(t *testing.T) {
	f := engine.NewSlots()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	var slow []bot.Room
	for n := range 40 { // 40 chats of 30 files each, every file 20 s, on 16 places
		slow = append(slow, bot.Room(fmt.Sprint("fake:slow", n)))
	}
	held := map[bot.Room]time.Time{}
	for second := range 300 {
		now = now.Add(time.Second)
		for _, room := range slow { // those that have just ended ask first
			if since, has := held[room]; has && now.Sub(since) >= 20*time.Second {
				f.Leave()
				delete(held, room)
				if f.Take(room, now) {
					held[room] = now
				}
			}
		}
		for _, room := range slow {
			if _, has := held[room]; !has && f.Take(room, now) {
				held[room] = now
			}
		}
		if second >= 100 && f.Take("fake:honest", now) {
			if second > 170 {
				t.Errorf("somebody waited %d s for a place", second-100)
			}
			return
		}
	}
	t.Error("somebody waited 200 s for a place and got none")
}
