package flows_test

import (
	_ "embed"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// text is one English text that the product hands to its catalog of words, found in its source.
type text struct {
	english string
	at      string // "flows/case_terms.go:31"
	label   bool   // it stands on a button, is an answer to choose from, or stands in one of phraseTables
}

// wordsFrom are the folders whose Go files say something to people, through the catalog.
var wordsFrom = []string{".", "../bot/turn"}

// allTexts finds every text by where it stands: what is said (Say, Count), told (bot.To), offered (Label), asked (Ask, Why),
// heads or ends a message (Title, Footer), and the tables that code looks words up in.
func allTexts(t *testing.T) (texts []text, dynamic []string) {
	t.Helper()
	for _, folder := range wordsFrom {
		c := collector{fset: token.NewFileSet(), known: map[string]ast.Expr{}}
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var files []*ast.File
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(c.fset, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
			c.names(file)
		}
		for _, file := range files {
			ast.Inspect(file, c.visit)
		}
		texts, dynamic = append(texts, c.texts...), append(dynamic, c.dynamic...)
	}
	slices.SortFunc(texts, func(a, b text) int { return strings.Compare(a.at, b.at) })
	return texts, dynamic
}

// collector walks the source of one package.
type collector struct {
	fset    *token.FileSet
	known   map[string]ast.Expr // constants and variables of the package
	texts   []text
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
		case name == "Count" && len(n.Args) == 4:
			c.said(n.Args[3])
		case name == "toBoth", name == "say", name == "sayf":
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
		p := c.fset.Position(e.Pos())
		c.texts = append(c.texts, text{english, filepath.ToSlash(p.Filename) + ":" + strconv.Itoa(p.Line), label})
	}
	return ok
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
var phraseTables = []string{"orderStageWords", "recordStateWords", "recordStateWordsForYou", "recordEventWords",
	"recordAheadWords", "windowWords", "methodLabels", "methodNames",
	"methodPlaces", "theParty", "boardParties", "boardKinds", "recordWords"}

//go:embed words/phrases.txt
var phrases string

// TestFragments refuses a text that no translator could use: a text is a sentence, a label, or a listed phrase.
func TestFragments(t *testing.T) {
	texts, _ := allTexts(t)
	listed := strings.Split(phrases, "\n")
	var fragments []string
	for _, x := range texts {
		if strings.Count(x.english, "{") != strings.Count(x.english, "}") {
			t.Errorf("%s: a brace is not closed in %q", x.at, x.english)
		}
		if !x.label && !isSentence(x.english) && !slices.Contains(listed, x.english) {
			fragments = append(fragments, x.at+": "+x.english)
		}
	}
	if len(texts) < 1000 {
		t.Fatalf("only %d texts are seen: the test looks in the wrong place", len(texts))
	}
	t.Logf("%d texts, of which %d are fragments", len(texts), len(fragments))
	if len(fragments) > 0 {
		t.Errorf("%d fragments, which no translator could use:\n%s", len(fragments), strings.Join(fragments, "\n"))
	}
}

// isSentence says whether a text begins and ends as sentences do: neither glued to what stands before it nor to what follows.
func isSentence(english string) bool {
	r := []rune(english)
	begins := strings.ContainsRune("{“⏳✓●•–/", r[0]) || unicode.IsUpper(r[0]) || unicode.IsDigit(r[0])
	return strings.TrimSpace(english) == english && begins && strings.ContainsRune(".?!:}”", r[len(r)-1])
}

func TestIsSentence(t *testing.T) {
	for english, want := range map[string]bool{
		"I have asked {seller}.": true, "{seller} agreed.": true, "• Paid: {total}": true, "Why?": true, "Where you both stand:": true,
		", which is too little by ": false, " It has shipped.": false, "on ": false, "the case closes": false, "Sent to": false,
	} {
		if got := isSentence(english); got != want {
			t.Errorf("%q: got %v, want %v", english, got, want)
		}
	}
}
