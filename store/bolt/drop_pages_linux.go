package bolt

import (
	"syscall"
)

// dropPages lets go of the file's pages that this process has mapped: they stay in the system's
// cache, and the next look maps them again. Without it whoever goes through the whole file seems to
// hold the whole file in memory, to whoever watches that. The transaction keeps the map in place
// meanwhile.
func dropPages(tx *transaction) error { // in a transaction the map stays where it is
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, tx.DB().Info().Data, uintptr(tx.Size()), syscall.MADV_DONTNEED)
	return nil
}
