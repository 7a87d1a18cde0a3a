package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"nevermind/bot"
	"nevermind/store/record"
)

// Where meta keeps the keys that the database is encrypted with, each under the house's key, with its length before it, and the
// name of the key ring.
const (
	keysKey = "keys"
	ringKey = "ring"
)

// erasuresKey is where meta counts the erasures, so that every replica forgets what it has kept of keys in memory.
const erasuresKey = "erasures"

// openSecrets reads what the database is encrypted with, or begins its encryption. The row is locked meanwhile: of several
// replicas that find it new, one makes the keys.
func (s *Store) openSecrets(ctx context.Context, cfg *Config) error {
	if cfg.Keys == nil {
		return fmt.Errorf("%w: a database is always encrypted", bot.ErrKey)
	}
	return s.inTransaction(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO meta (name, value) VALUES ($1, ''), ($2, '') ON CONFLICT DO NOTHING`, keysKey, ringKey)
		if err != nil {
			return err
		}
		var kept, name []byte
		err = tx.QueryRow(ctx, `SELECT value FROM meta WHERE name = $1 FOR UPDATE`, keysKey).Scan(&kept)
		if err == nil {
			err = tx.QueryRow(ctx, `SELECT value FROM meta WHERE name = $1`, ringKey).Scan(&name)
		}
		if err != nil {
			return err
		}
		keys, err := cfg.Keys(record.CutKeys(kept))
		if err != nil {
			return err
		}
		s.secrets = record.NewSecrets(keys)
		changed, err := keys.Rewrap()
		if err == nil && (changed || len(kept) == 0) {
			err = putMeta(ctx, tx, keysKey, record.JoinKeys(keys.Wrapped()))
		}
		if err != nil || cfg.Ring == nil {
			return err
		}
		if s.secrets.Ring, err = cfg.Ring(string(name)); err != nil {
			return err
		}
		return putMeta(ctx, tx, ringKey, []byte(s.secrets.Ring.Name()))
	})
}

// putMeta writes what the database knows about itself.
func putMeta(ctx context.Context, tx pgx.Tx, name string, value []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		name, value)
	return err
}

// RewrapKeys puts the store's keys under the house's present one while the store is in use.
func (s *Store) RewrapKeys(ctx context.Context) error {
	changed, err := s.secrets.Keys.Rewrap()
	if err != nil || !changed {
		return err
	}
	return s.inTransaction(ctx, func(tx pgx.Tx) error {
		return putMeta(ctx, tx, keysKey, record.JoinKeys(s.secrets.Keys.Wrapped()))
	})
}

// adoptKeys takes over the keys that another replica has added.
func (s *Store) adoptKeys() error {
	ctx, cancel := context.WithTimeout(context.Background(), pulseTime)
	defer cancel()
	var kept []byte
	if err := s.pulse.pool.QueryRow(ctx, `SELECT value FROM meta WHERE name = $1`, keysKey).Scan(&kept); err != nil {
		return err
	}
	return s.secrets.Keys.Adopt(record.CutKeys(kept))
}

// renewKeys adds a key for values once the newest is worn. It is stored before any replica encrypts with it.
func (s *Store) renewKeys(ctx context.Context) error {
	var wrapped [][]byte
	err := s.inTransaction(ctx, func(tx pgx.Tx) error {
		var kept []byte
		if err := tx.QueryRow(ctx, `SELECT value FROM meta WHERE name = $1 FOR UPDATE`, keysKey).Scan(&kept); err != nil {
			return err
		}
		if wrapped = record.CutKeys(kept); len(wrapped) > len(s.secrets.Keys.Wrapped()) {
			return nil // another has
		}
		fresh, err := s.secrets.Keys.Fresh()
		if err != nil {
			return err
		}
		wrapped = append(wrapped, fresh)
		return putMeta(ctx, tx, keysKey, record.JoinKeys(wrapped))
	})
	if err != nil {
		return err
	}
	return s.secrets.Keys.Adopt(wrapped)
}

// place is what a value is bound to: its table and its key there.
func place(table string, key ...[]byte) []byte {
	out := append(make([]byte, 0, 64), table...)
	for _, k := range key {
		out = append(append(out, 0), k...)
	}
	return out
}

// encrypt encrypts a value for its place.
func (s *Store) encrypt(value []byte, table string, key ...[]byte) []byte {
	return s.secrets.Keys.Encrypt(nil, place(table, key...), value)
}

// decrypt reads it again. bot.ErrBroken: it was damaged, or belongs elsewhere.
func (s *Store) decrypt(stored []byte, table string, key ...[]byte) ([]byte, error) {
	if !s.secrets.Keys.Knows(stored) {
		_ = s.adoptKeys() // where that fails, the value does not decrypt
	}
	plain, err := s.secrets.Keys.Decrypt(nil, place(table, key...), stored)
	if err != nil {
		return nil, fmt.Errorf("%w: a record in %s does not decrypt: %w", bot.ErrBroken, table, err)
	}
	return plain, nil
}

// hash is a name as it stands in the database.
func (s *Store) hash(name string) []byte {
	sum := s.secrets.HashOf([]byte(name))
	return sum[:]
}

// hashOnce is the same for a name that is hardly used again, as a message's id: nothing of it is kept in memory.
func (s *Store) hashOnce(name string) []byte {
	sum := s.secrets.HashOnce([]byte(name))
	return sum[:]
}

// hashOrNull is hash, and nothing for an empty name.
func (s *Store) hashOrNull(name string) []byte {
	if name == "" {
		return nil
	}
	return s.hash(name)
}

// onceOrNull is hashOnce, and nothing for an empty name.
func (s *Store) onceOrNull(name string) []byte {
	if name == "" {
		return nil
	}
	return s.hashOnce(name)
}

// name reads back what was hashed: stored is what the table names has under the hash. bot.ErrErased: it was erased.
func (s *Store) name(sum, stored []byte) (string, error) {
	key := [record.HashedName]byte(sum)
	if name, known := s.secrets.NameOf(key); known {
		return name, nil
	}
	if stored == nil {
		return "", fmt.Errorf("%w: there is a key whose name is not there", bot.ErrBroken)
	}
	plain, err := s.decrypt(stored, "names", sum)
	if err == nil {
		plain, err = s.secrets.Unseal(plain)
	}
	if err != nil {
		return "", err
	}
	s.secrets.KeepName(key, string(plain))
	return string(plain), nil
}

// subjects begins what a change uses of the key ring; nil where there is none.
func (s *Store) subjects(ctx context.Context) *record.Subjects {
	return s.secrets.Begin(func(subject string) (slot uint32, stored bool, err error) {
		err = s.read(ctx, func(q querier) error {
			var n int64
			err := q.QueryRow(ctx, `SELECT slot FROM subjects WHERE hash = $1`, s.hash(subject)).Scan(&n)
			slot, stored = uint32(n), err == nil
			return err
		})
		if errors.Is(err, bot.ErrNone) {
			err = nil
		}
		return slot, stored, err
	})
}
