package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// perSecond is a platform's pace in one room: so many at once, then one a second.
func (h *harness) perSecond(burst int) {
	free, at := float64(burst), h.clock()
	h.turn = func(d bot.Delivery) error {
		if d.Reply.Mode != bot.New {
			return nil
		}
		free, at = min(free+h.clock().Sub(at).Seconds(), float64(burst)), h.clock()
		if free < 1 {
			return bot.Later{After: time.Duration((1 - free) * float64(time.Second))}
		}
		free--
		return nil
	}
}

// TestOneAnswerForSeveralMisses: messages that are not understood, faster than the platform lets us answer, are answered once
// for all that came meanwhile; the menu that stands last is the present one, and nothing is said twice in a row for long.
func TestOneAnswerForSeveralMisses(t *testing.T) {
	for name, c := range map[string]struct {
		messages, sends int
		late            time.Duration // the last answer, after the last message
	}{
		"five":     {5, 8, 2200 * time.Millisecond},
		"fourteen": {14, 18, 2200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.say(bot.Message{ID: "first", Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "hello"})
			h.pass(time.Minute)
			h.perSecond(3)
			heard, last, spoken := len(h.heardBy("fake:b-1")), time.Time{}, time.Time{}
			for tick := 0; tick < 600; tick++ {
				if n := tick / 7; tick%7 == 0 && n < c.messages {
					spoken = h.clock()
					h.say(bot.Message{ID: fmt.Sprint(n), Room: "fake:b-1", Account: "fake:buyer:b-1", Text: "xyzzy " + fmt.Sprint(n)})
				}
				before := len(h.heardBy("fake:b-1"))
				h.pass(100 * time.Millisecond)
				if len(h.heardBy("fake:b-1")) > before {
					last = h.clock()
				}
			}
			said := h.heardBy("fake:b-1")[heard:]
			if len(said) > c.sends {
				t.Errorf("%d messages were sent, want %d at most: %q", len(said), c.sends, said)
			}
			if late := last.Sub(spoken); late > c.late {
				t.Errorf("the last answer came %v after the last message, want %v at most", late, c.late)
			}
			t.Logf("%d sends, last answer %v after the last message", len(said), last.Sub(spoken))
			if n := strings.Count(strings.Join(said, " | "), "I didn't understand"); n == 0 || n >= c.messages {
				t.Errorf("said %d times that it was not understood", n)
			}
			// What stands there last can be pressed.
			h.mu.Lock()
			menu := h.rooms["fake:b-1"][len(h.rooms["fake:b-1"])-1]
			h.mu.Unlock()
			if len(menu.Reply.Choices) == 0 {
				t.Fatalf("what stands there last is no menu: %q", menu.Reply.Text)
			}
			h.say(bot.Message{ID: "press", Room: "fake:b-1", Account: "fake:buyer:b-1", Press: menu.Reply.Choices[0].Token})
			h.pass(10 * time.Second)
			if got := h.heardBy("fake:b-1"); strings.Contains(got[len(got)-1], "earlier step") {
				t.Errorf("its first button is answered: %q", got[len(got)-1])
			}
		})
	}
}
