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

// mostRaw and mostWhy bound what is stored of an update that nobody can read, in bytes.
const (
	mostRaw = 64 << 10
	mostWhy = 200
)

// Discard stores an update that an adapter cannot read as a dead letter, under the id by which a repeat is known. Nil means
// that it is stored and may be acknowledged; a second time changes nothing. Why is a few words for the operator, and raw
// what came, cut off at 64 KiB; neither is logged.
func (e *Engine) Discard(ctx context.Context, id, adapter string, raw []byte, why string) error {
	return e.receiver.discard(ctx, id, adapter, raw, why)
}

// discard commits the dead letter: a task that decodes the update, set aside from the start.
func (r *receiver) discard(ctx context.Context, id, adapter string, raw []byte, why string) error {
	if id == "" {
		return errors.New("an update without an id cannot be stored")
	}
	now := r.now()
	t := bot.Task{ID: "decode:" + id, Lane: "decode:" + adapter, Do: bot.DoDecode, Class: bot.InnerClass,
		Facts: rawFacts(adapter, raw), Made: now}
	err := r.commit(ctx, &bot.Commit{At: now, Handled: id, Tasks: []bot.Task{t}, Dead: unreadable(why)})
	if errors.Is(err, bot.ErrSeen) {
		return nil
	}
	if err == nil {
		r.cfg.Meter.Count("dead", bot.DoDecode, 1)
		r.cfg.Log.Warn("an update cannot be read and is stored as a dead letter",
			"task", bot.Trace(t.ID), "adapter", adapter, "bytes", len(raw))
	}
	return err
}

// unreadable is why an update is dead, for the operator.
func unreadable(why string) string {
	return "cannot be read: " + strings.ToValidUTF8(why[:min(len(why), mostWhy)], "")
}

// rawFacts is what is stored of a raw update.
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

// rawOf is the raw update again; an error where it was not stored whole.
func rawOf(f bot.Facts) ([]byte, error) {
	if f["bytes"] != "" {
		return nil, errors.New("it was too large to be stored whole")
	}
	if s, ok := f["raw_base64"]; ok {
		return base64.StdEncoding.DecodeString(s)
	}
	return []byte(f["raw"]), nil
}

// decode gives an update to its adapter once more: an operator has put it back.
func (r *receiver) decode(ctx context.Context, l bot.Lease) error {
	m, err := r.decoded(l.Task.Facts)
	if err != nil {
		return r.settler.settle(ctx, l, bot.GivenUp(unreadable(err.Error())))
	}
	if _, err := r.takeFiles(ctx, &m); err != nil {
		return err
	}
	if len(m.Pending) > 0 {
		err := r.queue(ctx, m, bot.Commit{Handled: "stored:" + m.ID, Settle: &bot.Settlement{Lease: l}})
		return r.settler.finish(ctx, l, bot.Finished(), err, r.settler.tryLater(ctx, l))
	}
	return r.hearStored(ctx, l, m, &m)
}

// decoded is the message that an adapter makes of the update now; a panic in it is an error.
func (r *receiver) decoded(f bot.Facts) (m bot.Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoding panicked: %v", p)
		}
	}()
	raw, err := rawOf(f)
	if err != nil {
		return m, err
	}
	d, ok := r.adapters[f["adapter"]].(bot.Decoder)
	if !ok {
		return m, errors.New("its adapter does not run here, or cannot read it a second time")
	}
	if m, err = d.Decode(raw); err == nil && m.ID == "" {
		err = errors.New("it is no message for the assistant")
	}
	if m.At.IsZero() {
		m.At = r.now()
	}
	if m.Link != "" {
		m.Link = hashed(m.Link) // as accept does
	}
	return m, err
}
