package telegram

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// sendInOrder sends so many messages to one chat, each until it is sent, as the engine does: never before the time that a Later
// names, and never sooner than after a second. It returns how long each took from its first attempt.
func sendInOrder(t *testing.T, a *Adapter, chat int64, messages int) (took []time.Duration) {
	for i := range messages {
		d := bot.Delivery{ID: fmt.Sprint("task ", chat, " ", i)}
		d.Reply = bot.Reply{Room: roomOf(chat), Mode: bot.New, Text: fmt.Sprint("message ", i)}
		for began := time.Now(); ; {
			d.Attempt++
			_, err := a.Send(t.Context(), d)
			if err == nil {
				took = append(took, time.Since(began))
				break
			}
			var later bot.Later
			if !errors.As(err, &later) {
				t.Errorf("chat %d, message %d: %v", chat, i, err)
				return took
			}
			if !sleep(t.Context(), max(later.After, time.Second)) || time.Since(began) > 24*time.Hour {
				return took
			}
		}
	}
	return took
}

// pacedAdapter is an adapter with the usual rate limits on a fake within one process, where time may be simulated.
func pacedAdapter(t *testing.T, fault func(telegramtest.Call) telegramtest.Fault) (*telegramtest.Server, *Adapter) {
	fake := telegramtest.New()
	fake.Fault = fault
	a, err := New(Config{Token: fake.Token, API: "http://fake", Client: fake.Client(), Rate: 30, InChat: 1})
	if err != nil {
		t.Fatal(err)
	}
	return fake, a
}

// TestManyRetryAfters answers three calls in ten with a 429 and a retry_after of 1 to 60 seconds: nothing is lost or changes its
// order, no chat is written to too early, and hardly a call is made in vain.
func TestManyRetryAfters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const chats, messages = 150, 20
		var mu sync.Mutex
		dice := rand.New(rand.NewPCG(1, 2))
		fake, a := pacedAdapter(t, func(telegramtest.Call) telegramtest.Fault {
			mu.Lock()
			defer mu.Unlock()
			if dice.Float64() >= 0.3 {
				return telegramtest.Fault{}
			}
			s := 1 + dice.IntN(60)
			return tooManyRequests(time.Duration(s) * time.Second)
		})
		began := time.Now()
		var all sync.WaitGroup
		for i := range chats {
			chat := fake.Private(telegramtest.Person{ID: int64(i + 1), Name: "P"})
			all.Go(func() { sendInOrder(t, a, chat.ID, messages) })
		}
		all.Wait()
		for i := range chats {
			for j, m := range fake.Private(telegramtest.Person{ID: int64(i + 1)}).Heard() {
				if want := fmt.Sprint("message ", j); m.Text != want {
					t.Fatalf("chat %d has %q where %q should be", i+1, m.Text, want)
				}
			}
			if got := len(fake.Private(telegramtest.Person{ID: int64(i + 1)}).Heard()); got != messages {
				t.Errorf("chat %d has %d messages, want %d", i+1, got, messages)
			}
		}
		calls := fake.Calls("sendMessage")
		if ratio := float64(len(calls)) / (chats * messages); ratio > 1.5 {
			t.Errorf("%d calls, %.2f a message, at most 1.5", len(calls), ratio)
		}
		took := time.Since(began).Round(time.Second)
		t.Logf("%d messages, %d calls, %v of simulated time", chats*messages, len(calls), took)
		checkRetryAfter(t, calls)
	})
}

// checkRetryAfter holds that no chat is written to before the time Telegram has named.
func checkRetryAfter(t *testing.T, calls []telegramtest.Call) {
	t.Helper()
	until := map[int64]time.Time{}
	for _, c := range calls {
		if c.At.Before(until[c.Chat]) {
			t.Errorf("chat %d is written to %v too early", c.Chat, until[c.Chat].Sub(c.At))
		}
		var s int
		if _, err := fmt.Sscanf(c.Words, "Too Many Requests: retry after %d", &s); err == nil {
			until[c.Chat] = c.At.Add(time.Duration(s) * time.Second)
		}
	}
}

