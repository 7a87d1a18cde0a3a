package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/bot"
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

// TestImportRefusedOrders: an order that does not go with the one held is its own line's fault, and every other line is kept.
func TestImportRefusedOrders(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	held := order("900001", "b-9")
	command(t, held+"\n", "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	seller := regexp.MustCompile(`"seller_id": ?"[^"]*"`)
	if !seller.MatchString(held) {
		t.Fatal("the order names no seller")
	}
	var lines strings.Builder
	for i := range 300 {
		if i%100 == 1 {
			fmt.Fprintln(&lines, seller.ReplaceAllString(held, `"seller_id":"s-other"`))
			continue
		}
		fmt.Fprintln(&lines, order(fmt.Sprint(900100+i), "b-9"))
	}
	r := command(t, lines.String(), "import", "-", "--data", data)
	r.want(t, exitFailed, "297 orders kept, 3 bad lines", "line 2: seller", "line 102: seller", "line 202: seller")
	if n := strings.Count(r.errs, "line "); n != 3 || strings.Contains(r.errs, "ended early") {
		t.Errorf("%d lines are blamed: %s", n, r.errs)
	}
}

// TestImportEndsByStore: only an error of the store ends an import, and it names the line whose order met it.
func TestImportEndsByStore(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	run := &importRun{ctx: t.Context(), say: func(imported) {}, told: time.Now(),
		put: func(_ context.Context, o bot.Order) error {
			if o.ID == "900002" {
				return full
			}
			return nil
		}}
	var lines strings.Builder
	for i := range 3000 {
		fmt.Fprintln(&lines, order(fmt.Sprint(900000+i), "b-9"))
	}
	end := run.all(strings.NewReader(lines.String()), "-", nil)
	if end.Error != "line 3: the disk is full" || end.Bad != 0 || end.Orders == 3000 {
		t.Errorf("the import ends with %+v", end)
	}
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

// TestImportOfAnExport: an export's orders are imported, and nothing of one that was cut or changed.
func TestImportOfAnExport(t *testing.T) {
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "all.ndjson")
	command(t, order("900001", "b-9")+"\n"+order("900002", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	all := command(t, "", "export", "--data", data)
	all.want(t, exitDone)
	write(t, file, all.out)
	command(t, "", "verify", file).want(t, exitDone, "whole, ", "signed by nobody")
	command(t, "", "import", file, "--data", t.TempDir()).want(t, exitDone, "2 orders kept, 0 bad lines")
	elsewhere := t.TempDir()
	for what, text := range map[string]string{
		"changed": strings.Replace(all.out, "Bamboo", "Bambus", 1), "cut": all.out[:len(all.out)-20],
		"without a line": all.out[:strings.Index(all.out, "\n")+1] + all.out[strings.LastIndex(all.out, `{"kind":"end"`):],
	} {
		t.Log(what)
		write(t, file, text)
		command(t, "", "verify", file).want(t, exitFailed, "the export is not as it was written")
		command(t, "", "import", file, "--data", elsewhere).want(t, exitFailed, "nothing was imported")
	}
	command(t, "/quit\n", "chat", "--as", "b-9", "--data", elsewhere).want(t, exitFailed, "there is nothing in")
}
