package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// scalarKeys are the attributes whose values are times, durations, truths and counts: those stay whatever their key.
var scalarKeys = []string{
	"attempt",
	"away",
	"bytes",
	"cases",
	"cases_anew",
	"cases_touched",
	"entries",
	"files",
	"records",
	"since",
	"support_channel",
	"told",
	"tries",
	"until",
}

// TestLogKeys holds that whatever any part logs stands in a list of keys: an attribute in none is left out of every line.
func TestLogKeys(t *testing.T) {
	listed := slices.Concat(plainKeys, programKeys, reasonKeys, traceKeys, scalarKeys)
	seen := 0
	for place, key := range loggedKeys(t, "../..") {
		seen++
		if !slices.Contains(listed, key) {
			t.Errorf("%s: %q is in no list of log_redaction.go, so its value is left out", place, key)
		}
	}
	if seen == 0 {
		t.Fatal("no keys seen: the test looks in the wrong place")
	}
}

// loggedKeys are the keys of all attributes that the program logs, by where they stand.
func loggedKeys(t *testing.T, root string) map[string]string {
	t.Helper()
	keys, files := map[string]string{}, token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isLogCall(call) {
				for i := 1; i < len(call.Args); i++ {
					arg := call.Args[i]
					if attr, ok := arg.(*ast.CallExpr); ok && len(attr.Args) > 0 { // slog.Any("key", value)
						arg = attr.Args[0]
					} else {
						i++ // the value
					}
					if key, ok := arg.(*ast.BasicLit); ok {
						name, _ := strconv.Unquote(key.Value)
						keys[files.Position(key.Pos()).String()] = name
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// isLogCall says whether a call writes a line of the log.
func isLogCall(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, f.Sel.Name) {
		return false
	}
	switch x := f.X.(type) {
	case *ast.Ident:
		return strings.EqualFold(x.Name, "log")
	case *ast.SelectorExpr:
		return strings.EqualFold(x.Sel.Name, "log")
	}
	return false
}
