// Package source finds, in the source of the product, every English text that it hands to its catalog of words. Only tests use
// it: what it finds is kept in english.txt, beside the languages.
package source

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is one English text, found in the source.
type Text struct {
	English string
	At      string // "flows/case_terms.go:31"
	Label   bool   // it stands on a button, is an answer to choose from, or stands in one of the phraseTables
	Counted bool   // it is said of {n} things, in plural forms
	Loose   bool   // it only reads like words: where it is said is not seen
}

// folders are those whose Go files say something to people, through the catalog.
var folders = []string{"flows", "bot/turn"}

// Texts finds every text by where it stands: what is said (Say, Count), told (bot.To), offered (Label), asked (Ask, Why), heads
// or ends a message (Title, Footer), and the tables that code looks words up in. It returns besides where something is said
// that is worked out elsewhere. root is the module's folder.
func Texts(root string) (texts []Text, dynamic []string, err error) {
	for _, folder := range folders {
		c := collector{root: root, fset: token.NewFileSet(), known: map[string]ast.Expr{}}
		names, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
		if err != nil {
			return nil, nil, err
		}
		var files []*ast.File
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(c.fset, name, nil, 0)
			if err != nil {
				return nil, nil, fmt.Errorf("read the words of %s: %w", folder, err)
			}
			files = append(files, file)
			c.names(file)
		}
		for _, file := range files {
			ast.Inspect(file, c.visit)
		}
		for _, name := range phraseTables {
			c.table(c.known[name], true)
		}
		for _, file := range files {
			if !heard.MatchString(c.fset.Position(file.Pos()).Filename) {
				ast.Inspect(file, c.literal)
			}
		}
		texts, dynamic = append(texts, c.texts...), append(dynamic, c.dynamic...)
	}
	slices.SortFunc(texts, func(a, b Text) int {
		return cmp.Or(strings.Compare(a.At, b.At), strings.Compare(a.English, b.English))
	})
	return texts, dynamic, nil
}

// collector walks the source of one package.
type collector struct {
	root    string
	fset    *token.FileSet
	known   map[string]ast.Expr // constants and variables of the package
	texts   []Text
	dynamic []string // where something is said that is no constant
}

// names learns what the package's constants and variables are.
func (c *collector) names(file *ast.File) {
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			if v, ok := s.(*ast.ValueSpec); ok {
				for i, name := range v.Names {
					if i < len(v.Values) {
						c.known[name.Name] = v.Values[i]
					}
				}
			}
		}
	}
}

// fold is the constant text of an expression.
func (c *collector) fold(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return c.fold(e.X)
	case *ast.BinaryExpr:
		left, ok := c.fold(e.X)
		right, too := c.fold(e.Y)
		return left + right, ok && too && e.Op == token.ADD
	case *ast.Ident:
		if value, ok := c.known[e.Name]; ok {
			return c.fold(value)
		}
	}
	return "", false
}

// visit takes in what stands where words stand.
func (c *collector) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := called(n)
		switch {
		case name == "Say" && len(n.Args) >= 2:
			c.said(n.Args[len(n.Args)-1])
		case (name == "Count" || name == "count") && len(n.Args) >= 3:
			c.counted(n.Args[len(n.Args)-1])
		case name == "formatDate" && len(n.Args) == 4: // a layout, which a language may order otherwise
			c.add(n.Args[3], true)
		case name == "toBoth", name == "say", name == "fill":
			c.said(n.Args[0])
		}
	case *ast.CompositeLit:
		if typeOf(n) == "bot.To" {
			for _, e := range n.Elts {
				c.said(e.(*ast.KeyValueExpr).Value)
			}
		}
	case *ast.KeyValueExpr:
		key, ok := n.Key.(*ast.Ident)
		if !ok {
			return true
		}
		switch key.Name {
		case "About": // what a menu says of a command, or a flow to those who read it
			return false
		case "Label":
			c.add(n.Value, true)
		case "Ask", "Why", "Title", "Footer", "Loses":
			c.add(n.Value, false)
		}
	}
	return true
}

// said takes in what is said: a constant, one of a table, or something worked out elsewhere.
func (c *collector) said(e ast.Expr) {
	if c.add(e, false) {
		return
	}
	if i, ok := e.(*ast.IndexExpr); ok {
		if table, ok := i.X.(*ast.Ident); ok && c.table(c.known[table.Name], slices.Contains(phraseTables, table.Name)) {
			return
		}
	}
	c.dynamic = append(c.dynamic, c.fset.Position(e.Pos()).String())
}

// notSaid are functions whose first argument is no text for people: what a condition is called, a pattern, a fault.
var notSaid = []string{"cond", "MustCompile", "panic", "New", "Errorf"}

