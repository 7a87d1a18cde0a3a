package telegram

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkPressAnswered measures one press from its arrival to its answer, with so many answered in the last minutes: the
// cost does not depend on how many they are.
func BenchmarkPressAnswered(b *testing.B) {
	for _, earlier := range []int{1_000, 15_000} {
		b.Run(fmt.Sprint(earlier), func(b *testing.B) {
			presses := newPressAnswers(func(string, string) {})
			n := 0
			answerNext := func() {
				id := fmt.Sprint("tg:700:", n)
				n++
				presses.start(id, id, "telegram:11", false)
				presses.answer(id, "")
			}
			for range earlier {
				answerNext()
			}
			for b.Loop() {
				answerNext()
			}
		})
	}
}

// TestAnsweredPresses holds that an answered press is known for as long as Telegram takes an answer, for longer while it
// keeps coming, and that memory is bounded by time and by count.
func TestAnsweredPresses(t *testing.T) {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	ap := newPressAnswers(nil).answered
	add := func(id string, now time.Time) { ap.set(id, false, now) }
	has := func(id string, now time.Time) bool { _, ok := ap.get(id, now); return ok }
	if has("a", begin) {
		t.Error("a press that nobody has answered is known")
	}
	add("a", begin)
	add("kept coming", begin)
	for at := time.Duration(0); at <= pressLifetime; at += time.Second {
		if now := begin.Add(at); !has("a", now) {
			t.Fatalf("forgotten after %v, want it known for %v", at, pressLifetime)
		}
	}
	for at := pressLifetime; at <= 10*pressLifetime; at += pressLifetime / 2 {
		if !has("kept coming", begin.Add(at)) {
			t.Fatalf("forgotten after %v though it keeps coming", at)
		}
	}
	if has("a", begin.Add(10*pressLifetime)) {
		t.Error("remembered for ever")
	}
	late := begin.Add(20 * pressLifetime)
	for i := range 5 * maxAnswered {
		add(fmt.Sprint(i), late)
	}
	if got := len(ap.recent) + len(ap.older); got > 2*maxAnswered {
		t.Errorf("%d ids are remembered, want at most %d", got, 2*maxAnswered)
	}
	if last := fmt.Sprint(5*maxAnswered - 1); !has(last, late) || !has(fmt.Sprint(4*maxAnswered), late) {
		t.Error("the newest ids are forgotten")
	}
	if has("0", late.Add(2*pressLifetime)) || len(ap.recent)+len(ap.older) != 0 {
		t.Error("a quiet time leaves ids behind")
	}
}
