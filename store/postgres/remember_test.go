package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"nevermind/bot"
)

// TestRememberedReadsAreLookedAtAgain: what a replica answers from memory and another has changed is refused by the commit that
// is made of it, and read anew.
func TestRememberedReadsAreLookedAtAgain(t *testing.T) {
	ctx, at := t.Context(), fresh(t)
	one, other := open(t, at), open(t, at)
	defer one.Close()
	defer other.Close()
	ana, bob := bot.Person{ID: "buyer:a", Name: "Ana", Accounts: []string{"acc"}}, bot.Person{ID: "buyer:b", Name: "Bob"}
	for _, c := range []*bot.Commit{{Person: &ana}, {Person: &bob}, {Order: &bot.Order{ID: "1", Buyer: "buyer:a"}},
		filed("case/1/0", "open:order:1")} {
		wantErr(t, one.Commit(ctx, c), nil)
	}
	read := map[string]func(ctx context.Context) (string, error){
		"a person": func(ctx context.Context) (string, error) {
			p, err := one.Person(ctx, "buyer:a")
			return p.Name, err
		},
		"an account": func(ctx context.Context) (string, error) {
			p, err := one.PersonAt(ctx, "acc")
			return p.Name, err
		},
		"an order": func(ctx context.Context) (string, error) {
			o, err := one.Order(ctx, "1")
			return string(o.Buyer), err
		},
		"a term": func(ctx context.Context) (string, error) {
			keys, err := one.Find(ctx, "open:order:1", "", 9)
			return fmt.Sprint(len(keys)), err
		},
	}
	change := map[string]*bot.Commit{
		"a person":   {Person: &bot.Person{ID: "buyer:a", Name: "Anna", Accounts: []string{"acc"}, Version: 1}},
		"an account": {Person: &bot.Person{ID: "buyer:b", Name: "Bob", Accounts: []string{"acc"}, Version: 1}},
		"an order":   {Order: &bot.Order{ID: "1", Buyer: "buyer:b", Version: 1}},
		"a term":     filed("case/1/1", "open:order:1"),
	}
	want := map[string][]string{"a person": {"Ana", "Anna"}, "an account": {"Anna", "Bob"}, "an order": {"buyer:a", "buyer:b"},
		"a term": {"1", "2"}}
	for i, what := range []string{"a person", "an account", "an order", "a term"} {
		if before, err := read[what](ctx); err != nil || before != want[what][0] { // this fills the memory
			t.Fatalf("%s is %q, %v; want %q", what, before, err, want[what][0])
		}
		wantErr(t, other.Commit(ctx, change[what]), nil)
		var seen []string
		err := one.Remember(ctx, func(ctx context.Context) error {
			now, err := read[what](ctx)
			if err != nil {
				return err
			}
			seen = append(seen, now)
			return one.Commit(ctx, filed(bot.Key(fmt.Sprint("case/9/", i)), "open:order:9"))
		})
		if err != nil || fmt.Sprint(seen) != fmt.Sprint(want[what]) {
			t.Errorf("%s: the caller was answered %q, %v; want %q", what, seen, err, want[what])
		}
		if _, err := one.Conversation(ctx, bot.Key(fmt.Sprint("case/9/", i))); err != nil {
			t.Errorf("%s: nothing was stored: %v", what, err)
		}
	}
}

// filed is a commit that stores a new record under a term.
func filed(key bot.Key, term string) *bot.Commit {
	return &bot.Commit{At: start, Terms: []string{term},
		Conversation: &bot.Conversation{Key: key, Frame: bot.Frame{Flow: "case", State: "open"}}}
}

// TestMemoryIsForItsCallers: who has not asked to be answered from memory reads what is stored.
func TestMemoryIsForItsCallers(t *testing.T) {
	ctx, at := t.Context(), fresh(t)
	one, other := open(t, at), open(t, at)
	defer one.Close()
	defer other.Close()
	wantErr(t, one.Commit(ctx, &bot.Commit{Person: &bot.Person{ID: "buyer:a", Name: "Ana"}}), nil)
	for _, version := range []int64{1, 2} {
		if _, err := one.Person(ctx, "buyer:a"); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint("Ana the ", version)
		wantErr(t, other.Commit(ctx, &bot.Commit{Person: &bot.Person{ID: "buyer:a", Name: name, Version: version}}), nil)
		if p, err := one.Person(ctx, "buyer:a"); err != nil || p.Name != name {
			t.Errorf("read %q, %v; want %q", p.Name, err, name)
		}
	}
}

// TestADuplicateIsSeenFirst: a message that was handled is ErrSeen although all else about it is out of date too.
func TestADuplicateIsSeenFirst(t *testing.T) {
	ctx, at := t.Context(), fresh(t)
	one := open(t, at)
	defer one.Close()
	c := filed("case/1/0", "open:order:1")
	c.Handled = "m1"
	wantErr(t, one.Commit(ctx, c), nil)
	wantErr(t, one.Commit(ctx, c), bot.ErrSeen)
	c.Handled = "m2"
	wantErr(t, one.Commit(ctx, c), bot.ErrStale)
	if _, err := one.Conversation(ctx, "case/1/0"); errors.Is(err, bot.ErrNone) {
		t.Error("the record is gone")
	}
}

// TestAConversationIsRememberedByWhoServesAlone: it is answered from memory; where another has changed it, the
// turn that is made of it is refused, and made again of what is stored.
func TestAConversationIsRememberedByWhoServesAlone(t *testing.T) {
	ctx, at := t.Context(), fresh(t)
	one, other := open(t, at), open(t, at)
	defer one.Close()
	defer other.Close()
	talk := bot.Conversation{Key: "talk/fake:1", Frame: bot.Frame{Flow: "talk", State: "first",
		Offers: []bot.Offer{{Token: "0123456789012345678901"}}}}
	wantErr(t, one.Commit(ctx, &bot.Commit{At: start, Conversation: &talk}), nil)
	changed := talk
	changed.Version, changed.State = 1, "second"
	wantErr(t, other.Commit(ctx, &bot.Commit{At: start, Conversation: &changed}), nil)
	var seen []string
	err := one.Remember(ctx, func(ctx context.Context) error {
		key, err := one.Offered(ctx, talk.Offers[0].Token)
		if err != nil {
			return err
		}
		c, err := one.Conversation(ctx, key)
		if err != nil {
			return err
		}
		seen = append(seen, c.State)
		return one.Commit(ctx, &bot.Commit{At: start, Conversation: &c})
	})
	if err != nil || fmt.Sprint(seen) != "[first second]" {
		t.Errorf("the caller was answered %q, %v", seen, err)
	}
	if c, err := other.Conversation(ctx, talk.Key); err != nil || c.Version != 3 || c.State != "second" {
		t.Errorf("stored is version %d in %q, %v", c.Version, c.State, err)
	}
}
