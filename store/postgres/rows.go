package postgres

import (
	"context"
	"encoding/binary"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
	"nevermind/store/record"
)

// Head is what the database knows about itself.
func (s *Store) Head(ctx context.Context) (head record.HeadRow, err error) {
	err = s.read(ctx, func(q querier) error {
		var keys, ring, swept []byte
		var number int64
		var used bool
		if err := row(ctx, q, []any{&keys, &ring, &swept, &number, &used}, `SELECT
			(SELECT value FROM meta WHERE name = $1), (SELECT value FROM meta WHERE name = $2), (SELECT value FROM meta WHERE name = $3),
			last_value, is_called FROM numbers`, keysKey, ringKey, sweptKey); err != nil {
			return err
		}
		head = record.HeadRow{Keys: record.CutKeys(keys), Ring: string(ring)}
		if used {
			head.Number = uint64(number)
		}
		if len(swept) == 8 {
			head.Swept = binary.BigEndian.Uint64(swept)
		}
		return nil
	})
	return head, err
}

// Rows hands out all that is kept (record.Row), as it stands at one moment. bot.ErrBroken: something is damaged.
func (s *Store) Rows(ctx context.Context, take func(record.Row) error) error {
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	if err := take(head); err != nil {
		return err
	}
	return pgx.BeginTxFunc(ctx, s.pool, ofOneMoment, func(tx pgx.Tx) error {
		if err := anyPlan(ctx, tx); err != nil {
			return err
		}
		r := rowReader{s, ctx, tx, take}
		for _, step := range []func() error{
			r.names, r.values, r.handled,
			func() error { return r.records(record.OfConversation, "conversations", "key") },
			r.entries,
			func() error { return r.records(record.OfOrder, "orders", "id") },
			func() error { return r.records(record.OfPerson, "people", "id") },
			r.accounts, r.filed, r.offers, r.tasks, r.rooms,
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// rowReader makes rows of what stands in tables.
type rowReader struct {
	s    *Store
	ctx  context.Context
	tx   pgx.Tx
	take func(record.Row) error
}

func (r *rowReader) each(into []any, f func() error, sql string) error {
	return each(r.ctx, r.tx, into, f, sql)
}

func (r *rowReader) names() error {
	var hash, name []byte
	if err := r.each([]any{&hash, &name}, func() error {
		plain, err := r.s.decrypt(name, "names", hash)
		if err != nil {
			return err
		}
		return r.take(record.NameRow{Hash: own(hash), Name: plain})
	}, `SELECT hash, name FROM names ORDER BY hash`); err != nil {
		return err
	}
	var slot int64
	return r.each([]any{&hash, &slot}, func() error {
		return r.take(record.SubjectRow{Hash: own(hash), Slot: uint32(slot)})
	}, `SELECT hash, slot FROM subjects ORDER BY hash`)
}

// own is a copy of what the next row is read into.
func own(b []byte) []byte { return append([]byte(nil), b...) }

func (r *rowReader) values() error {
	var name string
	var value []byte
	return r.each([]any{&name, &value}, func() error {
		plain, err := r.s.decrypt(value, "values", []byte(name))
		if err != nil {
			return err
		}
		return r.take(record.ValueRow{Name: name, Value: plain})
	}, `SELECT name, value FROM named_values WHERE name <> '`+record.RingMarkName+`' ORDER BY name`)
}

func (r *rowReader) handled() error {
	var id []byte
	var at int64
	return r.each([]any{&id, &at}, func() error {
		return r.take(record.HandledRow{ID: own(id), At: record.Instant(at)})
	}, `SELECT id, at FROM handled ORDER BY id`)
}

func (r *rowReader) records(of record.VersionedKind, table, key string) error {
	var k, stored []byte
	var version int64
	return r.each([]any{&k, &version, &stored}, func() error {
		plain, err := r.s.decrypt(stored, table, k)
		if err != nil {
			return err
		}
		return r.take(record.VersionedRow{Of: of, Key: own(k), Version: version, Record: plain})
	}, `SELECT `+key+`, version, record FROM `+table+` ORDER BY `+key)
}

func (r *rowReader) entries() error {
	var key, stored []byte
	var seq int64
	return r.each([]any{&key, &seq, &stored}, func() error {
		plain, err := r.s.decrypt(stored, "journal", key, seqBytes(uint64(seq)))
		if err != nil {
			return err
		}
		return r.take(record.EntryRow{Conversation: own(key), Seq: uint64(seq), Record: plain})
	}, `SELECT conversation, seq, record FROM journal ORDER BY conversation, seq`)
}

func (r *rowReader) accounts() error {
	var account, person, name []byte
	return r.each([]any{&account, &person, &name}, func() error {
		who, err := r.s.personOf(person, name)
		name = nil
		if err != nil {
			return err
		}
		return r.take(record.AccountRow{Account: own(account), Person: string(who)})
	}, `SELECT a.account, a.person, n.name FROM accounts a JOIN people p ON p.id = a.person
		LEFT JOIN names n ON n.hash = `+nameInPerson+` ORDER BY a.account`)
}

// filed is under what conversations are filed.
func (r *rowReader) filed() error {
	var term, key []byte
	if err := r.each([]any{&term, &key}, func() error {
		return r.take(record.TermRow{Term: own(term), Conversation: own(key)})
	}, `SELECT term, conversation FROM terms ORDER BY term, conversation`); err != nil {
		return err
	}
	var at, visit int64
	var name, event string
	return r.each([]any{&key, &at, &name, &event, &visit}, func() error {
		return r.take(record.DeadlineRow{Conversation: own(key),
			Deadline: record.Deadline{Name: name, At: fromSortable(at), Event: event, Visit: int(visit)}})
	}, `SELECT conversation, at, name, event, visit FROM deadlines ORDER BY at, conversation, name, event, visit`)
}

func (r *rowReader) offers() error {
	var made string
	var key []byte
	var at int64
	var late bool
	var rests []string
	return r.each([]any{&made, &key, &at, &late, &rests}, func() error {
		return r.take(record.OfferRow{Made: made, Conversation: own(key), At: record.Instant(at), Late: late,
			Rests: append([]string(nil), rests...)})
	}, `SELECT made, conversation, at, late, rests FROM offers ORDER BY made, conversation`)
}

func (r *rowReader) tasks() error {
	var t taskRow
	return r.each(t.fields(), func() error {
		defer func() { t.outcome = nil }()
		return r.task(&t)
	}, `SELECT `+taskColumns+` FROM tasks t ORDER BY t.seq`)
}

func (r *rowReader) task(t *taskRow) error {
	plain, err := r.s.decrypt(t.record, "tasks", t.id)
	if err != nil {
		return err
	}
	if _, err := r.s.secrets.Unseal(plain); err != nil {
		if record.IsErased(err) {
			return nil
		}
		return err
	}
	out := record.TaskRow{Seq: uint64(t.seq), Record: plain, NotBefore: record.Instant(t.notBefore), Made: record.Instant(t.made),
		Attempts: t.attempts}
	if bot.TaskState(t.state) == bot.TaskWaiting {
		return r.take(out)
	}
	out.Outcome = &record.Outcome{}
	if t.outcome != nil {
		if plain, err = r.s.decrypt(t.outcome, "outcomes", t.id); err != nil {
			return err
		}
		if err := record.Decode(plain, out.Outcome); err != nil {
			return err
		}
	}
	out.Outcome.State, out.Outcome.At, out.Outcome.Attempts = bot.TaskState(t.state), record.Instant(t.at), t.attempts
	return r.take(out)
}

// rooms is what was said in rooms, who has said it, and which messages are cards.
func (r *rowReader) rooms() error {
	var room, ref, key, stored []byte
	var seq, at int64
	if err := r.each([]any{&room, &seq, &at, &stored}, func() error {
		out := record.SaidRow{Room: own(room), Seq: uint64(seq), At: record.Instant(at)}
		if stored != nil {
			plain, err := r.s.decrypt(stored, "said", room)
			if err != nil {
				return err
			}
			out.Record = plain
		}
		stored = nil
		return r.take(out)
	}, `SELECT room, seq, at, record FROM said ORDER BY room, seq`); err != nil {
		return err
	}
	if err := r.each([]any{&room, &ref, &key}, func() error {
		return r.take(record.SentRow{Room: own(room), Ref: own(ref), Conversation: own(key)})
	}, `SELECT room, ref, conversation FROM sent ORDER BY room, ref`); err != nil {
		return err
	}
	return r.each([]any{&room, &key, &stored}, func() error {
		plain, err := r.s.decrypt(stored, "cards", room, key)
		if err != nil {
			return err
		}
		return r.take(record.CardRow{Room: own(room), Card: own(key), Ref: string(plain)})
	}, `SELECT room, card, name FROM cards WHERE name IS NOT NULL ORDER BY room, card`)
}
