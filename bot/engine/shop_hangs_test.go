package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"nevermind/bot"
)

// TestShopHangs: with many cases at a shop that does not answer, people are answered all the same.
func TestShopHangs(t *testing.T) {
	asked, answer := make(chan string, 200), make(chan struct{})
	h := newHouse(t)
	h.wrap = func(hands map[string]bot.Hand) {
		hands["pay_refund"] = func(_ context.Context, t bot.Task) (bot.Outcome, error) {
			asked <- t.ID
			<-answer
			return bot.Outcome{Pending: true}, nil
		}
	}
	h.reopen()
	c := bot.Commit{At: h.now}
	for i := range 200 {
		c.Tasks = append(c.Tasks, bot.Task{ID: fmt.Sprint("T-", i), Lane: fmt.Sprint("shop:case/", i), Do: "pay_refund", Class: bot.MoneyClass, Made: h.now})
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
	for end := time.Now().Add(5 * time.Second); ; <-time.After(5 * time.Millisecond) {
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
