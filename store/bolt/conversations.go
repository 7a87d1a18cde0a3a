package bolt

import (
	"context"
	"slices"

	"nevermind/bot"
)

// Conversation loads one conversation. ErrNone: there is none under that key.
func (s *Store) Conversation(ctx context.Context, key bot.Key) (bot.Conversation, error) {
	decode := func(v int64, record []byte) (storedConversation, error) {
		return decodeConversation(s.db.secrets, key, v, record)
	}
	kept, err := s.conversations.read(ctx, s, conversations, conversationKey(key), decode)
	return kept.Conversation, goneIsNone(err)
}

// readConversation decodes a stored conversation with its version.
func readConversation(x *secrets, key bot.Key, stored []byte) (bot.Conversation, error) {
	kept, err := readHeaded(x, key, stored)
	return kept.Conversation, err
}

// readHeaded decodes it with what its indexes follow from.
func readHeaded(x *secrets, key bot.Key, stored []byte) (storedConversation, error) {
	v, record, err := version(stored)
	if err != nil {
		return storedConversation{}, err
	}
	return decodeConversation(x, key, v, record)
}

// decodeConversation decodes a conversation whose version is known.
func decodeConversation(x *secrets, key bot.Key, version int64, record []byte) (storedConversation, error) {
	out, h, err := x.DecodeConversation(key, version, record)
	return storedConversation{out, h}, err
}

// readEntry decodes a journal entry; its conversation and number are in the key.
func readEntry(x *secrets, key bot.Key, seq, stored []byte) (bot.Entry, error) {
	return x.DecodeEntry(key, int(seqOf(seq)), stored)
}

// Find lists the keys of the conversations filed under a term, in key order above after, at most n.
func (s *Store) Find(ctx context.Context, term string, after bot.Key, n int) (out []bot.Key, err error) {
	prefix := withLength(term)
	key := filedUnder(s.db.secrets, prefix)
	if kept := s.filed.get(key, latestTx); kept != nil && after == "" {
		return slices.Clone((*kept)[:min(n, len(*kept))]), s.usable(ctx)
	}
	whole := after == ""
	err = s.view(ctx, func(tx *transaction) error {
		scanForward(bucketIn(tx, terms), prefix, []byte(after), func(rest, _ []byte) bool {
			if len(out) >= n {
				whole = false
				return false
			}
			out = append(out, bot.Key(rest))
			return true
		})
		if whole && len(out) <= mostFiled {
			own := slices.Clone(out)
			s.filed.put(string(key), tx.ID(), &own)
		}
		return nil
	})
	return out, err
}

// Offered returns which conversation offered the button with this token, also one that is off offer
// by now. ErrNone: nobody did, or a sweep has retired it.
func (s *Store) Offered(ctx context.Context, token string) (key bot.Key, err error) {
	if key = s.rememberedOffer(token); key != "" {
		return key, s.usable(ctx)
	}
	err = s.view(ctx, func(tx *transaction) error {
		if key = offeredBy(tx, token); key == "" {
			return bot.ErrNone
		}
		return nil
	})
	return key, err
}

// Sender returns which conversation sent a message, by the room and the platform's ref. ErrNone:
// none.
func (s *Store) Sender(ctx context.Context, room bot.Room, ref bot.Ref) (key bot.Key, err error) {
	err = s.view(ctx, func(tx *transaction) error {
		v := roomValue(getIn(tx), sent, room, sentKey(room, ref))
		if v == nil {
			return bot.ErrNone
		}
		if key = tx.showKey(v); key == "" {
			return bot.ErrNone
		}
		return nil
	})
	return key, err
}

// Journal lists a conversation's entries with numbers above after, at most n.
func (s *Store) Journal(ctx context.Context, key bot.Key, after, n int) (out []bot.Entry, err error) {
	err = s.view(ctx, func(tx *transaction) (err error) {
		prefix := append(withLength(string(key)), journalPart)
		scanForward(bucketIn(tx, conversations), prefix, seqKey(uint64(max(0, after))), func(rest, v []byte) bool {
			if len(out) >= n {
				return false
			}
			var e bot.Entry
			if e, err = readEntry(tx.secrets, key, rest, v); err != nil {
				return false
			}
			out = append(out, e)
			return true
		})
		return err
	})
	if erased(err) {
		return nil, nil // a talk is erased as a whole
	}
	return out, err
}

// Task returns a task and what became of it. ErrNone: there is no such id.
func (s *Store) Task(ctx context.Context, id string) (out bot.TaskRecord, err error) {
	err = s.view(ctx, func(tx *transaction) (err error) {
		seq := taskSeq(tx, id)
		if seq == nil {
			return bot.ErrNone
		}
		out, err = readTask(tx, seq)
		return err
	})
	return out, goneIsNone(err)
}

// readStored reads the bytes of a versioned record. ErrNone: there is none.
func readStored(tx *transaction, b bucket, key []byte) (int64, []byte, error) {
	v := bucketIn(tx, b).Get(key)
	if v == nil {
		return 0, nil, bot.ErrNone
	}
	return version(v)
}
