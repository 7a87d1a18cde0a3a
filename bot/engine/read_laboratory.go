package engine

import (
	"context"

	"nevermind/bot"
	"nevermind/bot/replay"
)

// Laboratory tries every closed case under another policy, and says what would have been. It changes nothing.
func (e *Engine) Laboratory(ctx context.Context, policy *bot.Policy) (bot.Laboratory, error) {
	out := bot.Laboratory{Name: policy.Name, Version: policy.Version}
	err := e.TryEach(ctx, policy, func(p *bot.Parting) { replay.Count(&out, p) })
	replay.Sort(&out)
	return out, err
}

// TryEach tries every closed case under another policy and shows each result; a case that is open says nothing yet.
func (e *Engine) TryEach(ctx context.Context, policy *bot.Policy, show func(*bot.Parting)) error {
	r := e.lookout
	reads := r.reads(ctx)
	for _, f := range r.rules.All {
		if !f.Case {
			continue
		}
		err := r.each(ctx, "flow:"+f.Name, func(c *bot.Conversation) error {
			if c.Closed.IsZero() {
				return nil
			}
			trial := replay.Try(reads, c.Key, policy)
			if err := r.eachLine(ctx, c.Key, trial.Turn); err != nil {
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
