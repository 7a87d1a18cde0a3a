package policies

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// node is a value in the file and the key it stands under.
type node struct {
	ast.Node
	key string
}

// pair is one key of a mapping.
type pair struct {
	name string
	node
}

// wrong notes a fault: what is wrong at a node, and what would be right.
func (r *reader) wrong(n node, wrong, right string) {
	line := 0
	if n.Node != nil {
		if t := n.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
	}
	r.faults = append(r.faults, Fault{line, n.key, wrong, right})
}

// pairs returns the keys of a mapping in order; with known, other keys are faults. A null is a mapping left out.
func (r *reader) pairs(n node, known ...string) []pair {
	var values []*ast.MappingValueNode
	switch m := n.Node.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		r.wrong(n, r.called(n)+" stands where keys with values belong", form("write", known))
	}
	var all []pair
	for _, v := range values {
		name, ok := word(v.Key)
		p := pair{name, node{v.Value, join(n.key, name)}}
		switch {
		case !ok:
			r.wrong(node{v.Key, n.key}, "a key here is not a word", form("the keys are", known))
		case known != nil && !slices.Contains(known, name):
			r.wrong(node{v.Key, p.key}, "unknown key", form("the keys are", known))
		case slices.ContainsFunc(all, func(q pair) bool { return q.name == name }):
			r.wrong(node{v.Key, p.key}, "given twice", "keep one")
		default:
			all = append(all, p)
		}
	}
	return all
}

// list returns the values of a sequence, and whether there is one.
func (r *reader) list(n node) ([]node, bool) {
	if _, null := n.Node.(*ast.NullNode); null || n.Node == nil {
		return nil, false
	}
	seq, ok := n.Node.(*ast.SequenceNode)
	if !ok {
		r.wrong(n, r.called(n)+" stands where a list belongs", "write [] for none")
		return nil, false
	}
	all := make([]node, len(seq.Values))
	for i, v := range seq.Values {
		all[i] = node{v, fmt.Sprintf("%s[%d]", n.key, i)}
	}
	return all, true
}

// maybeList returns the values of a sequence where the node is one.
func (r *reader) maybeList(n node) ([]node, bool) {
	if _, ok := n.Node.(*ast.SequenceNode); !ok {
		return nil, false
	}
	return r.list(n)
}

// text returns a plain string of at most limit characters; ok is false where a fault was noted.
func (r *reader) text(n node, limit int) (s string, ok bool) {
	switch v := n.Node.(type) {
	case *ast.StringNode:
		s = v.Value
	case *ast.LiteralNode:
		s = strings.TrimSpace(v.Value.Value)
	default:
		r.wrong(n, r.called(n)+" stands where words belong", "put it in quotes")
		return "", false
	}
	if s == "" || utf8.RuneCountInString(s) > limit || strings.ContainsFunc(s, unicode.IsControl) {
		r.wrong(n, fmt.Sprintf("%.40q does not fit", s), fmt.Sprintf("write 1 to %d characters on one line", limit))
		return "", false
	}
	return s, true
}

// called names a node that is not what was wanted.
func (r *reader) called(n node) string {
	switch n.Node.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "a YAML anchor, alias or tag"
	}
	return fmt.Sprintf("%.40q", n.GetToken().Value)
}

// word is a key or value that is written as a plain word.
func word(n ast.Node) (string, bool) {
	s, ok := n.(*ast.StringNode)
	if !ok {
		return "", false
	}
	return s.Value, true
}

// join is the path of a key below another: "windows.seller_answer".
func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// form names what could be written, for the right side of a fault.
func form(verb string, known []string) string {
	if len(known) == 0 {
		return ""
	}
	return verb + " " + strings.Join(known, ", ")
}
