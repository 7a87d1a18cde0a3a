package rest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	html "html/template"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	text "text/template"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed page.html
var pageHTML string

//go:embed page.md
var pageMarkdown string

// chapter is a part of the API as people read it; the templates page.html and page.md use the names of its fields.
type chapter struct {
	Name, Says string
	Calls      []call
}

// call is one operation in a chapter.
type call struct {
	Method, Path, Summary, Says string
	Fields                      []field
	Statuses                    string
	Examples                    []Example
	place                       int // in the order of the examples
}

// field is a parameter or a field of a body, in a call's table.
type field struct {
	Name, Kind, Says string
	Needed           bool
}

// Page is the API for people to read in a browser: one page that needs nothing else, without scripts. It holds nothing of
// the shop, so it needs no key.
func (a *API) Page() (http.Handler, error) {
	t, err := html.New("page").Funcs(html.FuncMap{"coded": codeSpans}).Parse(pageHTML)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := t.Execute(&page, a.chapters()); err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		w.Write(page.Bytes()) //nolint:errcheck // whoever asked has gone
	}), nil
}

// Markdown is the same page for docs/api.md.
func (a *API) Markdown() ([]byte, error) {
	t, err := text.New("page").Funcs(text.FuncMap{"pretty": answerLanguage}).Parse(pageMarkdown)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = t.Execute(&page, a.chapters())
	return page.Bytes(), err
}

// backticks are what a description marks as code.
var backticks = regexp.MustCompile("`([^`]+)`")

// codeSpans escapes a description and shows what stands between backticks as code.
func codeSpans(says string) html.HTML {
	//nolint:gosec // escaped right here, and our own words
	return html.HTML(backticks.ReplaceAllString(html.HTMLEscapeString(says), "<code>$1</code>"))
}

// answerLanguage is the language of a recorded answer, for a Markdown fence; empty for results a line, which are not one
// JSON value.
func answerLanguage(answer string) string {
	if strings.Count(answer, "\n") > 0 && !json.Valid([]byte(answer)) {
		return "" // a result a line
	}
	return "json"
}

// chapters lists the operations by tag, each chapter in the order of the examples.
func (a *API) chapters() []chapter {
	var all []chapter
	for _, tag := range a.document.Tags {
		c := chapter{Name: tag.Name, Says: tag.Description}
		for _, path := range slices.Sorted(maps.Keys(a.document.Paths)) {
			at := a.document.Paths[path]
			for _, op := range []*huma.Operation{at.Put, at.Post, at.Get} {
				if op != nil && slices.Contains(op.Tags, tag.Name) {
					c.Calls = append(c.Calls, a.describe(op))
				}
			}
		}
		// Readers meet the calls in the order of the examples.
		slices.SortStableFunc(c.Calls, func(a, b call) int { return a.place - b.place })
		all = append(all, c)
	}
	return all
}

// describe makes a call of an operation: its parameters, the fields of its body, its statuses and its examples.
func (a *API) describe(op *huma.Operation) call {
	c := call{
		Method: op.Method, Path: op.Path, Summary: op.Summary, Says: op.Description,
		Statuses: strings.Join(slices.Sorted(maps.Keys(op.Responses)), ", "),
	}
	for _, p := range op.Parameters {
		c.Fields = append(c.Fields, field{
			Name: p.Name + " (" + p.In + ")", Kind: kindOf(p.Schema), Says: p.Description, Needed: p.Required,
		})
	}
	if op.RequestBody != nil {
		for _, kind := range op.RequestBody.Content {
			c.Fields = append(c.Fields, a.fields("", kind.Schema)...)
		}
	}
	for i, t := range Examples() {
		if t.Call != op.OperationID {
			continue
		}
		// The first example gives the call its place.
		if c.Examples == nil {
			c.place = i
		}
		c.Examples = append(c.Examples, t)
	}
	return c
}

// fields lists the fields of a schema and, below each, the fields of what it holds.
func (a *API) fields(under string, s *huma.Schema) []field {
	s = a.resolve(s)
	var all []field
	for _, name := range inOrder(s) {
		inner := s.Properties[name]
		all = append(all, field{under + name, kindOf(a.resolve(inner)), inner.Description, slices.Contains(s.Required, name)})
		switch inner = a.resolve(inner); {
		case inner.Items != nil:
			all = append(all, a.fields(under+name+"[].", inner.Items)...)
		case inner.Properties != nil:
			all = append(all, a.fields(under+name+".", inner)...)
		}
	}
	return all
}

// inOrder lists the fields that are needed as they are declared, then the others by name.
func inOrder(s *huma.Schema) []string {
	names := slices.Clone(s.Required)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// resolve follows a reference to its schema, also that of a value that may be null.
func (a *API) resolve(s *huma.Schema) *huma.Schema {
	if len(s.AnyOf) > 0 {
		s = s.AnyOf[0]
	}
	if s.Ref != "" {
		return a.document.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// kindOf says what may be written in a field: the values of an enum, or its type.
func kindOf(s *huma.Schema) string {
	switch {
	case len(s.Enum) > 0:
		names := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			names[i] = fmt.Sprint(v)
		}
		return strings.Join(names, ", ")
	case s.Format == "date-time":
		return "time (RFC 3339)"
	case s.Type == "array":
		return "list"
	}
	return s.Type
}
