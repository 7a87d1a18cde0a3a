package shop

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with an order as written.
type Fault struct {
	Field string // "items[0].price"; empty where it is the whole
	Wrong string
	Right string // what would be right
}

// String writes the fault in one line.
func (f Fault) String() string {
	s := f.Wrong
	if f.Field != "" {
		s = f.Field + ": " + s
	}
	if f.Right != "" {
		s += "; " + f.Right
	}
	return s
}

// Faults is everything wrong with an order as written.
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
