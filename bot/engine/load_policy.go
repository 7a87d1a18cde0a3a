package engine

import (
	"context"
	"errors"
	"log/slog"

	"nevermind/bot"
)

// policyUnder is the policy in force as it counts for a record that keeps a version.
func (b *base) policyUnder(ctx context.Context, version string) (*bot.Policy, error) {
	if version == "" || version == b.cfg.Policy.Version {
		return b.cfg.Policy, nil
	}
	if p, ok := b.policies.Load(version); ok {
		return p.(*bot.Policy), nil
	}
	p, err := b.keeping(ctx, b.cfg.Policy, version)
	if err == nil {
		b.policies.Store(version, p)
	}
	return p, err
}

// keeping is a policy as it counts for a record that keeps a version. A version that is not stored, or that this program
// cannot read, leaves the record with the policy itself, since nobody may be stuck for it; the log says so.
func (b *base) keeping(ctx context.Context, p *bot.Policy, version string) (*bot.Policy, error) {
	if version == "" || version == p.Version || b.cfg.PolicyAt == nil {
		return p, nil
	}
	began, err := b.cfg.PolicyAt(ctx, version)
	if errors.Is(err, bot.ErrNone) {
		b.cfg.Log.Error("a policy that cases keep cannot be read; they go on under the one in force", "policy", version,
			slog.Any("why", err))
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	return p.Keeping(began), nil
}
