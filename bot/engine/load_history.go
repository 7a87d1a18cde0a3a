package engine

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"nevermind/bot"
	"nevermind/bot/turn"
)

// recollect gives a view the past that its event names; where it names none, all there is now.
func (e *Engine) loadHistory(ctx context.Context, v *bot.View) error {
	if !e.rules.ReadsHistory(v) {
		return nil
	}
	if v.Event.Facts[turn.HistoryFact] == "" {
		marks, err := e.historyLengths(ctx, v.Conv)
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
		entries, err := e.cfg.Store.Journal(ctx, bot.Key(key), 0, n)
		if err != nil {
			return err
		}
		v.History = append(v.History, entries...)
	}
	slices.SortStableFunc(v.History, func(a, b bot.Entry) int { return a.At.Compare(b.At) })
	return nil
}

// mostPast is how many records about one order are read.
const mostHistory = 100

// marks says how long the journal of each record about the order is: "case/8123/0=14 thread/8123/0=3".
func (e *Engine) historyLengths(ctx context.Context, c *bot.Conversation) (string, error) {
	keys, err := e.cfg.Store.Find(ctx, "order:"+c.Order, "", mostHistory)
	if err != nil {
		return "", err
	}
	marks := []string{string(c.Key) + "=" + strconv.Itoa(c.Entries)}
	for _, key := range keys {
		if key == c.Key {
			continue
		}
		other, err := e.cfg.Store.Conversation(ctx, key)
		if err != nil {
			return "", err
		}
		marks = append(marks, string(key)+"="+strconv.Itoa(other.Entries))
	}
	return strings.Join(marks, " "), nil
}