// TestOneSlowChat holds that a chat which always gets a 429 slows no other.
func TestOneSlowChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const chats, messages = 20, 10
		fake, a := pacedAdapter(t, func(c telegramtest.Call) telegramtest.Fault {
			if c.Chat == 1 {
				return tooManyRequests(time.Minute)
			}
			return telegramtest.Fault{}
		})
		began := time.Now()
		var all sync.WaitGroup
		fake.Private(telegramtest.Person{ID: 1, Name: "Slow"})
		all.Go(func() { sendInOrder(t, a, 1, 1) })
		var others sync.WaitGroup
		for i := range chats {
			chat := fake.Private(telegramtest.Person{ID: int64(i + 2), Name: "P"})
			others.Go(func() { sendInOrder(t, a, chat.ID, messages) })
		}
		others.Wait()
		if took := time.Since(began); took > 12*time.Second { // ten messages at one a second, three of them at once
			t.Errorf("the others took %v", took)
		}
		all.Wait()
	})
}

// TestPace holds the rate limit where no call gets a 429: about one a second in a chat, thirty in all.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, a := pacedAdapter(t, nil)
		fake.Private(telegramtest.Person{ID: 1, Name: "P"})
		began := time.Now()
		sendInOrder(t, a, 1, 63)
		if took := time.Since(began); took < 60*time.Second || took > 61*time.Second {
			t.Errorf("63 messages in one chat took %v, want three at once and then one a second", took)
		}
		began = time.Now()
		var all sync.WaitGroup
		for i := range 330 {
			chat := fake.Private(telegramtest.Person{ID: int64(i + 2), Name: "P"})
			all.Go(func() { sendInOrder(t, a, chat.ID, 1) })
		}
		all.Wait()
		if took := time.Since(began); took < 10*time.Second || took > 13*time.Second {
			t.Errorf("330 messages in as many chats took %v, want thirty at once and then thirty a second", took)
		}
	})
}

// TestStrangersWait: a hundred strangers who chat without a pause leave the people we know as they were: a question of three
// messages stands there two seconds later, as long as one chat's limit takes for it; and strangers are answered all the same.
func TestStrangersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, a := pacedAdapter(t, nil)
		fake.Private(telegramtest.Person{ID: 7, Name: "Ana"})
		ctx, stop := context.WithCancel(t.Context())
		deliver := func(room bot.Room, id string, last bool) (took time.Duration, sent bool) {
			d := bot.Delivery{ID: id, Reply: bot.Reply{Room: room, Mode: bot.New, Text: "x", Last: last}}
			for began := time.Now(); ; {
				var later bot.Later
				if errors.As(a.Turn(ctx, d), &later) {
					if !sleep(ctx, max(later.After, time.Second)) {
						return 0, false
					}
					continue
				}
				if _, err := a.Send(t.Context(), d); err != nil {
					t.Errorf("%s: %v", id, err)
				}
				return time.Since(began), true
			}
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		answered := map[int]int{}
		for stranger := range 100 {
			fake.Private(telegramtest.Person{ID: int64(1000 + stranger), Name: "X"})
			all.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					if _, sent := deliver(roomOf(int64(1000+stranger)), fmt.Sprint(stranger, " ", n), true); sent {
						mu.Lock()
						answered[stranger]++
						mu.Unlock()
					}
				}
			})
		}
		for question := range 20 {
			if !sleep(ctx, 10*time.Second) {
				break
			}
			began := time.Now()
			for part := range 5 {
				deliver(roomOf(7), fmt.Sprint("question ", question, part), false)
			}
			if took := time.Since(began); took > 2500*time.Millisecond {
				t.Errorf("question %d stood there after %v", question, took)
			}
		}
		stop()
		all.Wait()
		for stranger := range 100 {
			if answered[stranger] < 10 {
				t.Errorf("stranger %d had %d answers in 200 seconds", stranger, answered[stranger])
			}
		}
	})
}

// TestPaceBeginsWithoutBurst: a start that takes long saves nothing up. Who dies over and over, and has many to answer, would
// otherwise have thirty messages on the wire each time, each of which comes twice.
func TestPaceBeginsWithoutBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, a := pacedAdapter(t, nil)
		<-time.After(10 * time.Second) // the store is opened
		began := time.Now()
		var all sync.WaitGroup
		for i := range 31 {
			chat := fake.Private(telegramtest.Person{ID: int64(i + 1), Name: "P"})
			all.Go(func() { sendInOrder(t, a, chat.ID, 1) })
		}
		all.Wait()
		if took := time.Since(began); took != time.Second {
			t.Errorf("31 messages took %v, want one at once and then thirty a second", took)
		}
	})
}
