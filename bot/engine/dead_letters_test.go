package engine_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/bot/engine"

	"nevermind/bot"
)

// Decode reads an update the second time: the harness's platform speaks plain words.
func (h *harness) Decode(raw []byte) (bot.Message, error) {
	if bytes.HasPrefix(raw, []byte("?")) {
		return bot.Message{}, errors.New("still unknown")
	}
	if token, opens := bytes.CutPrefix(raw, []byte("link ")); opens {
		return bot.Message{ID: "u2", Room: "fake:new", Account: "fake:new", Link: string(token)}, nil
	}
	return bot.Message{ID: "u1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: string(raw)}, nil
}

func TestDiscard(t *testing.T) {
	h := newHarness(t)
	for range 2 { // the platform asks again
		h.must(h.engine.Discard(t.Context(), "u1", "fake", []byte("hello"), "a kind it does not know"))
	}
	dead := h.dead(1)
	if got := dead[0].Outcome.Dead; got != "cannot be read: a kind it does not know" {
		t.Errorf("why: got %q", got)
	}
	h.must(h.engine.Receive(t.Context(), bot.Message{ID: "u1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"}))
	h.must(h.engine.Drain(t.Context()))
	if n := len(h.rooms["fake:b-1"]); n != 0 {
		t.Errorf("a repeat of what was set aside was answered %d times", n)
	}
	_, err := h.engine.PutBack(t.Context(), dead[0].Task.ID, "upgraded")
	h.must(err)
	h.must(h.engine.Drain(t.Context()))
	if n := len(h.rooms["fake:b-1"]); n != 1 {
		t.Errorf("put back, it was answered %d times, want once", n)
	}
	h.dead(0)
}

// TestDiscardedLink: a link in an update that is read the second time opens as it would have the first time, and its token is in
// no message that is stored.
func TestDiscardedLink(t *testing.T) {
	h := newHarness(t)
	token := h.invite()
	h.must(h.engine.Discard(t.Context(), "u2", "fake", []byte("link "+token), "a kind it does not know"))
	_, err := h.engine.PutBack(t.Context(), h.dead(1)[0].Task.ID, "upgraded")
	h.must(err)
	h.must(h.engine.Drain(t.Context()))
	said, err := h.store.Said(t.Context(), "fake:new", 0, 1<<60, 9)
	h.must(err)
	for _, s := range said {
		if s.In != nil && s.In.Link == token {
			t.Error("the token is in the room's log")
		}
	}
	h.say(h.press("3", "fake:new", "fake:new", "Yes, that's me"))
	if p, err := h.store.PersonAt(t.Context(), "fake:new"); err != nil || p.ID != "buyer:b-1" {
		t.Errorf("the chat belongs to %q, %v", p.ID, err)
	}
}

func TestDiscardIsBounded(t *testing.T) {
	h := newHarness(t)
	ctx := t.Context()
	h.must(h.engine.Discard(ctx, "big", "fake", bytes.Repeat([]byte("x"), 1<<20), strings.Repeat("é", 5000)))
	h.must(h.engine.Discard(ctx, "odd", "fake", []byte("a\xff\x00"), "not UTF-8"))
	h.must(h.engine.Discard(ctx, "strange", "elsewhere", []byte("a"), "what is this"))
	h.must(h.engine.Discard(ctx, "unknown", "fake", []byte("?"), "what is this"))
	dead := h.dead(4)
	if n, why := len(
		dead[0].Task.Facts["raw"],
	), dead[0].Outcome.Dead; n != 64<<10 || len(why) > 250 ||
		dead[0].Task.Facts["bytes"] != "1048576" {
		t.Errorf("stored %d bytes and why in %d, of %s", n, len(why), dead[0].Task.Facts["bytes"])
	}
	if got := dead[1].Task.Facts["raw_base64"]; got != "Yf8A" {
		t.Errorf("bytes: got %q", got)
	}
	for _, r := range dead {
		if r.Task.Facts["raw_base64"] == "" { // that one the platform reads this time
			_, err := h.engine.PutBack(ctx, r.Task.ID, "")
			h.must(err)
		}
	}
	h.must(h.engine.Drain(ctx))
	h.dead(4)
	if err := h.engine.Discard(ctx, "", "fake", nil, ""); err == nil {
		t.Error("an update without an id was stored")
	}
}

func TestDiscardIsNotLogged(t *testing.T) {
	h := newHarness(t)
	var log bytes.Buffer
	h.log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.must(h.store.Close())
	h.open()
	h.must(h.engine.Discard(t.Context(), "u1", "fake", []byte("canary-raw"), "canary-why"))
	if got := log.String(); !strings.Contains(got, bot.Trace("decode:u1")) || strings.Contains(got, "canary") {
		t.Errorf("log: got %s", got)
	}
}

func TestOperatorsActsAreJournalled(t *testing.T) {
	h := newHarness(t)
	ctx := t.Context()
	gone := true
	h.fail = func(d bot.Delivery) error {
		if gone && d.Reply.Room == "fake:s-1" {
			return bot.ErrRefused
		}
		return nil
	}
	h.order("8101")
	h.ask("8101")
	dead, err := h.store.Dead(ctx, 0, 9)
	h.must(err)
	if len(dead) == 0 {
		t.Fatal("nothing is dead")
	}
	task := dead[0].Task
	gone = false
	if _, err = h.engine.PutBack(ctx, task.ID, "the platform is back"); err != nil {
		t.Fatal(err)
	}
	h.must(h.engine.Drain(ctx))
	r, err := h.store.Task(ctx, task.ID)
	h.must(err)
	if r.State != bot.TaskDone || r.Task.Seq != task.Seq {
		t.Errorf("put back: got %s at %d, want it done at %d", r.State, r.Task.Seq, task.Seq)
	}
	_, err = h.engine.Drop(ctx, task.ID, "too late")
	if !errors.Is(err, bot.ErrNotDead) {
		t.Errorf("drop what is done: got %v, want %v", err, bot.ErrNotDead)
	}
	_, err = h.engine.Drop(ctx, "nothing", "")
	if !errors.Is(err, bot.ErrNone) {
		t.Errorf("drop nothing: got %v, want %v", err, bot.ErrNone)
	}
	h.must(h.engine.Discard(ctx, "u9", "fake", []byte("?"), "?"))
	_, err = h.engine.Drop(ctx, "decode:u9", "spam")
	h.must(err)

	acts, err := h.store.Journal(ctx, bot.Operators, 0, 9)
	h.must(err)
	prev := ""
	for i, e := range acts {
		if e.Prev != prev || e.Sum() != e.Hash || e.Seq != i+1 {
			t.Errorf("act %d is not chained", i+1)
		}
		prev = e.Hash
	}
	if len(acts) != 2 || acts[0].Event.Name != bot.TaskPutBack || acts[0].Event.Facts["why"] != "the platform is back" ||
		acts[1].Event.Facts["task"] != "decode:u9" {
		t.Errorf("acts: got %+v", acts)
	}
	seen := false
	entries, err := h.store.Journal(ctx, task.From, 0, 99)
	h.must(err)
	for _, e := range entries {
		seen = seen || e.Event.Name == bot.TaskPutBack && e.Event.By == bot.Operator
	}
	if !seen {
		t.Errorf("the journal of %s does not show what the operator did", task.From)
	}
}

// dead lists the dead letters and wants so many.
func (h *harness) dead(want int) []bot.TaskRecord {
	h.t.Helper()
	got, err := h.store.Dead(context.Background(), 0, 99)
	h.must(err)
	if len(got) != want {
		h.t.Fatalf("dead letters: got %d, want %d: %+v", len(got), want, got)
	}
	return got
}

// TestSupportIsTold: whatever will never be done, support hears of it within a minute, and not twice.
func TestSupportIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		bad  bot.Room
		err  error
		do   func(h *harness)
		says string
	}{
		"an answer in a talk is refused": {"fake:b-1", bot.ErrRefused, func(h *harness) {
			for _, id := range []string{"1", "2"} {
				h.say(bot.Message{ID: id, Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"})
			}
		}, "buyer:b-1 I couldn't deliver a message to them"},
		"the reader of an answer has left": {"fake:b-1", bot.ErrGone, func(h *harness) {
			h.say(bot.Message{ID: "1", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"})
		}, ""},
		"a message of a case does not arrive": {"fake:s-1", bot.ErrRefused, func(h *harness) {
			h.order("81000001")
			h.ask("81000001")
		}, "I can't reach seller:s-1"},
		"the reader of a case has left": {"fake:s-1", bot.ErrGone, func(h *harness) {
			h.order("81000001")
			h.ask("81000001")
		}, "I can't reach seller:s-1 by chat"},
		"a hand gives up": {"", nil, func(h *harness) {
			h.wrap = func(hands map[string]bot.Hand) {
				hands["pay_refund"] = func(context.Context, bot.Task) (bot.Outcome, error) { return bot.GivenUp("no such order"), nil }
			}
			h.must(h.store.Close())
			h.open()
			h.must(h.store.Commit(t.Context(), &bot.Commit{Tasks: []bot.Task{{ID: "t", Lane: "work", Do: "pay_refund",
				From: "case/8103/0", Order: "8103", Made: h.clock()}}}))
			h.must(h.engine.Drain(t.Context()))
		}, "8103 Something that had to be done"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.fail = func(d bot.Delivery) error {
				if d.Reply.Room == c.bad {
					return c.err
				}
				return nil
			}
			c.do(h)
			said := []string{}
			for _, d := range h.rooms["fake:desk"] {
				said = append(said, d.Reply.Title+" "+d.Reply.Text)
			}
			switch got := strings.Join(said, "\n"); {
			case c.says == "" && len(said) > 0:
				t.Errorf("support was told: %s", got)
			case c.says != "" && (strings.Count(got, c.says) != 1 || len(said) != 1):
				t.Errorf("support was told %d things: %s", len(said), got)
			}
		})
	}
}

// TestRestored: what was unsent waits for an operator, and silence decides nothing until people could answer again.
func TestRestored(t *testing.T) {
	h := newHarness(t)
	ctx := t.Context()
	h.order("8101")
	h.ask("8101")
	made := h.clock()
	h.must(
		h.engine.Receive(ctx, bot.Message{ID: "m9", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"}),
	) // its answer is unsent
	h.move(
		30 * time.Hour,
	) // the seller's day is over
	n, err := engine.Restored(ctx, h.store, h.clock(), made)
	h.must(err)
	h.must(h.store.Close())
	h.move(time.Hour)
	h.open()
	before := len(h.told)
	h.must(h.engine.Drain(ctx))
	if dead := h.dead(n); n == 0 || len(h.told) != before || dead[0].Outcome.Dead != bot.SetAsideByRestore {
		t.Errorf("set aside %d, said %d things of its own accord", n, len(h.told)-before)
	}
	h.must(h.store.Close())
	h.move(23 * time.Hour)
	h.open() // a second start begins no second hold
	h.must(h.engine.Drain(ctx))
	if got := h.state("case/8101/0"); got != "awaiting_seller" {
		t.Errorf("while deadlines are held: got %s, want it to wait", got)
	}
	h.move(time.Hour)
	h.must(h.engine.Drain(ctx))
	if got := h.state("case/8101/0"); got == "awaiting_seller" {
		t.Error("a day later the seller's time is still held")
	}
	acts, err := h.store.Journal(ctx, bot.Operators, 0, 9)
	h.must(err)
	if len(acts) != 1 || acts[0].Event.Name != "restored" || acts[0].Event.Facts["set_aside"] != strconv.Itoa(n) {
		t.Errorf("acts: got %+v", acts)
	}
}

// TestDamagedTask: a task that the store cannot read is set aside once, and counted; what stands behind it is done.
func TestDamagedTask(t *testing.T) {
	h := newHarness(t)
	lane := "room:fake:b-1"
	h.must(h.store.Commit(t.Context(), &bot.Commit{At: h.clock(), Tasks: []bot.Task{
		{ID: "damaged-1", Lane: lane, Do: bot.DoDamaged},
		{ID: "next", Lane: lane, Do: bot.DoSend, Reply: &bot.Reply{Room: "fake:b-1", Text: "hello"}},
	}}))
	h.must(h.engine.Drain(t.Context()))
	if n := len(h.rooms["fake:b-1"]); n != 1 {
		t.Errorf("the one behind it was sent %d times, want once", n)
	}
	if dead := h.dead(1); dead[0].Outcome.Dead != "it is damaged" {
		t.Errorf("set aside: %+v", dead)
	}
}
