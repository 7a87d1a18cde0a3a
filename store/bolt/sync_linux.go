package bolt

import (
	"os"
	"syscall"
)

// syncData flushes a file's content, and of what is known about the file only what is needed to read it.
func syncData(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return err
		}
	}
}
