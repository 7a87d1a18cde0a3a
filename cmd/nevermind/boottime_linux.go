package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// bootTime is the time since the machine started, also that which it slept through; nobody can set it.
func bootTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return time.Since(programStart)
	}
	return time.Duration(t.Nano())
}
