package engine

import (
	"context"
	"fmt"

	"nevermind/bot"
	"nevermind/bot/replay"
)

// Replay makes every turn of a record again from its journal and compares. ErrNone where the record has no journal.
func (e *Engine) Replay(ctx context.Context, key bot.Key) (bot.Replayed, error) {
	return e.lookout.replay(ctx, key)
}

// replay goes through the journal until a turn comes out otherwise. It reads nothing but the journal, the policies by their
// version, and for a move that reads history the journals that the event names: what a turn saw is in its own line, or in
// one before it.
func (r *lookout) replay(ctx context.Context, key bot.Key) (bot.Replayed, error) {
	if r.rules.ByName[key.Kind()] == nil {
		return bot.Replayed{}, fmt.Errorf("%.80q is not a record that can be replayed: %w", key, bot.ErrNone)
	}
	again := replay.New(r.reads(ctx), key)
	why := ""
	err := r.eachLine(ctx, key, func(e *bot.Entry) bool {
		why = again.Turn(e)
		return why == ""
	})
	switch {
	case err != nil:
		return bot.Replayed{}, err
	case why != "":
		return bot.Replayed{Turns: again.Turns(), Differs: again.Turns() + 1, Why: why}, nil
	case again.Turns() == 0:
		return bot.Replayed{}, fmt.Errorf("%.80q has no journal: %w", key, bot.ErrNone)
	}
	return again.Found(), nil
}

// eachLine goes through a journal until it is told to stop.
func (r *lookout) eachLine(ctx context.Context, key bot.Key, line func(e *bot.Entry) bool) error {
	for after := 0; ; {
		entries, err := r.cfg.Store.Journal(ctx, key, after, 256)
		if err != nil || len(entries) == 0 {
			return err
		}
		for i := range entries {
			if !line(&entries[i]) {
				return nil
			}
		}
		after = entries[len(entries)-1].Seq
	}
}

// reads is what replays need of the store: policies by their version, each read once, and the journals that an event names.
func (r *lookout) reads(ctx context.Context) replay.Reads {
	read := map[[2]string]*bot.Policy{}
	return replay.Reads{
		Rules:   r.rules,
		History: func(v *bot.View) error { return r.load.history(ctx, v) },
		InForce: func(version, kept string) (*bot.Policy, error) {
			both := [2]string{version, kept}
			if p := read[both]; p != nil {
				return p, nil
			}
			p, err := r.policyThen(ctx, version)
			if err == nil {
				p, err = r.keeping(ctx, p, kept)
			}
			if err == nil {
				read[both] = p
			}
			return p, err
		},
	}
}

// policyThen is the policy that was in force under a version.
func (r *lookout) policyThen(ctx context.Context, version string) (*bot.Policy, error) {
	if version == r.cfg.Policy.Version {
		return r.cfg.Policy, nil
	}
	if r.cfg.PolicyAt != nil {
		if p, err := r.cfg.PolicyAt(ctx, version); err == nil {
			return p, nil
		}
	}
	return nil, fmt.Errorf("it was made under policy %s, which is not kept", version)
}
