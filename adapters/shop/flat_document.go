package shop

import "fmt"

// kind is the type that a value was written as, in the words of a fault.
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
	// maxItems is how many lines an order has at most, and how many values stand in any object or array.
	maxItems = 200
	// maxText is the size of a text at most, in bytes.
	maxText = 1 << 20
)

// value is one value as written; text is empty for objects and arrays.
type value struct {
	kind kind
	text string
	size int // of an array
}

// flatDocument is an order, or another object, as written and laid flat: names such as "items[0].price" and their values,
// from JSON or from the cells of a CSV. A reader takes each field out as it reads it, so that what is left over at the end
// is unknown. Faults gather in it rather than stop the reading.
type flatDocument struct {
	// at has each value under its name, without those that were taken.
	at     map[string]value
	names  []string // the names as they came
	faults Faults
}

// newFlatDocument is an empty document without faults.
func newFlatDocument() *flatDocument { return &flatDocument{at: map[string]value{}} }

// addFault adds a fault of a field: what is wrong and what would be right.
func (f *flatDocument) addFault(field, wrong, right string) {
	f.faults = append(f.faults, Fault{Field: field, Wrong: wrong, Right: right})
}

// addValueFault adds a fault that quotes the value, shortened to its first bytes.
func (f *flatDocument) addValueFault(field, value string, most int, wrong, right string) {
	f.faults = append(f.faults, Fault{Field: field, Wrong: wrong, Right: right, Value: fmt.Sprintf("%.*q", most, value)})
}

// put adds a value; a name that comes twice is a fault, and the first value stays.
func (f *flatDocument) put(name string, v value) {
	if _, ok := f.at[name]; ok {
		f.addFault(name, "given twice", "keep one")
		return
	}
	f.at[name] = v
	f.names = append(f.names, name)
}

// take removes a value and returns it; false where it is left out, null, or of another type than wanted, which is a fault.
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

// refuseUnknown makes a fault of every field that nobody has taken.
func (f *flatDocument) refuseUnknown() {
	for _, name := range f.names {
		if _, left := f.at[name]; left {
			f.addFault(name, "unknown field", "leave it out")
		}
	}
}
