package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"nevermind/bot"
)

// restarts is a house that is restarted again and again, while time passes in small steps and its wall clock is set wrong at
// times. It is never away for as long as an outage takes.
type restarts struct {
	*harness
	dice   *rand.Rand
	passed time.Duration // since the beginning, by a monotonic clock
	skew   time.Duration // of the wall clock
	began  time.Time
	due    map[bot.Key]time.Time // when silence is to decide each open case
	fired  int
	early  int
	latest time.Duration
	jumps  int
}

// sellersOf are where the sellers live: three zones whose clocks change within the drill, by an hour and by half of one.
var sellersOf = []string{"Europe/Madrid", "America/New_York", "Australia/Lord_Howe"}

// wrongBy is how far the wall clock is set wrong.
var wrongBy = []time.Duration{time.Hour, 400 * 24 * time.Hour, -time.Hour, 25 * time.Hour, -25 * time.Hour}

// TestDeadlinesOverRestartsDrill restarts a house a thousand times within five weeks, in which three zones change their clocks,
// and sets its wall clock wrong a hundred times, by an hour, by 25 hours and by 400 days. Sellers have two business days where
// they live. Silence decides each case once, and never early.
func TestDeadlinesOverRestartsDrill(t *testing.T) {
	r, rounds := newRestarts(t, time.Date(2026, 10, 23, 18, 0, 0, 0, time.UTC)), 40
	if inDrill() {
		r, rounds = newRestarts(t, time.Date(2026, 10, 2, 9, 0, 0, 0, time.UTC)), 1000
	}
	cases := 0
	for round := range rounds {
		if round%5 == 0 {
			r.asks(cases)
			cases++
		}
		for range 4 {
			r.goesBy(time.Duration(10+r.dice.IntN(4)) * time.Minute)
		}
		if round%10 == 9 {
			r.isSetWrong()
		}
		r.reopen()
		r.looks()
	}
	for days := 6 * 24 * 5; len(r.due) > 0 && days > 0; days-- {
		r.goesBy(12 * time.Minute)
	}
	for key, at := range r.due {
		t.Errorf("%s waits still, and was to be decided at %v", key, at)
	}
	for n := range cases {
		key := bot.Key("case/" + caseOf(n) + "/0")
		if silent := r.moves(key, "seller_silent"); silent != 1 {
			t.Errorf("silence has decided %s %d times", key, silent)
		}
		if n := r.moves(key, "seller_reminded"); n != 1 {
			t.Errorf("the seller was reminded of %s %d times", key, n)
		}
		o, err := r.store.Order(t.Context(), caseOf(n))
		r.must(err)
		if len(o.Book) != 2 {
			t.Errorf("the book of %s has %v; want a cancellation and a refund", key, o.Book)
		}
	}
	t.Logf("%d restarts and %d jumps of the clock in %.0f days: %d deadlines fired, %d early, the latest %v late",
		rounds, r.jumps, r.passed.Hours()/24, r.fired, r.early, r.latest)
	if r.fired != cases || r.jumps == 0 {
		t.Errorf("%d of %d were decided, %d jumps", r.fired, cases, r.jumps)
	}
}

func newRestarts(t *testing.T, began time.Time) *restarts {
	r := &restarts{harness: newHarness(t), dice: rand.New(rand.NewPCG(19, 7)), began: began, due: map[bot.Key]time.Time{}}
	r.policy = "windows: {seller_answer: 2bd}"
	r.harness.passed = func() time.Duration { return r.passed }
	r.tells()
	r.reopen()
	for n, zone := range sellersOf {
		id := fmt.Sprint("seller:z-", n)
		_, err := r.engine.PutPerson(context.Background(), bot.Person{ID: bot.PersonID(id), Name: "Lumen", Language: "en", Zone: zone,
			Accounts: []string{"fake:" + id}, Rooms: []bot.Room{bot.Room("fake:z-" + fmt.Sprint(n))}})
		r.must(err)
	}
	return r
}

func caseOf(n int) string { return fmt.Sprint(82000000 + n) }

// tells sets the wall clock.
func (r *restarts) tells() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.began.Add(r.passed + r.skew)
}

// goesBy lets time pass, and the house look.
func (r *restarts) goesBy(d time.Duration) {
	r.passed += d
	r.tells()
	r.looks()
}

// isSetWrong sets the wall clock wrong for a few minutes, and right again until it is believed.
func (r *restarts) isSetWrong() {
	r.jumps++
	r.skew = wrongBy[r.jumps%len(wrongBy)]
	for range 3 {
		r.goesBy(time.Duration(r.dice.IntN(4)) * time.Minute)
	}
	r.skew = 0
	for range 3 {
		r.goesBy(3 * time.Minute)
	}
}

// asks opens a request about a new order, and works out when silence is to decide it.
func (r *restarts) asks(n int) {
	id, zone := caseOf(n), sellersOf[n%len(sellersOf)]
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	_, err := r.engine.PutOrder(context.Background(), bot.Order{ID: id, Buyer: "buyer:b-1",
		Seller: bot.PersonID(fmt.Sprint("seller:z-", n%len(sellersOf))), Stage: bot.Processing, Method: "card",
		Placed: r.now.Add(-2 * time.Hour), Paid: r.now.Add(-time.Hour), Updated: r.now.Add(-time.Hour), Total: usd(2490),
		Shipping: usd(250), Items: []bot.Item{{ID: "1", Title: "Lamp", Quantity: 1, Price: usd(2240)}}})
	r.must(err)
	r.ask(id)
	place, err := time.LoadLocation(zone)
	r.must(err)
	key := bot.Key("case/" + id + "/0")
	want := twoBusinessDays(r.clock().In(place))
	c, err := r.store.Conversation(context.Background(), key)
	r.must(err)
	for _, d := range c.Deadlines {
		if d.Event == "seller_silent" {
			r.due[key] = d.At
		}
	}
	if got := r.due[key]; got.Sub(want).Abs() > time.Second {
		r.t.Errorf("a seller in %s asked at %v has until %v, want %v", zone, r.clock().In(place), got.In(place), want)
	}
}

// twoBusinessDays is the same time of day two working days later; from a weekend, as from its end.
func twoBusinessDays(at time.Time) time.Time {
	for left := 2; left > 0; {
		at = time.Date(at.Year(), at.Month(), at.Day()+1, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), at.Location())
		if d := at.Weekday(); d != time.Saturday && d != time.Sunday {
			left--
		}
	}
	return at
}

// looks does what is due, and looks at what silence has decided since.
func (r *restarts) looks() {
	r.must(r.engine.Drain(context.Background()))
	really := r.began.Add(r.passed)
	for key, at := range r.due {
		if r.moves(key, "seller_silent") == 0 {
			continue
		}
		delete(r.due, key)
		r.fired++
		if late := really.Sub(at); late < 0 {
			r.early++
			r.t.Errorf("silence has decided %s %v early, with the clock %v off", key, -late, r.skew)
		} else {
			r.latest = max(r.latest, late)
		}
	}
}
