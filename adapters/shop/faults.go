package shop

import (
	"errors"
	"fmt"
	"strings"

	"nevermind/bot"
)

// Fault is one thing wrong with an order, or another document, as written.
type Fault struct {
	Field string // "items[0].price"; empty where it is the whole
	Wrong string // "not an amount of USD"; without the value, so that it can be passed on
	Right string // what would be right
	Value string // what stood there, quoted and shortened; empty where it does not matter
}

// String writes the fault in one line, with the value.
func (f Fault) String() string {
	s := f.Wrong
	if f.Value != "" {
		s = f.Value + " is " + s
	}
	if f.Field != "" {
		s = f.Field + ": " + s
	}
	if f.Right != "" {
		s += "; " + f.Right
	}
	return s
}

// Plain writes the fault without the field and without the value, which may be personal or secret.
func (f Fault) Plain() string {
	if f.Right != "" {
		return f.Wrong + "; " + f.Right
	}
	return f.Wrong
}

// Faults is everything wrong with a document as written; it is the error of all decoders. Look for it with errors.As.
type Faults []Fault

// Error writes them in one line, the first twenty.
func (f Faults) Error() string {
	var all []string
	for i := range f[:min(len(f), 20)] {
		all = append(all, f[i].String())
	}
	if len(f) > 20 {
		all = append(all, fmt.Sprintf("and %d more", len(f)-20))
	}
	return strings.Join(all, " · ")
}

// FaultsOf finds the faults in an error: those of a document as written, or of an order that does not go with the one held
// (bot.Faults). False where the error is another one.
func FaultsOf(err error) (Faults, bool) {
	var faults Faults
	if errors.As(err, &faults) {
		return faults, true
	}
	var unfit bot.Faults
	if !errors.As(err, &unfit) {
		return nil, false
	}
	for _, f := range unfit {
		faults = append(faults, Fault{Field: f.Field, Wrong: f.Wrong, Right: f.Right})
	}
	return faults, true
}
