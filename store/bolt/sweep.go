package bolt

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"nevermind/bot"
)

// How a token was when a sweep last looked at it. The byte stands behind the time in its record.
const (
	tokenOnOffer byte = 0
	tokenLate    byte = 1
)

// tokenKey reads the conversation out of a token's record; empty where there is no record.
func tokenKey(v []byte) bot.Key {
	if len(v) < 9 {
		return ""
	}
	return bot.Key(v[9:])
}

// Sweep bounds what is kept to deduplicate and to answer late presses. It forgets the ids of
// messages handled before the given time, and retires the press tokens of conversations closed
// before it. A talk never closes, so its tokens are retired once they have been off offer since
// before that time. Tasks that were settled before it are forgotten with it (sweepTasks). It works
// in chunks between which other writes go on, and returns how many keys
// it has deleted.
func (s *Store) Sweep(ctx context.Context, before time.Time) (forgotten int, err error) {
	forgotten, err = s.inChunks(ctx, func(b *writeBatch, after []byte) ([]byte, int, error) {
		return b.deleteChunk(handled, after, func(k, v []byte) (bool, error) { return instantOf(v) < toInstant(before), nil })
	})
	if err != nil {
		return forgotten, err
	}
	for _, sweep := range []chunkWork{
		func(b *writeBatch, after []byte) ([]byte, int, error) {
			return b.retireTokens(tokens, after, toInstant(before))
		},
		func(b *writeBatch, after []byte) ([]byte, int, error) {
			return b.retireTokens(offers, after, toInstant(before))
		},
	} {
		n, err := s.inChunks(ctx, sweep)
		forgotten += n
		if err != nil {
			return forgotten, err
		}
	}
	n, err := s.sweepTasks(ctx, toInstant(before))
	return forgotten + n, err
}

// retireTokens retires the tokens of one chunk of tokens or offers, and marks those that it has
// found off offer for the first time.
func (b *writeBatch) retireTokens(in bucket, after []byte, before instant) (next []byte, n int, err error) {
	var marked [][2][]byte
	next, n, err = b.deleteChunk(in, after, func(k, v []byte) (bool, error) {
		over, since, err := b.tokenExpired(in, k, v, before)
		if since != 0 {
			record := slices.Concat(appendInstant(nil, since), []byte{tokenLate}, v[groupHead:])
			marked = append(marked, [2][]byte{bytes.Clone(k), record})
		}
		return over, err
	})
	for _, m := range marked {
		b.put(in, m[0], m[1])
	}
	return next, n, err
}

// deleteChunk deletes what is over in one chunk of a bucket, and returns the key to go on after.
// Keys are collected first: deleting under a bbolt cursor makes it skip keys.
func (b *writeBatch) deleteChunk(
	n bucket, after []byte, over func(k, v []byte) (bool, error),
) (next []byte, forgotten int, err error) {
	var gone [][]byte
	c := b.bucket(n).Readable()
	k := seekAbove(c, after)
	for seen := 0; k != nil && seen < chunkSize; seen++ {
		yes, err := readable(func() (bool, error) { return over(k, b.get(n, k)) })
		if errors.Is(err, bot.ErrBroken) { // what hangs on something damaged stays
			yes, err = false, nil
		}
		if err != nil {
			return nil, 0, err
		}
		next = bytes.Clone(k)
		if yes {
			gone = append(gone, next)
		}
		k, _ = c.Next()
	}
	if k == nil {
		next = nil
	}
	for _, k := range gone { // only now: deleting under a cursor skips keys
		b.delete(n, k)
	}
	return next, len(gone), nil
}

// tokenExpired says whether a token, or all of a group, can be retired. No commit writes down when a token went off
// offer, since that would cost every turn; so the first sweep that finds it off offer returns as
// since the time of the conversation's latest change, to be kept with the token, and a later sweep
// retires it.
func (b *writeBatch) tokenExpired(in bucket, k, v []byte, before instant) (over bool, since instant, err error) {
	if instantOf(v) >= before {
		return false, 0, nil
	}
	key := tokenKey(v)
	if in == offers {
		key = bot.Key(k[idTime:])
	}
	var h header
	var c offeredTokens
	_, record, err := version(b.get(conversations, conversationKey(key)))
	if err == nil {
		record, err = b.tx.secrets.UnsealKnown(record)
	}
	if err != nil || record == nil {
		return record == nil, 0, err
	}
	if err := decode(record, &h, &c); err != nil {
		return false, 0, err
	}
	switch {
	case h.Closed != 0:
		return h.Closed < before, 0, nil
	case in == tokens && c.Has(func(token string) bool { return token == string(k) }):
		return false, 0, nil
	case in == offers && c.Has(func(token string) bool {
		return len(token) == idLength && token[:idTime] == string(k[:idTime]) &&
			hasRest(v[groupHead:], []byte(token[idTime:]))
	}):
		return false, 0, nil
	case v[8] == tokenLate || h.Changed < before:
		return true, 0, nil
	}
	return false, h.Changed, nil
}

// seekAbove finds the first key above after, or the first of all where after is nil. nil: there is
// none.
func seekAbove(c *cursor, after []byte) []byte {
	k, _ := seekPast(c, after)
	return k
}

// seekPast is seekAbove with the value.
func seekPast(c *cursor, after []byte) (k, v []byte) {
	if after == nil {
		return c.First()
	}
	if k, v = c.Seek(after); bytes.Equal(k, c.t.named(after)) {
		k, v = c.Next()
	}
	return k, v
}
