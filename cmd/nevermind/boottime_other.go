//go:build !linux

package main

import "time"

// bootTime is the time since the program started; nobody can set it.
func bootTime() time.Duration { return time.Since(programStart) }
