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

// flatDocument is an order as written, laid flat: "items[0].price" and its value. What is read is taken out, so that what is
// left over is unknown.
type flatDocument struct {
	at     map[string]value
	names  []string // the names as they came
	faults Faults
}

func newFlatDocument() *flatDocument { return &flatDocument{at: map[string]value{}} }

func (f *flatDocument) addFault(field, wrong, right string) {
	f.faults = append(f.faults, Fault{Field: field, Wrong: wrong, Right: right})
}

// addValueFault notes a value that is not what is wanted; of a long one the first bytes are kept.
func (f *flatDocument) addValueFault(field, value string, most int, wrong, right string) {
	f.faults = append(f.faults, Fault{Field: field, Wrong: wrong, Right: right, Value: fmt.Sprintf("%.*q", most, value)})
}

// put lays down a value; a name that comes twice is a fault.
func (f *flatDocument) put(name string, v value) {
	if _, ok := f.at[name]; ok {
		f.addFault(name, "given twice", "keep one")
		return
	}
	f.at[name] = v
	f.names = append(f.names, name)
}

// take picks up a value; false where it is left out, null, or something else than wanted.
func (f *flatDocument) take(name string, want kind) (value, bool) {
	v, ok := f.at[name]
	delete(f.at, name)
	if !ok || v.kind == null || v.kind == cell && v.text == "" {
		return value{}, false
	}
	if v.kind != want && v.kind != cell {
		f.addFault(name, string(v.kind)+" stands here", "write "+string(want))
		return value{}, false
	}
	return v, true
}

// refuseUnknown notes what nobody took.
func (f *flatDocument) refuseUnknown() {
	for _, name := range f.names {
		if _, left := f.at[name]; left {
			f.addFault(name, "unknown field", "leave it out")
		}
	}
}
