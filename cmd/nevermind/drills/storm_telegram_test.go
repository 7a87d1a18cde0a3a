package drills

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/shop"
	"nevermind/adapters/telegram"
	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
	"nevermind/flows/policies"
	"nevermind/store/bolt"
)

// TestOneBlockedChat holds that a chat in which nothing goes as it should slows no other, in made-up time and at the
// default pace: whoever writes elsewhere waits no longer for an answer than where that chat is well.
func TestOneBlockedChat(t *testing.T) {
	t.Parallel()
	const slack = 250 * time.Millisecond // of the pace: what is tried in vain takes its turn like anything else
	usual := longestWait(t, telegramtest.Fault{})
	t.Logf("all is well: %v at most", usual)
	for name, fault := range map[string]telegramtest.Fault{
		"blocked by the person":  {Code: 403, Words: "Forbidden: bot was blocked by the user"},
		"told to wait":           {Code: 429, Words: "Too Many Requests: retry after 30", RetryAfter: 30 * time.Second},
		"no answer":              {Hole: true},
		"cut off":                {Cut: true},
		"cut off when it's done": {CutAfter: true},
		"server error":           {Code: 500, Words: "Internal Server Error"},
		"slow":                   {Delay: 15 * time.Second},
	} {
		if got := longestWait(t, fault); got > usual+slack {
			t.Errorf("%s: somebody else waited %v, where otherwise nobody waits longer than %v", name, got, usual)
		} else {
			t.Logf("%s: %v at most", name, got)
		}
	}
}

// spell is for how many seconds they write: a minute in a drill.
func spell() int {
	if long {
		return 60
	}
	return 20
}

// longestWait lets one person write every second, to whom nothing can be said, and twenty others every two seconds, for a
// spell; it returns how long the others had to wait at most.
func longestWait(t *testing.T, fault telegramtest.Fault) time.Duration {
	var mu sync.Mutex
	longest := time.Duration(0)
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		sick := fake.Private(telegramtest.Person{ID: 1, Name: "P"})
		var over atomic.Bool
		fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
			if c.Chat == sick.ID && !over.Load() {
				return fault
			}
			return telegramtest.Fault{}
		}
		asked := map[int64]time.Time{}
		fake.Heard = func(m telegramtest.Message) {
			mu.Lock()
			defer mu.Unlock()
			if at, waits := asked[m.Chat]; waits {
				longest = max(longest, time.Since(at))
				delete(asked, m.Chat)
			}
		}
		withTelegram(t, fake)
		for second := range spell() {
			sick.Type("hello")
			for i := range 20 {
				if chat := fake.Private(telegramtest.Person{ID: int64(100 + i), Name: "P"}); (second+i)%2 == 0 {
					mu.Lock()
					if at, waits := asked[chat.ID]; waits {
						t.Errorf("chat %d has waited since %v", chat.ID, time.Since(at))
					}
					asked[chat.ID] = time.Now()
					mu.Unlock()
					chat.Type("hello")
				}
			}
			time.Sleep(time.Second)
		}
		over.Store(true)
		time.Sleep(time.Minute) // what hangs comes to its end
		mu.Lock()
		defer mu.Unlock()
		if len(asked) > 0 {
			t.Errorf("%d were never answered", len(asked))
		}
	})
	mu.Lock()
	defer mu.Unlock()
	return longest
}

// TestStormOverTheHouse lets three calls in ten about messages be told to wait for 1 to 60 seconds, in made-up time through
// the whole house: everybody hears every answer, nobody is written to before the time Telegram has named, and hardly a call
// is made in vain.
func TestStormOverTheHouse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const chats, each = 20, 10
		fake := telegramtest.Within(t)
		var mu sync.Mutex
		dice, calls, done, until := rand.New(rand.NewPCG(1, 2)), 0, 0, map[int64]time.Time{}
		fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
			mu.Lock()
			defer mu.Unlock()
			if c.Method != "sendMessage" && c.Method != "editMessageReplyMarkup" && c.Method != "editMessageText" {
				return telegramtest.Fault{}
			}
			if left := until[c.Chat].Sub(c.At); left > 0 {
				t.Errorf("chat %d is written to %v too early", c.Chat, left)
			}
			if calls++; dice.Float64() >= 0.3 {
				done++
				return telegramtest.Fault{}
			}
			s := 1 + dice.IntN(60)
			until[c.Chat] = c.At.Add(time.Duration(s) * time.Second)
			return telegramtest.Fault{Code: 429, Words: fmt.Sprint("Too Many Requests: retry after ", s),
				RetryAfter: time.Duration(s) * time.Second}
		}
		withTelegram(t, fake)
		for n := range each {
			for i := range chats { // each time another order: an answer that is said again anyway is said once
				fake.Private(telegramtest.Person{ID: int64(100 + i), Name: "P"}).Type(fmt.Sprint("order ", 90_000_000+n))
			}
			time.Sleep(5 * time.Second)
		}
		time.Sleep(time.Hour)
		mu.Lock()
		defer mu.Unlock()
		for i := range chats {
			if got := len(fake.Private(telegramtest.Person{ID: int64(100 + i)}).Heard()); got != each {
				t.Errorf("chat %d has heard %d answers, want %d", 100+i, got, each)
			}
		}
		if ratio := float64(calls) / float64(done); ratio > 1.5 {
			t.Errorf("%d calls for %d that came to something, %.2f each, at most 1.5", calls, done, ratio)
		}
		t.Logf("%d calls for %d that came to something, %.2f each", calls, done, float64(calls)/float64(done))
	})
}

// knownChats are the chats of people who are linked: what strangers are answered may wait for them.
func knownChats() []int64 {
	chats := []int64{1}
	for i := range 200 {
		chats = append(chats, int64(100+i))
	}
	return chats
}

// withTelegram runs a house on a fake Telegram within this process until the test ends; it knows those who write.
func withTelegram(t *testing.T, fake *telegramtest.Server) *bolt.Store {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.NoSync())
	must(t, err)
	pack, err := policies.Default()
	must(t, err)
	a, err := telegram.New(telegram.Config{Token: fake.Token, API: fake.URL(), Client: fake.Reach(), Rate: 30, InChat: 1,
		Values: store})
	must(t, err)
	book := &shop.Book{Now: time.Now}
	ctx, cancel := context.WithCancel(context.Background())
	engine, err := engine.New(ctx, engine.Config{Store: store, Ruleset: ruleset(t), Policy: pack.Policy,
		Now:      time.Now,
		Adapters: []bot.Adapter{a}, Hands: book.Hands()})
	must(t, err)
	book.Shelf = engine
	for _, chat := range knownChats() {
		_, err := engine.PutPerson(ctx, bot.Person{
			ID: bot.PersonID(fmt.Sprint("buyer:b-", chat)), Name: "P",
			Accounts: []string{fmt.Sprint("telegram:", chat)},
			Rooms:    []bot.Room{bot.Room(fmt.Sprint("telegram:", chat))},
		})
		must(t, err)
	}
	ended := make(chan error)
	go func() { ended <- engine.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(fmt.Errorf("run: %w", err))
		}
		must(t, store.Close())
	})
	return store
}
