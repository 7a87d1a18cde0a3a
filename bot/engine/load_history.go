package engine

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// history gives a view the journal entries that its event names, which is how a replay reads the very same; where the event
// names none, all that are stored now. Only a move that reads history has any.
func (l *loader) history(ctx context.Context, v *bot.View) error {
	if !l.rules.ReadsHistory(v) {
		return nil
	}
	if v.Event.Facts[turn.HistoryFact] == "" {
		marks, err := l.historyLengths(ctx, v.Conv)
		if err != nil {
			return err
		}
		ev := *v.Event
		ev.Facts = bot.Facts{turn.HistoryFact: marks}
		for name, value := range v.Event.Facts {
			ev.Facts[name] = value
		}
		v.Event = &ev
	}
	for mark := range strings.FieldsSeq(v.Event.Facts[turn.HistoryFact]) {
		key, length, _ := strings.Cut(mark, "=")
		n, err := strconv.Atoi(length)
		if err != nil {
			continue
		}
		entries, err := l.cfg.Store.Journal(ctx, bot.Key(key), 0, n)
		if err != nil {
			return err
		}
		v.History = append(v.History, entries...)
	}
	slices.SortStableFunc(v.History, func(a, b bot.Entry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Conversation, b.Conversation))
	})
	return nil
}

// mostHistory is how many records about one order are read.
const mostHistory = 100

// historyLengths says how long the journal of each record about the order is: "case/8123/0=14 thread/8123/0=3".
func (l *loader) historyLengths(ctx context.Context, c *bot.Conversation) (string, error) {
	keys, err := l.cfg.Store.Find(ctx, "order:"+c.Order, "", mostHistory)
	if err != nil {
		return "", err
	}
	marks := []string{string(c.Key) + "=" + strconv.Itoa(c.Entries)}
	for _, key := range keys {
		if key == c.Key {
			continue
		}
		other, err := l.cfg.Store.Conversation(ctx, key)
		if err != nil {
			return "", err
		}
		marks = append(marks, string(key)+"="+strconv.Itoa(other.Entries))
	}
	return strings.Join(marks, " "), nil
}
