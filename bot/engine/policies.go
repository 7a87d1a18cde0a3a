package engine

import (
	"context"

	"nevermind/bot"
	"nevermind/bot/replay"
)

// Policies says which policy counts for a record, and what another one would change. It changes nothing, has no state and is safe
// for concurrent use.
type Policies struct{ *lookout }

// Policies is the door of what is asked about policies.
func (e *Engine) Policies() Policies { return Policies{e.lookout} }

// Of returns the policy that counts for a record, before any override for a seller or country; the one in force where that cannot
// be read just now.
func (p Policies) Of(c *bot.Conversation) *bot.Policy {
	version := ""
	if f := p.rules.ByName[c.Flow]; f != nil && f.Keeps {
		version = c.Facts[bot.PolicyFact]
	}
	kept, err := p.policyUnder(context.Background(), version)
	if err != nil {
		return p.cfg.Policy
	}
	return kept
}

// Impact says which open cases a policy in place of another would touch, by the changed entries that count at once.
func (p Policies) Impact(ctx context.Context, was, next *bot.Policy, changed []string) (bot.PolicyImpact, error) {
	m := &impact{lookout: p.lookout, was: was, next: next, changed: changed, kept: map[string]*bot.Policy{}}
	m.out.Touched = map[string][]string{}
	for _, f := range p.rules.All {
		if !f.Keeps {
			continue
		}
		if err := p.each(ctx, "open:flow:"+f.Name, func(c *bot.Conversation) error { return m.count(ctx, c) }); err != nil {
			return bot.PolicyImpact{}, err
		}
	}
	return m.out, nil
}

// Laboratory tries every closed case under another policy, and says what would have been.
func (p Policies) Laboratory(ctx context.Context, policy *bot.Policy) (bot.Laboratory, error) {
	out := bot.Laboratory{Name: policy.Name, Version: policy.Version, Partings: []bot.Parting{}}
	err := p.TryEach(ctx, policy, func(at *bot.Parting) { replay.Count(&out, at) })
	replay.Sort(&out)
	return out, err
}

// TryEach tries every closed case under another policy and shows each result; a case that is open says nothing yet.
func (p Policies) TryEach(ctx context.Context, policy *bot.Policy, show func(*bot.Parting)) error {
	reads := p.reads(ctx)
	for _, f := range p.rules.All {
		if !f.Case {
			continue
		}
		err := p.each(ctx, "flow:"+f.Name, func(c *bot.Conversation) error {
			if c.Closed.IsZero() {
				return nil
			}
			trial := replay.Try(reads, c.Key, policy)
			if err := p.eachLine(ctx, c.Key, trial.Turn); err != nil {
				return err
			}
			result := trial.Result()
			show(&result)
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	return nil
}
