package bolt

import (
	"context"
	"encoding/binary"
	"fmt"

	"nevermind/bot"
)

// subjectsOf begins what a commit uses of the key ring; nil where there is none.
func (s *Store) subjectsOf(ctx context.Context) *subjects {
	return s.db.secrets.Begin(func(subject string) (slot uint32, stored bool, err error) {
		err = s.view(ctx, func(tx *transaction) error {
			slot, stored = slotIn(bucketIn(tx, subjectSlots), subject)
			return nil
		})
		return slot, stored, err
	})
}

func slotIn(t *table, subject string) (slot uint32, there bool) {
	if v := t.Get([]byte(subject)); len(v) == 4 {
		return binary.BigEndian.Uint32(v), true
	}
	return 0, false
}

// storeSlots keeps which slots a commit has used. ErrStale: another one has given the same subject another slot meanwhile, or it
// was erased; the caller makes its commit again.
func (b *writeBatch) storeSlots(u *subjects) error {
	if u == nil {
		return nil
	}
	x := u.X
	for subject, slot := range u.Used {
		held, there, known := x.HeldSlot(subject)
		if there && known && held == slot {
			continue
		}
		have, stored := slotIn(b.bucket(subjectSlots), subject)
		stored, err := x.HasKey(have, stored)
		if err != nil {
			return err
		}
		if stored && have != slot || there && held != slot || !there && !stored {
			return fmt.Errorf("%w: a key was given out twice", bot.ErrStale)
		}
		if !stored {
			b.put(subjectSlots, []byte(subject), binary.BigEndian.AppendUint32(nil, slot))
		}
		b.tx.OnCommit(func() { x.KeepSlotStored(subject, slot) })
	}
	return nil
}

// sealName encrypts a name under its subject's key, if it has one, within a write transaction.
func (tx *transaction) sealName(name []byte) ([]byte, error) {
	subject, x := nameSubject(string(name)), tx.secrets
	if x.Ring == nil || subject == "" {
		return name, nil
	}
	t := bucketIn(tx, subjectSlots)
	slot, stored := slotIn(t, subject)
	stored, err := x.HasKey(slot, stored)
	if err != nil {
		return nil, err
	}
	if !stored {
		if slot, err = x.TakeSlot(subject); err != nil {
			return nil, err
		}
		if err := t.Put([]byte(subject), binary.BigEndian.AppendUint32(nil, slot)); err != nil {
			return nil, err
		}
	}
	out := binary.AppendUvarint([]byte{personalForm, 1}, uint64(slot))
	return x.Ring.Encrypt(out, nil, name, slot)
}
