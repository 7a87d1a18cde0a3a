package bolt

import (
	"syscall"

	"go.etcd.io/bbolt"
)

// dropPages lets go of the pages of the file that this process has looked at: they stay in the system's cache, and the
// next look maps them again. Else whoever goes through the whole file holds the whole file, for whoever watches memory.
func dropPages(tx *bbolt.Tx) error { // in a transaction the map stays where it is
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, tx.DB().Info().Data, uintptr(tx.Size()), syscall.MADV_DONTNEED)
	return nil
}
