package encryption

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"nevermind/bot"
)

// ringFile is a key ring in a file: its head, then slot by slot. One process at a time makes slots in it.
type ringFile struct {
	file *os.File
	mu   sync.Mutex
	made uint32 // how many slots there are
}

// OpenRing opens a key ring that is a file. ErrKey: it stands under another key of the house.
func OpenRing(path string, m Master) (*Ring, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	slots := &ringFile{file: f}
	r, err := OpenRingAt(slots, m)
	if err == nil {
		err = slots.count()
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("the key ring %s: %w", path, err)
	}
	return r, nil
}

// CreateRing makes a key ring that is a file; one that is there already is an error.
func CreateRing(path string, m Master) (*Ring, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	r, err := CreateRingAt(&ringFile{file: f}, m)
	if err = errors.Join(err, syncFolder(filepath.Dir(path))); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// count counts the slots, of which another process may have made some. One that was cut off counts: it may be somebody's.
func (r *ringFile) count() error {
	info, err := r.file.Stat()
	if err == nil {
		r.made = uint32((max(0, info.Size()-headSize) + SlotSize - 1) / SlotSize)
	}
	return err
}

// Head reads what stands before the slots.
func (r *ringFile) Head() ([]byte, error) {
	head := make([]byte, headSize)
	if _, err := r.file.ReadAt(head, 0); err != nil {
		return nil, fmt.Errorf("%w: this is no key ring", bot.ErrBroken)
	}
	return head, nil
}

// PutHead writes it.
func (r *ringFile) PutHead(head []byte) error {
	_, err := r.file.WriteAt(head, 0)
	return errors.Join(err, r.file.Sync())
}

// Made counts the slots.
func (r *ringFile) Made() (uint32, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.count()
	return r.made, err
}

// Reserve numbers the slots that are to be put at the end. What an earlier process has made and not given out is left: nobody
// knows which of them were. Those up to from are marked as lost.
func (r *ringFile) Reserve(_ int, from uint32) (uint32, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := lockFile(r.file); err != nil {
		return 0, fmt.Errorf("%w: %w", bot.ErrLocked, err)
	}
	if err := r.count(); err != nil {
		return 0, err
	}
	for r.made < from {
		n := min(from-r.made, slotsAtOnce)
		if _, err := r.file.WriteAt(bytes.Repeat(lostSlot, int(n)), slotAt(r.made)); err != nil {
			return 0, err
		}
		r.made += n
	}
	return r.made, nil
}

// Put stores slots.
func (r *ringFile) Put(first uint32, slots []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := r.file.WriteAt(slots, slotAt(first)); err != nil {
		return err
	}
	if err := r.file.Sync(); err != nil {
		return err
	}
	r.made = max(r.made, first+uint32(len(slots)/SlotSize))
	return nil
}

// Slot reads one.
func (r *ringFile) Slot(n uint32) ([]byte, error) {
	r.mu.Lock()
	there := n < r.made
	r.mu.Unlock()
	if !there {
		return nil, errOlder
	}
	slot := make([]byte, SlotSize)
	_, err := r.file.ReadAt(slot, slotAt(n))
	return slot, err
}

// Destroy writes over slots.
func (r *ringFile) Destroy(slots ...uint32) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	for _, n := range slots {
		if n < r.made {
			_, wrong := r.file.WriteAt(make([]byte, SlotSize), slotAt(n))
			err = errors.Join(err, wrong)
		}
	}
	return errors.Join(err, r.file.Sync())
}

// Close closes the file.
func (r *ringFile) Close() error { return r.file.Close() }

func slotAt(n uint32) int64 { return headSize + int64(n)*SlotSize }
