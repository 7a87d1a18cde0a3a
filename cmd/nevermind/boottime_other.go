//go:build !linux

package main

import "time"

// passed is the time since the program started; nobody can set it.
func passed() time.Duration { return time.Since(begun) }
