package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"nevermind/bot"
)

// openFile opens the database file and creates it where there is none. A file that exists is never
// taken for a new one, not even an empty one: that would be forgetting everything in silence.
func openFile(path string, opts []Option) (*database, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := createFile(path, opts); err != nil {
			return nil, fmt.Errorf("make %s: %w", path, err)
		}
	} else if err != nil {
		return nil, err
	} else if info.Mode().IsRegular() && info.Size() == 0 {
		return nil, fmt.Errorf("%w: %s is empty; restore a backup, or remove the file to begin anew", bot.ErrBroken, path)
	}
	return openWithLargestMap(path, opts)
}

// createFile makes a database under another name and only then renames it, so that a crash leaves
// none half made. Of two processes that create it at once the first to rename wins, and both open
// that one.
func createFile(path string, opts []Option) error {
	begun := path + ".new"
	if err := os.Remove(begun); err != nil && !errors.Is(err, fs.ErrNotExist) { // of a crash in here
		return err
	}
	db, err := openWithLargestMap(begun, opts)
	if err != nil {
		return err
	}
	err = catchDamage(func() error {
		if err := createBuckets(db, schema); err != nil || chosen(opts).keys == nil {
			return err
		}
		return db.encryptNew(chosen(opts))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Rename(begun, path); err != nil {
		if _, there := os.Stat(path); there == nil { // another process was faster
			return nil
		}
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a rename in a folder durable. Windows can sync no folder, nor needs it.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" { // where a folder cannot be synced, nor need be
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// openWithLargestMap opens a bbolt file with as much address space as can be had. The memory map
// must not need to grow while somebody reads: growing waits for every reader and holds up all new
// ones. Address space is not memory; only the pages that are read take any.
func openWithLargestMap(path string, opts []Option) (*database, error) {
	for _, room := range mapSizes() {
		db, err := openMap(path, room, opts)
		if room > 0 && errors.Is(err, syscall.ENOMEM) { // a limit on address space
			continue
		}
		return db, err
	}
	panic("unreachable: the last size is 0")
}

// mapSizes are the sizes of the memory map to try in bytes, the largest first; 0 is what the file
// needs now. On 32 bits there is too little address space, and Windows makes the file as large as
// the map.
func mapSizes() []int64 {
	if math.MaxInt == math.MaxInt32 || runtime.GOOS == "windows" { // too little of it; or the file would be made as large
		return []int64{0}
	}
	return []int64{64 << 30, 2 << 30, 0} // 0: what the file needs now
}

// openMap opens the file with one size of map and closes it again where bbolt panics over it. room
// is that size in bytes.
func openMap(path string, room int64, opts []Option) (*database, error) {
	var file *os.File
	o := &options{Options: bbolt.Options{
		Timeout:         time.Second,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: int(room),
		NoStatistics:    true,
		// The list of free pages is stored (NoFreelistSync is off): without it every open would read the whole file,
		// on a goroutine of bbolt's own where a damaged page could not be recovered from.
		OpenFile: func(name string, flag int, perm os.FileMode) (f *os.File, err error) {
			file, err = os.OpenFile(name, flag, perm)
			return file, err
		},
	}}
	for _, opt := range opts {
		opt(o)
	}
	var db *bbolt.DB
	err := catchDamage(func() (err error) {
		if db, err = bbolt.Open(path, 0o600, &o.Options); err != nil {
			return err
		}
		if err := checkLength(db, file); err != nil {
			return err
		}
		return checkPlace(path, file)
	})
	if err == nil {
		secrets, err := openSecrets(db, o)
		if err == nil {
			return &database{DB: db, secrets: secrets}, nil
		}
		_ = catchDamage(db.Close)
		return nil, err
	}
	if db != nil {
		_ = catchDamage(db.Close)
	} else if file != nil && errors.Is(err, bot.ErrBroken) { // bbolt panicked and has closed nothing
		unlock(file)
		_ = file.Close()
	}
	return nil, explainOpenError(path, err)
}

// checkLength says whether the file is as long as its header says; a copy that broke off is not.
func checkLength(db *bbolt.DB, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return db.View(func(tx *bbolt.Tx) error {
		if tx.Size() > info.Size() {
			return fmt.Errorf("%w: %d bytes of %d are there", bot.ErrBroken, info.Size(), tx.Size())
		}
		return nil
	})
}

// checkPlace says whether the file is still the one at path: while its lock was waited for another may have been put there.
func checkPlace(path string, file *os.File) error {
	opened, err := file.Stat()
	if err != nil {
		return err
	}
	if there, err := os.Stat(path); err != nil || !os.SameFile(opened, there) {
		return berrors.ErrTimeout // as if it were locked still
	}
	return nil
}

// explainOpenError turns bbolt's and the system's errors into bot's sentinels, each with what to
// do. A system error is told as it is, except EFBIG, to which only a damaged file leads.
func explainOpenError(path string, err error) error {
	var system syscall.Errno
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("%w: %s; stop the other one, or reach it through its control socket", bot.ErrLocked, path)
	case errors.Is(err, bot.ErrNewer), errors.Is(err, fs.ErrPermission):
		return err
	case errors.As(err, &system) && system != syscall.EFBIG: // no sound file leads to a place so far away
		return err
	case errors.Is(err, bot.ErrBroken):
		return fmt.Errorf("%s: %w; keep the file and restore a backup", path, err)
	}
	return fmt.Errorf("%s: %w: %w; keep the file and restore a backup", path, bot.ErrBroken, err)
}
