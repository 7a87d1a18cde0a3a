package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// elsewhere is a second platform, which takes everything.
type elsewhere struct {
	mu   sync.Mutex
	told []bot.Reply
}

func (e *elsewhere) Name() string                               { return "other" }
func (e *elsewhere) Run(ctx context.Context, _ bot.Inbox) error { <-ctx.Done(); return nil }

func (e *elsewhere) Send(_ context.Context, d bot.Delivery) (bot.Ref, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, d.Reply)
	return bot.Ref(fmt.Sprint(len(e.told))), nil
}

// heard is what was said in a room there.
func (e *elsewhere) heard(room bot.Room) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var said []string
	for _, r := range e.told {
		if r.Room == room {
			said = append(said, r.Text)
		}
	}
	return strings.Join(said, " | ")
}

// onTwoPlatforms is a harness with a second platform, on which a lead and, where it is said, the desk can be reached too.
func onTwoPlatforms(t *testing.T, desk bool) (*harness, *elsewhere) {
	h, other := newHarness(t), &elsewhere{}
	h.must(h.store.Close())
	h.more, h.leads = []bot.Adapter{other}, []string{"vera"}
	h.open()
	h.person("support:vera", "other:vera")
	if desk {
		h.person("support:desk", "fake:desk", "other:desk")
	}
	h.order("81000001")
	h.ask("81000001")
	return h, other
}

// TestSupportHearsAnotherWay: a platform, or the support channel, that takes nothing for twenty minutes is told of where somebody
// of support can read it, once; and the house is not ready while support can be told nothing.
func TestSupportHearsAnotherWay(t *testing.T) {
	silent := errors.New("no answer")
	for name, c := range map[string]struct {
		desk  bool // it has a room on the other platform
		fails func(d bot.Delivery) error
		room  bot.Room
		says  string
		ready bool
	}{
		"a platform is away, and the desk has another": {true, func(bot.Delivery) error { return silent }, "other:desk",
			"Fake hasn't taken my messages for 20 minutes.", true},
		"a platform is away, and only a lead has another": {false, func(bot.Delivery) error { return silent }, "other:vera",
			"Fake hasn't taken my messages for 20 minutes.", false},
		"a platform asks to wait": {false, func(bot.Delivery) error { return bot.Later{After: time.Minute} }, "other:vera",
			"Fake hasn't taken my messages for 20 minutes.", false},
		"the channel is archived": {false, func(d bot.Delivery) error {
			if d.Reply.Room == "fake:desk" {
				return bot.ErrGone
			}
			return nil
		}, "other:vera", "The support channel on Fake hasn't taken my messages for 20 minutes", false},
	} {
		t.Run(name, func(t *testing.T) {
			h, other := onTwoPlatforms(t, c.desk)
			person := h.press("person", "fake:b-1", "fake:buyer:b-1", "A person, please")
			h.fail = c.fails
			h.say(person)
			for minute := range 60 {
				h.pass(time.Minute)
				if minute == 18 && other.heard(c.room) != "" && !c.desk {
					t.Errorf("told too soon: %q", other.heard(c.room))
				}
				h.chat(fmt.Sprint("more", minute)) // others write meanwhile
			}
			if got := other.heard(c.room); strings.Count(got, c.says) != 1 {
				t.Errorf("support reads %q, want %q once", got, c.says)
			}
			if err := h.engine.SupportReachable(t.Context()); (err == nil) != c.ready {
				t.Errorf("support can be told: got %v, want %v", err, c.ready)
			}
			h.fail = nil
			h.pass(time.Minute)
			if err := h.engine.SupportReachable(t.Context()); err != nil {
				t.Errorf("once it is back: %v", err)
			}
			if got := strings.Join(h.heardBy("fake:desk"), " | "); !strings.Contains(got, "asks for a person") {
				t.Errorf("once it is back the desk reads %q", got)
			}
			h.dead(0)
		})
	}
}

// chat lets a stranger say something.
func (h *harness) chat(id string) {
	h.say(bot.Message{ID: id, Room: "fake:stranger", Account: "fake:stranger", Text: "hello"})
}

// TestChannelAwayForDays: what is for support waits until its channel is back, however long that is, and is there at once then.
func TestChannelAwayForDays(t *testing.T) {
	h := newHarness(t)
	h.order("81000001")
	h.ask("81000001")
	person := h.press("person", "fake:b-1", "fake:buyer:b-1", "A person, please")
	h.fail = func(d bot.Delivery) error {
		if d.Reply.Room == "fake:desk" {
			return bot.ErrGone
		}
		return nil
	}
	h.say(person)
	for range 3 * 24 {
		h.pass(time.Hour)
	}
	h.reopen()
	h.fail = nil
	h.pass(time.Minute)
	h.dead(0)
	if got := strings.Join(h.heardBy("fake:desk"), " | "); !strings.Contains(got, "asks for a person") {
		t.Errorf("the desk reads %q", got)
	}
}
