package policies

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong in a policy file.
type Fault struct {
	Line  int    // 0 where it has none
	Key   string // "windows.seller_answer"
	Wrong string
	Right string // what would be right
}

// String writes the fault as one line.
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	if f.Key != "" {
		b.WriteString(f.Key + ": ")
	}
	b.WriteString(f.Wrong)
	if f.Right != "" {
		b.WriteString("; " + f.Right)
	}
	return b.String()
}

// Faults is everything wrong in a policy file, in the order of its lines.
type Faults []Fault

// Error writes one line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].String()
	}
	return strings.Join(lines, "\n")
}

// sorted returns the faults by line; within one in the order in which they were found.
func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return f
}