// literal takes in every other constant that reads like words, wherever it stands: words are often chosen in one place and said
// in another.
func (c *collector) literal(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.Field:
		return false
	case *ast.CallExpr:
		if name := called(n); name == "Count" || name == "count" { // the singular is English's own
			return false
		} else if slices.Contains(notSaid, name) {
			for _, arg := range n.Args[min(1, len(n.Args)):] {
				ast.Inspect(arg, c.literal)
			}
			return false
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); !ok || key.Name != "About" {
			ast.Inspect(n.Value, c.literal)
		}
		return false
	case *ast.CaseClause:
		for _, s := range n.Body {
			ast.Inspect(s, c.literal)
		}
		return false
	case *ast.IndexExpr:
		ast.Inspect(n.X, c.literal)
		return false
	case *ast.BinaryExpr:
		if n.Op != token.ADD {
			return n.Op == token.LAND || n.Op == token.LOR
		}
		return !c.words(n)
	case *ast.BasicLit:
		c.words(n)
	}
	return true
}

// words takes in a constant that reads like words: a sentence or a label, which begins as such and has a space.
func (c *collector) words(e ast.Expr) bool {
	english, ok := c.fold(e)
	if !ok || strings.TrimSpace(english) != english || strings.HasSuffix(english, "_") || !strings.Contains(english, " ") ||
		strings.ContainsAny(english, `%\\`) {
		return ok
	}
	first, _ := utf8.DecodeRuneInString(english)
	begins := unicode.IsUpper(first) || strings.ContainsRune("{“⏳✓●•–", first)
	at := c.at(e)
	known := slices.ContainsFunc(c.texts, func(x Text) bool { return x.At == at && x.English == english })
	if begins && !known && strings.ContainsFunc(bare.ReplaceAllString(english, ""), unicode.IsLetter) {
		c.texts = append(c.texts, Text{English: english, At: at, Loose: true})
	}
	return ok
}

// bare matches the {names} in words.
var bare = regexp.MustCompile(`\{[^{}]*\}`)

// heard are files whose constants are what people say to us, or what is said to whoever writes flows.
var heard = regexp.MustCompile(`/(?:hear_order_numbers|hear_quantity|parse_time|check)\.go$`)

// counted takes in what is said of {n} things.
func (c *collector) counted(e ast.Expr) {
	before := len(c.texts)
	c.said(e)
	for i := before; i < len(c.texts); i++ {
		c.texts[i].Counted = true
	}
}

// table takes in the words of a table, and of the tables in it.
func (c *collector) table(e ast.Expr, label bool) bool {
	all, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	for _, e := range all.Elts {
		value := e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			value = kv.Value
		}
		if !c.add(value, label) && !c.table(value, label) {
			return false
		}
	}
	return true
}

// add takes in a constant text; empty ones are no words.
func (c *collector) add(e ast.Expr, label bool) bool {
	english, ok := c.fold(e)
	if ok && english != "" {
		c.texts = append(c.texts, Text{English: english, At: c.at(e), Label: label})
	}
	return ok
}

// at is where an expression stands: "flows/case_terms.go:31".
func (c *collector) at(e ast.Expr) string {
	p := c.fset.Position(e.Pos())
	name, err := filepath.Rel(c.root, p.Filename)
	if err != nil {
		name = p.Filename
	}
	return filepath.ToSlash(name) + ":" + strconv.Itoa(p.Line)
}

// Constants returns the texts of a file's constants whose name begins with words: what an adapter says itself.
func Constants(file string) (map[string]string, error) {
	c := collector{fset: token.NewFileSet(), known: map[string]ast.Expr{}}
	parsed, err := parser.ParseFile(c.fset, file, nil, 0)
	if err != nil {
		return nil, fmt.Errorf("read the words of %s: %w", file, err)
	}
	c.names(parsed)
	all := map[string]string{}
	for name, value := range c.known {
		if english, ok := c.fold(value); ok && strings.HasPrefix(name, "words") {
			all[name] = english
		}
	}
	return all, nil
}

func called(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func typeOf(n *ast.CompositeLit) string {
	if s, ok := n.Type.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
	}
	return ""
}

// phraseTables are tables whose words are noun phrases or labels by what they are: where something stands, what happened.
var phraseTables = []string{
	"orderStageWords",
	"recordStateWords",
	"recordStateWordsForYou",
	"recordEventWords",
	"recordAheadWords",
	"windowWords",
	"methodLabels",
	"methodNames",
	"methodPlaces",
	"theParty",
	"boardParties",
	"boardKinds",
	"recordWords",
	"languageNames",
}
