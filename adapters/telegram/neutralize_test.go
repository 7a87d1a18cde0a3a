package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestNasty sends five hundred texts that have broken messages elsewhere through every kind of reply, wherever words of
// people can stand: no call is refused, and nothing of them comes to life.
func TestHostileTexts(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, func(c *Config) { c.Menus = []Menu{{Commands: []Command{{"orders", "Your orders"}}}} })
	runAdapter(t, a, inboxFunc(func(context.Context, bot.Message) error { return nil }))
	for i, text := range telegramtest.Nasty(500, 1) {
		room := bot.Room("telegram:11")
		replies := []bot.Reply{
			{Room: room, Mode: bot.New, Title: text, Text: "See /orders."},
			{Room: room, Mode: bot.New, Text: text},
			{Room: room, Mode: bot.New, Text: "They write:", Quote: text, Choices: []bot.Button{{Token: strings.Repeat("t", 22), Label: text}, {Token: "u", Label: "Answer"}}},
			{Room: room, Mode: bot.Edit, Title: "Order · " + text, Text: "\u2068" + text + "\u2069 writes:", Quote: text, Choices: []bot.Button{{Token: "v", Label: text}}},
			{Room: room, Mode: bot.Strip},
		}
		var ref bot.Ref
		for k, r := range replies {
			d := bot.Delivery{ID: fmt.Sprint(i, ".", k), Attempt: 1, Ref: ref, Reply: r}
			got, err := a.Send(t.Context(), d)
			if err != nil && k == 3 && strings.Contains(err.Error(), "too long") { // the house says it anew
				d.Reply.Mode = bot.New
				got, err = a.Send(t.Context(), d)
			}
			if err != nil {
				t.Errorf("text %d %.60q, reply %d: %v", i, text, k, err)
			}
			ref = got
		}
		query := chat.PressData(1, "tok")
		press := fmt.Sprintf("tg:%d:%s", telegramtest.BotID, query[1:])
		fake.Until(func() bool { return a.pressAnswers.isPending(press) })
		if _, err := a.Send(t.Context(), bot.Delivery{ID: "x", Attempt: 1, Reply: bot.Reply{Room: room, Mode: bot.Aside, Press: press, Text: text}}); err != nil {
			t.Errorf("text %d %.60q, aside: %v", i, text, err)
		}
	}
	for _, m := range chat.Heard() {
		for _, l := range m.Live {
			if l != "/orders" {
				t.Errorf("%q comes to life in %.80q", l, m.Text)
			}
		}
	}
	for _, c := range fake.Calls("") {
		if c.Code != 0 && c.Code != 200 && !strings.Contains(c.Words, "not modified") {
			t.Errorf("refused: %s %d %s", c.Method, c.Code, c.Words)
		}
	}
	if n := len(fake.Calls("answerCallbackQuery")); n != 500 {
		t.Errorf("%d presses answered, want 500", n)
	}
}

// TestPressAnswered holds when a press is answered: with the house's word if it has one, without where it says something
// else or nothing, and in any case once.
func TestPressAnswered(t *testing.T) { synctest.Test(t, pressAnswered) }

func pressAnswered(t *testing.T) {
	fake := telegramtest.Within(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	slow := make(chan struct{})
	var a *Adapter
	house := inboxFunc(func(ctx context.Context, m bot.Message) error {
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
	runAdapter(t, a, house)
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

// TestPressAnsweredOnce holds that a press which the store cannot take for a while is answered once all the same.
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
