package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// homes says where alone a library may be used: a folder or one file.
var homes = map[string]string{
	"github.com/looplab/fsm":                         "bot/turn/machine.go",
	"go.etcd.io/bbolt":                               "store/bolt",
	"github.com/tidwall/btree":                       "store/bolt",
	"github.com/jackc/pgx":                           "store/postgres",
	"github.com/pressly/goose":                       "store/postgres",
	"github.com/go-telegram/bot":                     "adapters/telegram",
	"golang.org/x/time":                              "adapters",
	"github.com/slack-go/slack":                      "adapters/slack",
	"github.com/gorilla/websocket":                   "adapters/slack",
	"github.com/rickar/cal":                          "flows/policies",
	"github.com/go-analyze/charts":                   "adapters/report",
	"github.com/minio/minio-go":                      "store/blob",
	"github.com/minio/sio":                           "store/encryption",
	"github.com/gabriel-vasile":                      "store/blob",
	"github.com/alecthomas/kong":                     "cmd/nevermind",
	"github.com/prometheus/client_golang":            "cmd/nevermind",
	"github.com/modelcontextprotocol/go-sdk":         "adapters/mcp",
	"github.com/danielgtaylor/huma":                  "adapters/shop/rest",
	"github.com/standard-webhooks/standard-webhooks": "adapters/shop",
}

// TestStar holds who may know whom: bot knows only the standard library, bot/turn knows bot and looplab, bot/engine knows
// both; flows, adapters and stores know bot and never each other; a platform's library stays in its adapter, a database's
// in its store. What a turn may not touch cannot be imported in bot/turn. Tests are free to cross the star, so that they
// can open a real store. The linter (depguard) says the same where an editor shows it.
func TestStar(t *testing.T) {
	files := 0
	eachImport(t, "../..", func(file, imported string) {
		files++
		if fault := forbidden(file, imported); fault != "" {
			t.Errorf("%s imports %s: %s", file, imported, fault)
		}
	})
	if files == 0 {
		t.Fatal("no imports seen: the test looks in the wrong place")
	}
}

// TestStarRefuses shows that the test would notice.
func TestStarRefuses(t *testing.T) {
	for _, c := range []struct {
		file, imported string
		fine           bool
	}{
		{"bot/store.go", "context", true},
		{"bot/view.go", "nevermind/bot/turn", false},
		{"bot/view.go", "nevermind/flows", false},
		{"bot/view.go", "github.com/looplab/fsm", false},
		{"bot/view.go", "github.com/google/uuid", false},
		{"bot/turn/machine.go", "github.com/looplab/fsm", true},
		{"bot/turn/machine.go", "context", true},
		{"bot/turn/decide.go", "nevermind/bot", true},
		{"bot/turn/decide.go", "context", false},
		{"bot/turn/decide.go", "os", false},
		{"bot/turn/decide.go", "net/http", false},
		{"bot/turn/decide.go", "math/rand/v2", false},
		{"bot/turn/decide.go", "crypto/rand", false},
		{"bot/turn/decide.go", "github.com/looplab/fsm", false},
		{"bot/turn/decide.go", "nevermind/bot/engine", false},
		{"bot/turn/decide.go", "nevermind/store/bolt", false},
		{"bot/replay/trial.go", "nevermind/bot/turn", true},
		{"bot/replay/trial.go", "context", false},
		{"bot/replay/trial.go", "nevermind/bot/engine", false},
		{"bot/turn/decide.go", "nevermind/bot/replay", false},
		{"bot/engine/read_lab.go", "nevermind/bot/replay", true},
		{"bot/engine/turns.go", "nevermind/bot/turn", true},
		{"bot/engine/turns.go", "nevermind/adapters/web", false},
		{"bot/engine/turns.go", "nevermind/flows", false},
		{"flows/case.go", "nevermind/bot/turn", false},
		{"adapters/web/page.go", "nevermind/bot/engine", false},
		{"flows/case.go", "nevermind/bot", true},
		{"flows/flows.go", "nevermind/flows/policies", true},
		{"flows/policies/load.go", "nevermind/flows", false},
		{"flows/case.go", "nevermind/store/bolt", false},
		{"adapters/web/page.go", "nevermind/adapters/shop", false},
		{"adapters/web/page.go", "nevermind/flows", false},
		{"adapters/shop/book.go", "nevermind/bot", true},
		{"adapters/web/page.go", "nevermind/flows/drawing", false},
		{"flows/drawing/dot.go", "nevermind/bot", true},
		{"flows/drawing/dot.go", "nevermind/flows", false},
		{"adapters/shop/rest/orders.go", "nevermind/adapters/shop", true},
		{"adapters/shop/hook/send.go", "nevermind/adapters/shop/rest", true},
		{"adapters/shop/rest/orders.go", "nevermind/adapters/web", false},
		{"adapters/shop/orders.go", "github.com/danielgtaylor/huma/v2", false},
		{"store/storetest/run.go", "nevermind/store/bolt", false},
		{"store/bolt/open.go", "go.etcd.io/bbolt", true},
		{"store/bolt/open.go", "nevermind/adapters/web", false},
		{"store/postgres/commit.go", "nevermind/store/record", true},
		{"store/postgres/commit.go", "nevermind/store/bolt", false},
		{"store/bolt/commit.go", "github.com/jackc/pgx/v5", false},
		{"adapters/slack/in.go", "github.com/go-telegram/bot/models", false},
		{"cmd/nevermind/house.go", "nevermind/store/bolt", true},
		{"cmd/nevermind/house.go", "go.etcd.io/bbolt", false},
		{"adapters/web/page.go", "nevermind/cmd/nevermind", false},
	} {
		if got := forbidden(c.file, c.imported) == ""; got != c.fine {
			t.Errorf("%s imports %s: fine is %v, want %v", c.file, c.imported, got, c.fine)
		}
	}
}

