package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nevermind/bot"
	"nevermind/flows/policies"
)

// policyInForce is what the version of the policy that was in force last is kept under in the store.
const policyInForce = "policy_in_force"

// policy is the policy of the house: the one that is set, or in a house that is only looked at the one that was in force
// last, where one was.
func (h *house) policy(ctx context.Context) (*policies.Pack, error) {
	if h.asFound {
		last, err := lastPolicy(ctx, h.store)
		if last != nil || err != nil {
			return last, err
		}
		h.unnamed = true
	}
	return h.asked.pack()
}

// lastPolicy is the policy that was in force last; nil in a store of which nobody knows.
func lastPolicy(ctx context.Context, store bot.Store) (*policies.Pack, error) {
	version, err := store.Value(ctx, policyInForce)
	if err == nil {
		var pack *policies.Pack
		if pack, err = storedPolicy(ctx, store, string(version)); err == nil {
			return pack, nil
		}
	}
	if errors.Is(err, bot.ErrNone) {
		return nil, nil
	}
	return nil, err
}

// takePolicy puts the policy of the house in force. Where that is another one than before, the log says what changes and
// which open cases it touches, before anything is decided by it.
func (h *house) takePolicy(ctx context.Context) error {
	last, err := lastPolicy(ctx, h.store)
	if err != nil {
		return err
	}
	now := h.pack.Policy.Version
	if last != nil && last.Policy.Version == now {
		return nil
	}
	if last != nil {
		c, err := h.compared(ctx, last, h.pack)
		if err != nil {
			return err
		}
		h.said.Info("another policy is in force from now on; open cases keep the terms that they began with",
			"policy", now, "policy_before", last.Policy.Version, "changed", strings.Join(c.names(), " "), "cases", c.Impact.Open,
			"cases_touched", len(c.touched()), "cases_anew", len(c.Impact.Anew))
	}
	return h.store.SetValue(ctx, policyInForce, []byte(now))
}

// storePolicy stores the text of every policy that was ever in force, under its version, as the
// journal names it; a replay of an old turn needs the policy of then, and so does a case that began under it.
func storePolicy(ctx context.Context, store bot.Store, pack *policies.Pack) error {
	name := "policy." + pack.Policy.Version
	if _, err := store.Value(ctx, name); !errors.Is(err, bot.ErrNone) {
		return err
	}
	return store.SetValue(ctx, name, pack.Text)
}

// storedPolicy reads a policy that was once in force. bot.ErrNone: no such version was, or none that can be read.
func storedPolicy(ctx context.Context, store bot.Store, version string) (*policies.Pack, error) {
	text, err := store.Value(ctx, "policy."+version)
	if err != nil {
		return nil, err
	}
	pack, err := policies.Load(text, nil)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w: %w", version, bot.ErrNone, err)
	}
	return pack, nil
}
