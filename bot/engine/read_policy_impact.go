package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"nevermind/bot"
)

// impact goes through the open records that keep a policy, and is made for one such walk.
type impact struct {
	*lookout
	was, next *bot.Policy
	changed   []string
	kept      map[string]*bot.Policy // as the policy before counts for records that keep a version
	out       bot.PolicyImpact
}

// touches are how an entry that counts at once can touch a case; an entry that is not listed touches none: retention is
// about what is over, and canned replies, origins and claims decide nothing.
var touches = map[string]func(m *impact, kept *bot.Policy, c *bot.Conversation, o *bot.Order) bool{
	"calendar": (*impact).countsBusinessDays,
	"roles": func(m *impact, _ *bot.Policy, c *bot.Conversation, _ *bot.Order) bool {
		return m.rules.ByName[c.Flow].States[c.State].Desk
	},
	"second_person_above": func(m *impact, _ *bot.Policy, _ *bot.Conversation, o *bot.Order) bool {
		return mayNeedSecond(m.was, o) != mayNeedSecond(m.next, o)
	},
	"second_person": func(m *impact, _ *bot.Policy, _ *bot.Conversation, o *bot.Order) bool {
		return mayNeedSecond(m.next, o)
	},
}

// count counts one open record.
func (m *impact) count(ctx context.Context, c *bot.Conversation) error {
	o, err := m.cfg.Store.Order(ctx, c.Order)
	if err != nil && !errors.Is(err, bot.ErrNone) {
		return err
	}
	name, version := cmp.Or(c.ID, c.Order), c.Facts[bot.PolicyFact]
	m.out.Open++
	if version == "" {
		m.out.Anew = append(m.out.Anew, name)
	}
	if m.kept[version] == nil {
		if m.kept[version], err = m.keeping(ctx, m.was, version); err != nil {
			return err
		}
	}
	for _, entry := range m.changed {
		section, _, _ := strings.Cut(entry, ".")
		touch, named := touches[section], m.out.Touched[section]
		if touch != nil && (len(named) == 0 || named[len(named)-1] != name) && touch(m, m.kept[version].For(&o), c, &o) {
			m.out.Touched[section] = append(named, name)
		}
	}
	return nil
}

// each goes through the records filed under a term.
func (r *lookout) each(ctx context.Context, term string, visit func(c *bot.Conversation) error) error {
	for after := bot.Key(""); ; {
		keys, err := r.cfg.Store.Find(ctx, term, after, 256)
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, key := range keys {
			c, err := r.cfg.Store.Conversation(ctx, key)
			if err == nil {
				err = visit(&c)
			}
			if err != nil && !errors.Is(err, bot.ErrNone) {
				return err
			}
		}
		after = keys[len(keys)-1]
	}
}

// countsBusinessDays says whether a window that the record's flow waits for, or the time its refund takes, is in business days.
func (m *impact) countsBusinessDays(kept *bot.Policy, c *bot.Conversation, o *bot.Order) bool {
	flow := m.rules.ByName[c.Flow]
	waits := slices.Clone(flow.After)
	for _, s := range flow.States {
		waits = append(waits, s.After...)
	}
	methods := []string{o.Method}
	for i := range o.Payments {
		methods = append(methods, o.Payments[i].Method)
	}
	return kept.Appeal.BusinessDays > 0 ||
		slices.ContainsFunc(methods, func(m string) bool { return kept.Refund(m).Max.BusinessDays > 0 }) ||
		slices.ContainsFunc(waits, func(w bot.Wait) bool { return kept.Windows[w.Window()].BusinessDays > 0 })
}

// mayNeedSecond says whether so much was paid that a decision about the order may need a second person.
func mayNeedSecond(p *bot.Policy, o *bot.Order) bool {
	limit := p.SecondPersonAbove
	return !limit.IsZero() && (limit.Currency != o.Total.Currency || limit.Less(o.Total))
}
