package bot

import (
	"time"
)

// Meter is told what happens, to be counted and shown to the operator; nothing it is told is personal.
type Meter interface {
	// Count adds n to a count ("turns", "twins"), under a label of few values ("case", "telegram").
	Count(what, of string, n int)
	// Took adds one duration to a distribution ("turn", "send").
	Took(what, of string, d time.Duration)
}

// Unmetered counts nothing.
type Unmetered struct{}

// Count does nothing.
func (Unmetered) Count(string, string, int) {}

// Took does nothing.
func (Unmetered) Took(string, string, time.Duration) {}
