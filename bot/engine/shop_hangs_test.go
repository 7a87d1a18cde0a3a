package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"nevermind/bot"
)

// TestShopHangs: with many cases at a shop that does not answer, whether it is told or only asked, people are answered all the
// same.
func TestShopHangs(t *testing.T) {
	for do, lane := range map[string]string{"pay_refund": "shop:case/%d", "check_order": "work:case/%d:check_order"} {
		t.Run(do, func(t *testing.T) { shopHangs(t, do, lane) })
	}
}

func shopHangs(t *testing.T, do, lane string) {
	asked, answer := make(chan string, 200), make(chan struct{})
	h := newHarness(t)
	h.wrap = func(hands map[string]bot.Hand) {
		hands[do] = func(_ context.Context, t bot.Task) (bot.Outcome, error) {
			asked <- t.ID
			<-answer
			return bot.Pending(), nil
		}
	}
	h.reopen()
	c := bot.Commit{At: h.now}
	for i := range 200 {
		c.Tasks = append(
			c.Tasks,
			bot.Task{ID: fmt.Sprint("T-", i), Lane: fmt.Sprintf(lane, i), Do: do, Class: bot.MoneyClass, Made: h.now},
		)
	}
	h.must(h.store.Commit(t.Context(), &c))
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error)
	go func() { over <- h.engine.Run(ctx) }()
	defer func() {
		close(answer)
		stop()
		<-over
	}()
	for range 32 {
		<-asked
	}
	h.must(h.engine.Receive(t.Context(), bot.Message{ID: "m1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"}))
	for end := time.Now().Add(time.Minute); ; <-time.After(5 * time.Millisecond) {
		h.mu.Lock()
		told := len(h.told)
		h.mu.Unlock()
		if told > 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("nobody is answered while the shop is asked %d things more", len(asked))
		}
	}
	if n := len(asked); n > 0 {
		t.Errorf("the shop is asked %d things at once, want 32", 32+n)
	}
	r, err := h.store.Task(t.Context(), "T-199")
	if h.must(err); r.Task.Attempts > 1 {
		t.Errorf("a task that had to wait counts %d tries", r.Task.Attempts)
	}
}
