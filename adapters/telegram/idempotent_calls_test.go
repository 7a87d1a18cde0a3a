package telegram

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// sendUntil makes attempts at a delivery as the engine does, until one ends otherwise than in a bot.Later or time is over. It
// returns how long the longest wait was that a bot.Later asked for, and the last error.
func sendUntil(t *testing.T, a *Adapter, d bot.Delivery, most time.Duration) (longest time.Duration, err error) {
	t.Helper()
	for began := time.Now(); time.Since(began) < most; {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		_, err = a.Send(ctx, d)
		cancel()
		var later bot.Later
		if !errors.As(err, &later) {
			return longest, err
		}
		longest = max(longest, later.After)
		sleep(t.Context(), later.After)
	}
	return longest, err
}

// TestEditsNeverEndUnclear holds what becomes of edits and strips that get no response, or trouble at Telegram in its place: they
// are made again within seconds, for as long as the platform is away, and are given up where it answers other chats.
func TestEditsNeverEndUnclear(t *testing.T) {
	for name, c := range map[string]struct {
		fault  telegramtest.Fault
		away   time.Duration // how long the fault lasts
		others bool          // Telegram answers other chats meanwhile
		want   error
		within time.Duration
	}{
		"cut":                   {telegramtest.Fault{Cut: true}, time.Hour, false, nil, time.Hour + 5*time.Second},
		"done, without a word":  {telegramtest.Fault{CutAfter: true}, time.Minute, false, nil, time.Minute + 5*time.Second},
		"black hole":            {telegramtest.Fault{Hole: true}, time.Hour, false, nil, time.Hour + 10*time.Second},
		"gateway":               {telegramtest.Fault{Code: 502, Raw: "<html>"}, time.Hour, false, nil, time.Hour + 5*time.Second},
		"internal error":        {telegramtest.Fault{Code: 500, Words: "Internal"}, time.Hour, true, nil, time.Hour + 5*time.Second},
		"black hole, for it":    {telegramtest.Fault{Hole: true}, time.Hour, true, bot.ErrCardGone, time.Minute},
		"gateway, for it alone": {telegramtest.Fault{Code: 502, Raw: "<html>"}, time.Hour, true, bot.ErrCardGone, time.Minute},
	} {
		for _, mode := range []bot.Mode{bot.Edit, bot.Strip} {
			t.Run(fmt.Sprint(name, " ", mode), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					fake, a := pacedAdapter(t, nil)
					fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
					fake.Private(telegramtest.Person{ID: 12, Name: "Bo"})
					d := newDelivery("hello")
					d.Reply.Choices = []bot.Button{{Token: "tok", Label: "Accept"}}
					d.Ref, _ = a.Send(t.Context(), d)
					began := time.Now()
					fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
						if call.Chat != 11 || time.Since(began) > c.away {
							return telegramtest.Fault{}
						}
						if c.others {
							go func() { a.idempotent.sawAnswer(time.Now()) }()
						}
						return c.fault
					}
					d.ID, d.Reply.Mode, d.Reply.Text = "edit", mode, "changed"
					longest, err := sendUntil(t, a, d, 2*time.Hour)
					if took := time.Since(began); !errors.Is(err, c.want) || longest > maxEditBackoff || took > c.within {
						t.Errorf("after %v, with waits of up to %v: %v, want %v", took, longest, err, c.want)
					}
				})
			})
		}
	}
}

// TestEditsLeaveTheRateAlone holds that changes of messages in a private chat take nothing of its rate, that they do in a group,
// and that both wait where Telegram has asked for it.
func TestEditsLeaveTheRateAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, a := pacedAdapter(t, nil)
		fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		fake.Group(-12, telegramtest.Person{ID: 11, Name: "Ana"})
		for chat, slow := range map[int64]bool{11: false, -12: true} {
			d := newDelivery("hello")
			d.Reply.Room = roomOf(chat)
			d.Ref, _ = a.Send(t.Context(), d)
			began := time.Now()
			for i := range 9 {
				d.Reply.Mode, d.Reply.Text = bot.Edit, fmt.Sprint("changed ", i)
				if _, err := sendUntil(t, a, d, time.Minute); err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(began); slow != (took > 5*time.Second) {
				t.Errorf("chat %d: nine edits took %v", chat, took)
			}
			fake.Fault = func(telegramtest.Call) telegramtest.Fault { return tooManyRequests(33 * time.Second) }
			_, _ = a.Send(t.Context(), d)
			fake.Fault = nil
			var later bot.Later
			if err := a.Turn(t.Context(), d); !errors.As(err, &later) || later.After < 30*time.Second {
				t.Errorf("chat %d: got %v, want a wait of half a minute", chat, err)
			}
		}
	})
}
