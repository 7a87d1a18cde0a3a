package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/shop/hook/hooktest"
)

func order(id, buyer string) string { return hooktest.Order(id, buyer) }

func TestImport(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	good := order("900001", "b-9") + "\n" + order("900002", "b-9") + "\n"
	command(t, good, "import", "-", "--data", data).want(t, exitDone, "2 orders kept, 0 bad lines")

	bad := order("900003", "b-10") + "\nnot an order\n" + strings.Replace(order("900004", "b-10"), "24.90", "24.901", 1) + "\n"
	r := command(t, bad, "import", "-", "--data", data)
	r.want(t, exitFailed, "1 order kept, 2 bad lines")
	for _, text := range []string{"line 2: ", "line 3: ", "total"} {
		if !strings.Contains(r.errs, text) {
			t.Errorf("standard error does not say %q: %s", text, r.errs)
		}
	}
	command(t, "/quit\n", "chat", "--as", "b-10", "--data", data).want(t, exitDone, "You are b-10.")
	command(t, "/quit\n", "chat", "--as", "b-11", "--data", data).want(t, exitFailed, "no buyer")
}

// TestImportManyOfOne: all orders name the same seller and buyer, whom nobody knows yet.
func TestImportManyOfOne(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	for i := range 300 {
		fmt.Fprintln(&lines, order(fmt.Sprint(900000+i), "b-9"))
	}
	command(t, lines.String(), "import", "-", "--data", t.TempDir()).want(t, exitDone, "300 orders kept, 0 bad lines")
}

func TestImportFile(t *testing.T) {
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "orders.csv")
	write(t, file, "\ufeffid,buyer_id,seller_id,stage,placed_at,currency,total,item_title,item_quantity,item_price\n"+
		"900001,b-9,s-9,unpaid,2026-11-20T09:00:00Z,USD,24.90,\"Lamp, \"\"Moon\"\"\",1,22.40\n"+
		"900002,b-9,s-9,lost,2026-11-20T09:00:00Z,USD,24.90,Lamp,1,22.40\n")
	command(t, "", "import", file, "--data", data).want(t, exitFailed, "1 order kept, 1 bad line", "line 3: stage")
	write(t, file, "note,id,buyer_id,buyer_name,seller_id,stage,placed_at,currency,total,item_title,item_quantity,item_price\n"+
		"mine,900005,b-12,Ana Torres,s-9,unpaid,2026-11-20T09:00:00Z,USD,24.90,Lamp,1,22.40\n")
	command(t, "", "import", file, "--data", data).want(t, exitDone, "1 order kept, 0 bad lines", "line 1: ignored", "note")
	command(t, "/quit\n", "chat", "--as", "b-12", "--data", data).want(t, exitDone, "You are Ana Torres (b-12).")
	command(t, "", "import", filepath.Join(data, "none.csv"), "--data", data).want(t, exitFailed, "none.csv")
	command(t, "", "import", data, "--data", data).want(t, exitFailed, "folder")
	write(t, file, "")
	command(t, "", "import", file, "--data", data).want(t, exitFailed, "ended early", "empty")
}

func TestImportIntoRunningDemo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	demo(t, data)
	command(t, order("900001", "b-9")+"\n", "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	command(t, "/quit\n", "chat", "--as", "b-9", "--data", data).want(t, exitDone, "You are b-9.")
}

func TestNothingThereYet(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	command(t, "", "chat", "--as", "b-1", "--data", data).want(t, exitFailed, "there is nothing in", "import")
	command(t, "", "replay", "C-1", "--data", data).want(t, exitFailed, "there is nothing in")
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("asking made the folder: %v", err)
	}
}
