package bot

import (
	"slices"
	"strconv"
	"strings"
)

// Unfit says which answers of a form do not fit, and why, in the language of whoever filled it in.
type Unfit map[string]string

// Error says how many.
func (u Unfit) Error() string { return strconv.Itoa(len(u)) + " answers of a form do not fit" }

// Asked says whether a field is asked, by the answers before it.
func (f *Field) Asked(answers Facts) bool {
	name, values, _ := strings.Cut(f.If, "=")
	return f.If == "" || slices.Contains(strings.Split(values, "|"), answers[name])
}
