package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"

	"nevermind/bot"
)

// newLog writes JSON lines, redacted. It is the last line of defence: whatever a part hands it, no
// secret and nothing about a person is written. An attribute that is in none of the lists below is
// left out.
func newLog(w io.Writer, level slog.Level, secrets []secret) *slog.Logger {
	return slog.New(&redactingHandler{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}), newRedactor(secrets)})
}

// redactingHandler lets through what may stand in a log and redacts the rest, by an attribute's key
// and kind.
type redactingHandler struct {
	slog.Handler
	redactor redactor
}

// plainKeys are the attributes whose values are words of ours, spoken by no person.
var plainKeys = []string{"adapter", "kind", "flow", "event", "from", "to", "note", "of", "end", "do", "window", "task",
	"message", "cause",
	"tasks", "path", "part", "method", "what", "command", "status", "code", "type", "refused", "changed"}

// programKeys are the attributes whose values are the program's own and stay as they are.
var programKeys = []string{"listen", "version", "took", "file", "house_key", "policy", "policy_before", "slots"}

// reasonKeys are the attributes that say why, by other people's errors too: looked through before they are written.
var reasonKeys = []string{"why", "err", "error", "stack"}

// traceKeys are the attributes that name a message or a task: always by its trace.
var traceKeys = []string{"task", "message", "cause", "tasks", "room", "person", "conversation", "order", "id"}

// Handle writes a line after looking through it.
func (g *redactingHandler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, g.redactor.redact(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(g.attr(a))
		return true
	})
	return g.Handler.Handle(ctx, clean)
}

// WithAttrs looks through what every line is to have.
func (g *redactingHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = g.attr(a)
	}
	return &redactingHandler{g.Handler.WithAttrs(clean), g.redactor}
}

// WithGroup redacts within a group as well.
func (g *redactingHandler) WithGroup(name string) slog.Handler {
	return &redactingHandler{g.Handler.WithGroup(name), g.redactor}
}

// attr redacts one attribute. Times, durations and small numbers stay; a large number may be
// somebody's id.
func (g *redactingHandler) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindBool, slog.KindDuration, slog.KindTime:
		return slog.Attr{Key: a.Key, Value: v}
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		if small(v) {
			return slog.Attr{Key: a.Key, Value: v}
		}
		return slog.String(a.Key, leftOut)
	case slog.KindGroup:
		group := v.Group()
		clean := make([]slog.Attr, len(group))
		for i := range group {
			clean[i] = g.attr(group[i])
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	}
	return slog.Any(a.Key, g.text(a.Key, v.Any()))
}

// leftOut stands for a value that nobody has said may be logged.
const leftOut = "(left out)"

// text redacts a value by the list in which its key is.
func (g *redactingHandler) text(key string, v any) any {
	switch many, isMany := v.([]string); {
	case isMany:
		clean := make([]string, len(many))
		for i := range many {
			clean[i] = fmt.Sprint(g.text(key, many[i]))
		}
		return clean
	case slices.Contains(traceKeys, key):
		return trace(fmt.Sprint(v))
	case slices.Contains(programKeys, key):
		return fmt.Sprint(v)
	case slices.Contains(plainKeys, key):
		return g.redactor.redact(fmt.Sprint(v))
	}
	if err, ok := v.(error); ok {
		return g.redactor.redact(err.Error())
	}
	if slices.Contains(reasonKeys, key) {
		return g.redactor.redact(fmt.Sprint(v))
	}
	return leftOut
}

// isTrace recognizes what bot.Trace has made already.
var isTrace = regexp.MustCompile(`^[0-9a-f]{8}$`)

// trace names an id by a short hash, by which its lines can be found without showing it.
func trace(id string) string {
	if isTrace.MatchString(id) || id == "" {
		return id
	}
	return bot.Trace(id)
}

// small says whether a number is a count or a code rather than somebody's id.
func small(v slog.Value) bool {
	switch v.Kind() {
	case slog.KindInt64:
		return v.Int64() > -100_000 && v.Int64() < 100_000
	case slog.KindUint64:
		return v.Uint64() < 100_000
	}
	return true
}

// redactor takes out of a text what may not be shown: known secrets, and what looks like a
// person's.
type redactor struct{ secrets *strings.Replacer }

// newRedactor knows each secret as it is and as JSON writes it.
func newRedactor(secrets []secret) redactor {
	var pairs []string
	for _, s := range secrets {
		if len(s.text()) >= 4 { // shorter ones stand in any text
			coded, _ := json.Marshal(s.text())
			pairs = append(pairs, s.text(), shown, strings.Trim(string(coded), `"`), shown)
		}
	}
	return redactor{strings.NewReplacer(pairs...)}
}

// What in an error may be about a person: what is quoted, addresses, ids with their kind, long numbers.
var (
	addresses = regexp.MustCompile(`\b([a-z][a-z0-9+.-]*://)[^\s"'<>]+`)
	quotation = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")
	ids       = regexp.MustCompile(`\b((?:buyer|seller|support|telegram|slack|console|web|task|news|reached|order|sorry|again|` +
		`deadline|open|card|id):|(?:talk|case|letter|link|assistant)/)[^\s,;)]+`)
	mail    = regexp.MustCompile(`[^\s@"]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b`)
	numbers = regexp.MustCompile(`[0-9]{6,}`)
)

// redact replaces secrets first, so that no other pattern cuts one in two.
func (v redactor) redact(text string) string {
	text = v.secrets.Replace(text)
	text = addresses.ReplaceAllString(text, "${1}…")
	text = quotation.ReplaceAllString(text, `"…"`)
	text = ids.ReplaceAllString(text, "$1…")
	text = mail.ReplaceAllString(text, "…@…")
	return numbers.ReplaceAllString(text, "#")
}
