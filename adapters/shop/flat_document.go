package shop

import "fmt"

// kind is what a value was written as.
type kind string

const (
	word   kind = "a string"
	number kind = "a number"
	truth  kind = "true or false"
	null   kind = "null"
	object kind = "an object"
	array  kind = "an array"
	cell   kind = "a cell" // of CSV: whatever fits
)

// An order has at most this many lines, and a longer text is none.
const (
	maxItems = 200
	maxText  = 1 << 20
)

// value is one value as written.
type value struct {
	kind kind
	text string
	size int // of an array
}

// form is an order as written, laid flat: "items[0].price" and its value. What is read is taken out, so that what is
// left over is unknown.
type form struct {
	at     map[string]value
	order  []string // the names as they came
	faults Faults
}

func newForm() *form { return &form{at: map[string]value{}} }

func (f *form) wrong(field, wrong, right string) {
	f.faults = append(f.faults, Fault{Field: field, Wrong: wrong, Right: right})
}

// unfit notes a value that is not what is wanted; of a long one the first bytes are kept.
func (f *form) unfit(field, value string, most int, wrong, right string) {
	f.faults = append(f.faults, Fault{Field: field, Wrong: wrong, Right: right, Value: fmt.Sprintf("%.*q", most, value)})
}

// put lays down a value; a name that comes twice is a fault.
func (f *form) put(name string, v value) {
	if _, ok := f.at[name]; ok {
		f.wrong(name, "given twice", "keep one")
		return
	}
	f.at[name] = v
	f.order = append(f.order, name)
}

// take picks up a value; false where it is left out, null, or something else than wanted.
func (f *form) take(name string, want kind) (value, bool) {
	v, ok := f.at[name]
	delete(f.at, name)
	if !ok || v.kind == null || v.kind == cell && v.text == "" {
		return value{}, false
	}
	if v.kind != want && v.kind != cell {
		f.wrong(name, string(v.kind)+" stands here", "write "+string(want))
		return value{}, false
	}
	return v, true
}

// unknown notes what nobody took.
func (f *form) unknown() {
	for _, name := range f.order {
		if _, left := f.at[name]; left {
			f.wrong(name, "unknown field", "leave it out")
		}
	}
}