// forbidden says why a file may not import a package; nothing where it may.
func forbidden(file, imported string) string {
	for library, home := range homes {
		if within(imported, library) && !within(file, home) {
			return "only " + home + " may"
		}
	}
	point, _, _ := strings.Cut(file, "/")
	ours, inside := strings.CutPrefix(imported, "nevermind/")
	if point == "bot" {
		return forbiddenInBot(file, imported)
	}
	switch {
	case point == "cmd" || !inside:
		return ""
	case ours == "bot", point == "store" && ours == "store/record", inFlows(file, ours),
		point != "flows" && within(ours, path.Dir(file)), oneAdapter(file, ours):
		return ""
	default:
		return "the points of the star know bot and not each other"
	}
}

// untouchable is what a turn may not touch: the outside world, the clock of others, and chance.
var untouchable = []string{
	"context",
	"os",
	"io",
	"net",
	"syscall",
	"math/rand",
	"crypto/rand",
	"log",
	"time/tzdata",
	"testing",
}

// forbiddenInBot says why a file of bot's rooms may not import a package.
func forbiddenInBot(file, imported string) string {
	room := path.Dir(file)
	rooms := map[string][]string{
		"bot":        nil,
		"bot/turn":   {"nevermind/bot"},
		"bot/replay": {"nevermind/bot", "nevermind/bot/turn"},
		"bot/engine": {"nevermind/bot", "nevermind/bot/turn", "nevermind/bot/replay"},
	}
	switch {
	case slices.Contains(rooms[room], imported),
		file == homes["github.com/looplab/fsm"] && (imported == "github.com/looplab/fsm" || imported == "context"):
		return ""
	case strings.Contains(imported, ".") || strings.HasPrefix(imported, "nevermind/"):
		return room + " knows only the standard library and " + strings.Join(rooms[room], ", ")
	case (room == "bot/turn" || room == "bot/replay") &&
		slices.ContainsFunc(untouchable, func(u string) bool { return within(imported, u) }):
		return "a turn only decides, and so does its replay: no clock, network, store or dice"
	}
	return ""
}

// inFlows says whether what trains imports what understands, or a file of the flows imports the policies, the words, what
// understands people or the reader of transcripts beside it.
func inFlows(file, ours string) bool {
	return path.Dir(file) == "flows/understand/train" && ours == "flows/understand" ||
		path.Dir(file) == "flows" &&
			slices.Contains([]string{"flows/policies", "flows/understand", "flows/words", "flows/transcript"}, ours)
}

// oneAdapter says whether both belong to one adapter, whose parts may know each other.
func oneAdapter(file, ours string) bool {
	parts := strings.Split(file, "/")
	return parts[0] == "adapters" && len(parts) > 2 && within(ours, strings.Join(parts[:2], "/"))
}

func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

func eachImport(t *testing.T, root string, visit func(file, imported string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		for _, i := range parsed.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			visit(filepath.ToSlash(file), imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
