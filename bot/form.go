package bot

import (
	"strconv"
	"strings"
)

// Unfit says which answers of a form do not fit, and why, in the language of whoever filled it in.
type Unfit map[string]string

// Error says how many.
func (u Unfit) Error() string { return strconv.Itoa(len(u)) + " answers of a form do not fit" }

// Asked says whether a field is asked, by the answers before it.
func (f *Field) Asked(answers Facts) bool {
	name, value, _ := strings.Cut(f.If, "=")
	return f.If == "" || answers[name] == value
}
