//go:build unix

package postgres

import (
	"errors"
	"syscall"
)

// runs says whether there is a process of that number.
func runs(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
