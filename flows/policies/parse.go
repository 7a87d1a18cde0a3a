package policies

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// A file longer than this is no policy.
const maxFile = 64 << 10

// reader walks the nodes of a file and gathers every fault.
type reader struct {
	under  *sheet // the base, or nil while the base is read
	faults Faults
	abouts []about
}

// parse returns the file's one mapping; nothing where the file is empty.
func (r *reader) parse(file []byte) (root node) {
	defer func() { // the parser is fed whatever somebody has on disk
		if p := recover(); p != nil {
			r.faults = append(r.faults, Fault{Wrong: "this cannot be read as YAML", Right: "see the built-in pack for the form"})
		}
	}()
	if len(file) > maxFile {
		r.faults = append(r.faults, Fault{Wrong: fmt.Sprintf("the file has %d bytes", len(file)), Right: "a policy has 64 KiB at most"})
		return node{}
	}
	if deep(file) {
		r.faults = append(r.faults, Fault{Wrong: "brackets stand too deep in brackets", Right: "see the built-in pack for the form"})
		return node{}
	}
	if !utf8.Valid(file) {
		r.faults = append(r.faults, Fault{Wrong: "the file is not UTF-8", Right: "save it as UTF-8"})
		return node{}
	}
	parsed, err := parser.ParseBytes([]byte(strings.TrimPrefix(string(file), "\ufeff")), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return node{}
	}
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		if root.Node != nil {
			r.wrong(node{doc.Body, ""}, "a second document begins", "keep one policy in one file")
			return node{}
		}
		root.Node = doc.Body
	}
	return root
}

// deep says whether there are more brackets open than any policy has; the parser takes its time over them.
func deep(file []byte) bool {
	open := 0
	for _, c := range file {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		}
		if open > 100 {
			return true
		}
	}
	return false
}

// syntax notes a file that is no YAML, at the line where reading stopped.
func (r *reader) syntax(err error) {
	f := Fault{Wrong: "this is not YAML", Right: "see the built-in pack for the form"}
	var y yaml.Error
	if errors.As(err, &y) {
		f.Wrong = "this is not YAML: " + y.GetMessage()
		if t := y.GetToken(); t != nil && t.Position != nil {
			f.Line = t.Position.Line
		}
	}
	r.faults = append(r.faults, f)
}
