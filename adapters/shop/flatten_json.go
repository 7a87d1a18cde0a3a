package shop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// flatten reads a JSON object into a flat document; what is the noun that a fault calls it by ("an order"). It never fails:
// a text that cannot be read is a document with a fault and no fields. Doubled names are faults here, which encoding/json
// alone would pass over.
func flatten(text []byte, what string) *flatDocument {
	f := newFlatDocument()
	switch {
	case len(text) > maxText:
		f.addFault("", fmt.Sprintf("%d bytes are too long for %s", len(text), what), "it has 1 MiB at most")
		return f
	case !utf8.Valid(text):
		f.addFault("", "this is not UTF-8", "write it in UTF-8")
		return f
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	// Amounts are strings; where somebody writes a number it is quoted in the fault exactly as written.
	dec.UseNumber()
	var err error
	// The decoder alone would accept what follows the object.
	if !json.Valid(text) { // stricter than reading token by token
		var whole json.RawMessage
		err = json.Unmarshal(text, &whole) // says what is wrong
	}
	if err == nil {
		err = f.read(dec, "", 0)
	}
	// The whole is stored under the empty name; it must be an object.
	if v := f.at[""]; err == nil && v.kind != object {
		err = fmt.Errorf("%s stands here", v.kind)
	}
	delete(f.at, "")
	if err != nil {
		f.faults = Faults{{Wrong: "this is not " + what + ": " + err.Error(), Right: "write one JSON object"}}
	}
	return f
}

// read adds the next value and all that is in it, under its name.
func (f *flatDocument) read(dec *json.Decoder, name string, depth int) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	// The contract is five levels deep; the limit bounds the work for hostile input.
	if depth > 5 {
		return errors.New("values stand too deep in values")
	}
	switch t := token.(type) {
	case json.Delim:
		return f.inside(dec, t, name, depth)
	case string:
		f.put(name, value{kind: word, text: t})
	case json.Number:
		f.put(name, value{kind: number, text: t.String()})
	case bool:
		f.put(name, value{kind: truth, text: fmt.Sprint(t)})
	case nil:
		f.put(name, value{kind: null})
	}
	return nil
}

// inside reads an object or an array whose opening bracket has been read.
func (f *flatDocument) inside(dec *json.Decoder, open json.Delim, name string, depth int) error {
	kind, size := object, 0
	if open == '[' {
		kind = array
	}
	for ; dec.More(); size++ {
		// The limit holds for every array and object, and ends the reading.
		if size == maxItems {
			return fmt.Errorf("more than %d values stand in %s", maxItems, kind)
		}
		inner := ""
		if kind == array {
			inner = name + "[" + strconv.Itoa(size) + "]"
		} else {
			token, err := dec.Token()
			if err != nil {
				return err
			}
			inner = fieldName(name, token)
		}
		if err := f.read(dec, inner, depth+1); err != nil {
			return err
		}
	}
	f.put(name, value{kind: kind, size: size})
	_, err := dec.Token()
	return err
}

// fieldName names a field of an object; a key that could be taken for another name, or is too long for one, is put in
// quotes.
func fieldName(name string, key json.Token) string {
	field, _ := key.(string)
	if len(field) > 64 || field == "" || strings.ContainsAny(field, ".[]\"") {
		field = fmt.Sprintf("%.64q", field)
	}
	if name == "" {
		return field
	}
	return name + "." + field
}
