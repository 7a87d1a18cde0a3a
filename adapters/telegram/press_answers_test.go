package telegram

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// isPending says whether a press waits for its answer.
func (ps *pressAnswers) isPending(id string) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.pending[id] != nil
}

// isCommitted says whether a press that waits for its answer is stored.
func (ps *pressAnswers) isCommitted(id string) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.pending[id] != nil && ps.pending[id].committed
}

// TestPressAnswered holds when a press is answered: with the engine's words if it has some, without where it sends a
// message or nothing, and in any case once.
func TestPressAnswered(t *testing.T) { synctest.Test(t, pressAnswered) }

func pressAnswered(t *testing.T) {
	fake := telegramtest.Within(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	slow := make(chan struct{})
	var a *Adapter
	in := inboxFunc(func(ctx context.Context, m bot.Message) error {
		r := bot.Reply{Room: m.Room, Mode: bot.Aside, Press: m.ID, Text: "That was answered already."}
		switch m.Press {
		case "late":
		case "fine":
			r = bot.Reply{Room: m.Room, Mode: bot.New, Text: "It moved."}
		case "slow":
			<-slow
			return nil
		default:
			return nil
		}
		go func() {
			fake.Until(func() bool { return a.pressAnswers.isCommitted(m.ID) })
			_, _ = a.Send(context.Background(), bot.Delivery{ID: m.ID, Attempt: 1, Reply: r})
		}()
		return nil
	})
	a = newTestAdapter(t, fake, nil)
	runAdapter(t, a, in)
	began := time.Now()
	for press, c := range map[string]struct {
		words string
		after time.Duration
	}{"late": {"That was answered already.", 0}, "fine": {"", 0}, "slow": {"", commitWait}, "quiet": {"", replyWait}} {
		query := chat.PressData(1, press)
		if !fake.Until(func() bool { return fake.AnswerTo(query).Times == 1 }) {
			t.Errorf("%s: answered %d times", press, fake.AnswerTo(query).Times)
		}
		took := time.Since(began)
		if got := fake.AnswerTo(query).Text; got != c.words || took < c.after || c.after == 0 && took > commitWait {
			t.Errorf("%s: answered %q after %v, want %q after %v", press, got, took, c.words, c.after)
		}
		if press == "slow" {
			close(slow)
		}
		began = time.Now()
	}
	synctest.Wait()             // what was to be said is said
	chat.Type("are you there?") // nobody answers
	if !fake.Until(func() bool { return len(fake.Calls("sendChatAction")) > 0 }) {
		t.Error("nothing shows that an answer takes its time")
	}
}

// TestPressAnsweredOnce holds that a press which cannot be stored for a while is answered once all the same.
func TestPressAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		tries := 0
		runAdapter(t, newTestAdapter(t, fake, nil), inboxFunc(func(context.Context, bot.Message) error {
			if tries++; tries < 8 {
				return errors.New("the disk is full")
			}
			return nil
		}))
		query := chat.PressData(1, "tok")
		sleep(t.Context(), time.Minute)
		if a := fake.AnswerTo(query); a.Times != 1 || tries != 8 || fake.Pending() != 0 {
			t.Errorf("answered %d times after %d tries, %d pending", a.Times, tries, fake.Pending())
		}
	})
}
