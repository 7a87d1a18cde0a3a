package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// logLine is a line of the log as the code writes it.
type logLine struct {
	place, level, msg string
	keys              []string
	open              bool // it has an attribute whose key is not written where the line is
}

// loggers are the names by which the code holds a *slog.Logger.
var loggers = []string{"log", "Log", "said", "quiet"}

// loggedLines are all lines that the program can write.
func loggedLines(t *testing.T) (lines []logLine) {
	t.Helper()
	files := token.NewFileSet()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.HasSuffix(filepath.Dir(path), "test") { // telegramtest and its like log as tests do
			return err
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				for _, name := range n.Names {
					if isLogger(n.Type) && !slices.Contains(loggers, name.Name) {
						t.Errorf("%s: a logger is called %s, and the tests of the log do not know that name", path, name.Name)
					}
				}
			case *ast.CallExpr:
				if level, ok := logCall(n); ok {
					line := logLine{place: files.Position(n.Pos()).String(), level: level, msg: constantIn(filepath.Dir(path), n.Args[0])}
					line.keys, line.open = attributes(n.Args[1:])
					lines = append(lines, line)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || len(lines) < 80 {
		t.Fatalf("%d lines (%v): the test looks in the wrong place", len(lines), err)
	}
	return lines
}

// isLogger says whether a type is *slog.Logger.
func isLogger(e ast.Expr) bool {
	star, ok := e.(*ast.StarExpr)
	if !ok {
		return false
	}
	of, ok := star.X.(*ast.SelectorExpr)
	return ok && of.Sel.Name == "Logger"
}

// logCall says at what level a call writes a line of the log, if it does.
func logCall(call *ast.CallExpr) (level string, ok bool) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || !slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, f.Sel.Name) {
		return "", false
	}
	name := ""
	switch x := f.X.(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	}
	return strings.ToUpper(f.Sel.Name), slices.Contains(loggers, name)
}

// attributes are the keys of a line's attributes.
func attributes(args []ast.Expr) (keys []string, open bool) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		attr, isCall := arg.(*ast.CallExpr)
		switch {
		case isCall && len(attr.Args) > 0: // slog.Any("key", value)
			arg = attr.Args[0]
		case isCall:
			open = true
			continue
		default:
			i++ // the value
		}
		if key, ok := arg.(*ast.BasicLit); ok {
			name, _ := strconv.Unquote(key.Value)
			keys = append(keys, name)
		}
	}
	return keys, open
}

// constantIn is a text that is written out, or a constant of its package; "" where it is neither.
func constantIn(folder string, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	case *ast.BinaryExpr:
		return constantIn(folder, e.X) + constantIn(folder, e.Y)
	case *ast.Ident:
		if e.Obj == nil {
			return constants(folder)[e.Name]
		}
		if v, ok := e.Obj.Decl.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
			return constantIn(folder, v.Values[slices.IndexFunc(v.Names, func(n *ast.Ident) bool { return n.Name == e.Name })])
		}
	}
	return ""
}

// constants are the texts that a folder's files name for all of them.
func constants(folder string) map[string]string {
	found := map[string]string{}
	names, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			continue
		}
		for name, o := range file.Scope.Objects {
			if v, ok := o.Decl.(*ast.ValueSpec); ok && o.Kind == ast.Con && len(v.Values) == 1 {
				found[name] = constantIn(folder, v.Values[0])
			}
		}
	}
	return found
}

// scalarKeys are the attributes whose values are times, durations, truths and counts: those stay whatever their key.
var scalarKeys = []string{"attempt", "away", "bytes", "cases", "cases_anew", "cases_touched", "entries", "files", "records",
	"since", "support_channel", "told", "tries", "until"}

// TestLogKeys: whatever any part logs stands in a list of keys; an attribute in none is left out of every line.
func TestLogKeys(t *testing.T) {
	t.Parallel()
	listed := slices.Concat(plainKeys, programKeys, reasonKeys, traceKeys, scalarKeys)
	for _, line := range loggedLines(t) {
		for _, key := range line.keys {
			if !slices.Contains(listed, key) {
				t.Errorf("%s: %q is in no list of log_redaction.go, so its value is left out", line.place, key)
			}
		}
	}
}

var loggedRow = regexp.MustCompile("(?m)^\\| `(\\{.*?\\})` \\| (.+) \\| (.+) \\|$")

// TestLogPage: docs/logs.md has every line that the program writes above debug, with its level and its keys, and no other.
func TestLogPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/logs.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string][]string{} // the keys, by level and message
	for _, row := range loggedRow.FindAllStringSubmatch(string(page), -1) {
		var sample map[string]any
		if err := json.Unmarshal([]byte(row[1]), &sample); err != nil {
			t.Errorf("%s: %v", row[1], err)
			continue
		}
		name, keys := lineName(sample["level"].(string), sample["msg"].(string)), []string{}
		for key := range sample {
			if key != "level" && key != "msg" {
				keys = append(keys, key)
			}
		}
		if shown[name] != nil {
			t.Errorf("docs/logs.md has %q twice", name)
		}
		slices.Sort(keys)
		shown[name] = keys
	}
	written := map[string]bool{}
	for _, line := range loggedLines(t) {
		if line.level == "DEBUG" {
			continue
		}
		name := lineName(line.level, line.msg)
		written[name] = true
		slices.Sort(line.keys)
		switch got := shown[name]; {
		case got == nil:
			t.Errorf("%s: docs/logs.md has no line %q", line.place, name)
		case !line.open && !slices.Equal(got, line.keys):
			t.Errorf("docs/logs.md has %q with %q, the code with %q", name, got, line.keys)
		}
	}
	for name := range shown {
		if !written[name] {
			t.Errorf("docs/logs.md has %q, which nothing writes", name)
		}
	}
}

var shownMessage = regexp.MustCompile(`"msg":"([^"]+)"`)

// TestLogSamples: what docs/operations.md shows of the log is what the program writes.
func TestLogSamples(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	shown, written := shownMessage.FindAllStringSubmatch(string(page), -1), loggedLines(t)
	if len(shown) < 7 {
		t.Fatalf("the page shows %d lines", len(shown))
	}
	for _, m := range shown {
		if !slices.ContainsFunc(written, func(l logLine) bool { return l.msg == m[1] }) {
			t.Errorf("the program never logs %q", m[1])
		}
	}
}

func lineName(level, msg string) string { return level + " " + msg }
