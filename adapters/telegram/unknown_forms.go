package telegram

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// unknownForms counts what Telegram sends in a form that the adapter does not know: a kind of update that was not asked for, or a
// press without what a press needs. One log line says soon after the first how many of which form have come since the last
// line. It is safe for concurrent use.
type unknownForms struct {
	logSoon func()

	mu     sync.Mutex
	counts map[string]int
}

const (
	unknownLogDelay = 10 * time.Second
	maxUnknownForms = 20 // kept apart; the others are counted together
)

func newUnknownForms(log *slog.Logger) *unknownForms {
	uf := &unknownForms{counts: map[string]int{}}
	uf.logSoon = newDebounce(unknownLogDelay, func() {
		if counts := uf.drain(); len(counts) > 0 {
			log.Warn("telegram sends what is not known here; it is answered where it can be", "what", listed(counts))
		}
	})
	return uf
}

// listed is how many there are of each form, in the order of their names: in a text, which the log can look through.
func listed(counts map[string]int) string {
	var all []string
	for _, form := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, fmt.Sprintf("%s (%d)", form, counts[form]))
	}
	return strings.Join(all, ", ")
}

// add counts one of a form.
func (uf *unknownForms) add(form string) {
	uf.mu.Lock()
	defer uf.mu.Unlock()
	if len(uf.counts) >= maxUnknownForms && uf.counts[form] == 0 {
		form = "others"
	}
	uf.counts[form]++
	uf.logSoon()
}

// drain returns the counts, and begins anew.
func (uf *unknownForms) drain() map[string]int {
	uf.mu.Lock()
	defer uf.mu.Unlock()
	counts := uf.counts
	uf.counts = map[string]int{}
	return counts
}

// ignore is called with an update that is no message for this bot. A press is answered all the same, and so are those of forms
// that are not known.
func (a *Adapter) ignore(p parsedUpdate, id string) {
	a.cfg.Meter.Count("updates_not_ours", adapterName, 1)
	u := p.update
	switch {
	case u.Callback != nil:
		a.unknownForms.add("callback_query without " + u.Callback.missing())
		a.answerIgnored(id, u.Callback.ID, p.open)
	case u.Message == nil && u.EditedMessage == nil && u.MyChatMember == nil:
		a.unknownForms.add(kindOf(p.raw))
	}
}

// answerIgnored answers a press that goes nowhere, without words.
func (a *Adapter) answerIgnored(id, query string, open bool) {
	if query == "" {
		return
	}
	a.pressAnswers.start(id, query, "", open)
	if open {
		a.pressAnswers.answer(id, "")
		return
	}
	go a.pressAnswers.answer(id, "")
}

// answerUnreadable answers the press in an update that cannot be read, if it is one.
func (a *Adapter) answerUnreadable(id string, raw json.RawMessage) {
	var u struct {
		Callback struct {
			ID string `json:"id"`
		} `json:"callback_query"`
	}
	_ = json.Unmarshal(raw, &u) // what can be read of it
	a.answerIgnored(id, u.Callback.ID, false)
}

// kindOf is the kind of an update: the names of its fields besides its id.
func kindOf(raw json.RawMessage) string {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(raw, &fields)
	delete(fields, "update_id")
	names := slices.Sorted(maps.Keys(fields))
	return truncateRunes(oneLine(sanitize(strings.Join(names, ", "))), 60)
}
