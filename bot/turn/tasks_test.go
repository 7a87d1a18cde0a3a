package turn

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"nevermind/bot"
)

// TestIDs wants ids to be well formed, to sort by the time of their turns, to follow from the view alone, and never to
// share what cannot be guessed.
func TestIDs(t *testing.T) {
	form := regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	mint := func(after time.Duration, seed byte) (made []string) {
		turn := &turn{v: &bot.View{Now: at.Add(after), Seed: [16]byte{seed}}}
		return []string{turn.id(), turn.id()}
	}
	var all []string
	tails := map[string]bool{}
	for i := range 200 {
		made := mint(time.Duration(i)*37*time.Millisecond, byte(i))
		if again := mint(time.Duration(i)*37*time.Millisecond, byte(i)); !slices.Equal(again, made) {
			t.Fatalf("the same view made %v, then %v", made, again)
		}
		for _, id := range made {
			if !form.MatchString(id) || tails[id[8:]] {
				t.Errorf("id %q is malformed, or its random part was made before", id)
			}
			tails[id[8:]] = true
		}
		slices.Sort(made)
		all = append(all, made...)
	}
	if !slices.IsSorted(all) {
		t.Error("ids do not sort by the time of their turns")
	}
}

// TestWorkID wants a record of an older version to go on naming its tasks as it did, and one of now to name a task that
// moves money by the amount as well.
func TestWorkID(t *testing.T) {
	c := bot.Conversation{Key: "case/8123/0", Opened: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Frame: bot.Frame{Visit: 4, Facts: bot.Facts{"attempt": "1", "amount": "24.90 USD"}}}
	id := func(class bot.Class, workIDs int, amount string) string {
		c := c
		c.WorkIDs, c.Facts = workIDs, bot.Facts{"attempt": "1", "amount": amount}
		return WorkID(&c, class, "pay_refund")
	}
	if got, want := id(bot.MoneyClass, 0, "24.90 USD"), "T-29e3a9282c6c8d9831ed"; got != want {
		t.Errorf("got %s, want %s as older versions named it", got, want)
	}
	seen := map[string]bool{}
	for _, one := range []string{id(bot.MoneyClass, 0, "9.90 USD"), id(bot.MoneyClass, boundToAmount, "24.90 USD"),
		id(bot.MoneyClass, boundToAmount, "9.90 USD"), id(bot.MoneyClass, boundToAmount, "24.90 EUR"),
		id(bot.PostClass, boundToAmount, "9.90 USD")} {
		if seen[one] {
			t.Errorf("%s names two tasks", one)
		}
		seen[one] = true
	}
	if id(bot.MoneyClass, 0, "9.90 USD") != id(bot.MoneyClass, 0, "24.90 USD") ||
		id(bot.PostClass, 1, "1 USD") != id(bot.PostClass, 1, "2 USD") {
		t.Error("an id depends on an amount that it did not depend on")
	}
	r, v := lamp()
	if turn, err := r.Decide(v); err != nil || turn.Conv.WorkIDs != boundToAmount {
		t.Errorf("a record that begins now has form %d (%v), want %d", turn.Conv.WorkIDs, err, boundToAmount)
	}
}
