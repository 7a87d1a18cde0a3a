package engine

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"nevermind/bot"
)

// mostRaw and mostWhy bound what is kept of an update that nobody can read, in bytes.
const (
	mostRaw = 64 << 10
	mostWhy = 200
)

// Discard keeps an update that an adapter cannot read as a dead letter, under the id by which a repeat is known. Nil means
// that it is stored and may be acknowledged; a second time changes nothing. Why is a few words for the operator, and raw
// what came, cut off at 64 KiB; neither is logged.
func (e *Engine) Discard(ctx context.Context, id, adapter string, raw []byte, why string) error {
	if id == "" {
		return errors.New("an update without an id cannot be kept")
	}
	now := e.Now()
	t := bot.Task{ID: "decode:" + id, Lane: "decode:" + adapter, Do: "decode", Class: bot.InnerClass, Facts: rawFacts(adapter, raw), Made: now}
	err := e.commit(ctx, &bot.Commit{At: now, Handled: id, Tasks: []bot.Task{t}, Dead: unreadable(why)})
	if errors.Is(err, bot.ErrSeen) {
		return nil
	}
	if err == nil {
		e.cfg.Meter.Count("dead", "decode", 1)
		e.cfg.Log.Warn("an update cannot be read and is kept as a dead letter", "task", bot.Trace(t.ID), "adapter", adapter, "bytes", len(raw))
	}
	return err
}

// keptRaw is what is kept of a raw update, as facts.
func rawFacts(adapter string, raw []byte) bot.Facts {
	f := bot.Facts{"adapter": adapter}
	if len(raw) > mostRaw {
		f["bytes"] = strconv.Itoa(len(raw))
		raw = raw[:mostRaw]
	}
	if f["raw"] = string(raw); !utf8.Valid(raw) || strings.ContainsRune(f["raw"], 0) {
		delete(f, "raw")
		f["raw_base64"] = base64.StdEncoding.EncodeToString(raw)
	}
	return f
}

// raw is what was kept; an error where it was not kept whole.
func raw(f bot.Facts) ([]byte, error) {
	if f["bytes"] != "" {
		return nil, errors.New("it was too large to be kept whole")
	}
	if s, ok := f["raw_base64"]; ok {
		return base64.StdEncoding.DecodeString(s)
	}
	return []byte(f["raw"]), nil
}

// decode gives an update to its adapter once more: an operator has put it back.
func (e *Engine) decode(ctx context.Context, l bot.Lease) error {
	m, err := e.decoded(l.Task.Facts)
	if err != nil {
		return e.settle(ctx, l, bot.Outcome{Dead: unreadable(err.Error())})
	}
	return e.hearAgain(ctx, l, m, &m)
}

func unreadable(why string) string {
	return "cannot be read: " + strings.ToValidUTF8(why[:min(len(why), mostWhy)], "")
}

func (e *Engine) decoded(f bot.Facts) (m bot.Message, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decoding panicked: %v", r)
		}
	}()
	raw, err := raw(f)
	if err != nil {
		return m, err
	}
	d, ok := e.adapters[f["adapter"]].(bot.Decoder)
	if !ok {
		return m, errors.New("its adapter does not run here, or cannot read it a second time")
	}
	if m, err = d.Decode(raw); err == nil && m.ID == "" {
		err = errors.New("it is no message of ours")
	}
	if m.At.IsZero() {
		m.At = e.Now()
	}
	return m, err
}
