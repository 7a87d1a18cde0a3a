//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package encryption

import (
	"os"
	"syscall"
)

// lockFile keeps other processes from giving out the same slots, until the file is closed.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
