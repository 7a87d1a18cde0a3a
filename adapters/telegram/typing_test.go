package telegram

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestTyping holds that whoever waits is shown "typing", from a second on, until the reply comes, and not for ever.
func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		a := newTestAdapter(t, fake, nil)
		runAdapter(t, a, &recordingInbox{})
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		shown := func() int { return len(fake.Calls("sendChatAction")) }
		chat.Type("quick")
		sleep(t.Context(), 500*time.Millisecond)
		if _, err := a.Send(t.Context(), newDelivery("an answer")); err != nil {
			t.Fatal(err)
		}
		sleep(t.Context(), time.Minute)
		if got := shown(); got != 0 {
			t.Errorf("shown %d times for a quick answer", got)
		}
		chat.Type("slow")
		sleep(t.Context(), 6*time.Second)
		if got := shown(); got != 2 {
			t.Errorf("shown %d times in six seconds, want 2", got)
		}
		if _, err := a.Send(t.Context(), newDelivery("an answer")); err != nil {
			t.Fatal(err)
		}
		sleep(t.Context(), time.Minute)
		if got := shown(); got != 2 {
			t.Errorf("shown %d times, want 2: it is answered", got)
		}
		chat.Type("never answered")
		sleep(t.Context(), time.Hour)
		if got := shown(); got != 2+maxTyping {
			t.Errorf("shown %d times, want %d", got, 2+maxTyping)
		}
	})
}

// TestTypingOnAPress holds that a press without a reply shows nothing, and that one which is stored slowly shows "typing".
func TestTypingOnAPress(t *testing.T) {
	for name, c := range map[string]struct {
		store time.Duration
		want  int
	}{"nothing is said": {0, 0}, "stored slowly": {3 * time.Second, 1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := telegramtest.Within(t)
				chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
				a := newTestAdapter(t, fake, nil)
				runAdapter(t, a, inboxFunc(func(context.Context, bot.Message) error {
					sleep(t.Context(), c.store)
					return nil
				}))
				query := chat.PressData(1, "token")
				sleep(t.Context(), 3100*time.Millisecond)
				if c.store > 0 {
					_, _ = a.Send(t.Context(), newDelivery("It moved."))
				}
				sleep(t.Context(), time.Minute)
				if got := len(fake.Calls("sendChatAction")); got != c.want || fake.AnswerTo(query).Times != 1 {
					t.Errorf("shown %d times, want %d; answered %d times", got, c.want, fake.AnswerTo(query).Times)
				}
			})
		})
	}
}
