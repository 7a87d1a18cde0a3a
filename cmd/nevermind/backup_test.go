package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// lines is an export by kind.
func exportOf(t *testing.T, args ...string) map[string][]string {
	t.Helper()
	r := command(t, "", append([]string{"export"}, args...)...)
	r.want(t, exitDone)
	all := map[string][]string{}
	for line := range strings.Lines(r.out) {
		var head struct{ Kind string }
		if err := json.Unmarshal([]byte(line), &head); err != nil || head.Kind == "" {
			t.Fatalf("a line without a kind: %v %s", err, line)
		}
		all[head.Kind] = append(all[head.Kind], strings.TrimSuffix(line, "\n"))
	}
	return all
}

// cancels walks a buyer to an open case.
func cancels(t *testing.T, data, buyer, id string) ran {
	t.Helper()
	return command(t, id+"\nCancel this order\n1\n1\n", "chat", "--as", buyer, "--data", data)
}

// TestBackupBesideAServer takes a backup while people talk and orders come in, restores it elsewhere, and wants both to be
// the same up to that moment.
func TestBackupBesideAServer(t *testing.T) {
	t.Parallel()
	data, backup := t.TempDir(), filepath.Join(t.TempDir(), "b.zip")
	d := demo(t, data)
	var load sync.WaitGroup
	half := make(chan bool, 8)
	for n := range 4 {
		load.Go(func() {
			for i := range 6 {
				id, buyer := fmt.Sprint(910000+100*n+i), fmt.Sprint("b-load-", n)
				command(t, order(id, buyer), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
				cancels(t, data, buyer, id).want(t, exitDone, "Thank you")
				if i == 2 {
					half <- true
				}
			}
		})
	}
	for range 4 {
		<-half
	}
	command(t, "", "backup", backup, "--data", data).want(t, exitDone, "holds", "as of")
	load.Wait()
	info, err := os.Stat(backup)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: got %v (%v), want it the owner's alone", info, err)
	}
	then, now := exportOf(t, "--from", backup, "--data", data), exportOf(t, "--data", data)
	command(t, "", "restore", backup, "--data", data, "--replace").want(t, exitFailed, "runs on")
	d.stop().want(t, exitDone)

	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	lendKey(t, data, elsewhere)
	command(t, "", "restore", backup, "--data", elsewhere).want(t, exitDone, "Restored", "no deadline fires")
	again := exportOf(t, "--data", elsewhere)
	if len(then["order"]) < 12 || len(then["journal"]) < 12 || len(now["journal"]) <= len(then["journal"]) {
		t.Fatalf(
			"%d orders and %d lines of journals then, %d now: that is no load",
			len(then["order"]),
			len(then["journal"]),
			len(now["journal"]),
		)
	}
	for _, kind := range []string{"export", "order", "person", "conversation", "deadline", "journal", "done", "message", "policy"} {
		got, want := withoutOperators(again[kind]), then[kind]
		if !slices.Equal(got, want) {
			t.Errorf("%s: restored are %d lines, %d were backed up; first unlike:\n%s", kind, len(got), len(want), firstUnlike(got, want))
		}
	}
	if got, want := len(
		again["dead_letter"],
	), len(
		then["outbox"],
	)+len(
		then["dead_letter"],
	); got != want ||
		len(again["outbox"]) > 0 {
		t.Errorf("set aside: got %d and %d that wait, want %d and none", got, len(again["outbox"]), want)
	}
	for _, kind := range []string{"journal", "message"} { // what only grows: the backup is a prefix of it
		for _, line := range then[kind] {
			if !slices.Contains(now[kind], line) {
				t.Errorf("the backup holds what the store does not: %s", line)
			}
		}
	}
	if out := command(t, "", "export", "--data", elsewhere).out; out != command(t, "", "export", "--data", elsewhere).out {
		t.Error("two exports of one store differ")
	}
}

func withoutOperators(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(s string) bool { return strings.Contains(s, `"operators/acts"`) })
}

func firstUnlike(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] + "\n" + b[i]
		}
	}
	return "the rest"
}

// TestRestoredWaitsForItsOperator: news that a backup held untold moves nothing until somebody puts it back.
func TestRestoredWaitsForItsOperator(t *testing.T) {
	t.Parallel()
	data, backup := t.TempDir(), filepath.Join(t.TempDir(), "b.zip")
	command(t, order("920001", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	name := caseName.FindString(cancels(t, data, "b-9", "920001").out)
	shipped := strings.Replace(order("920001", "b-9"), `"processing"`, `"shipped"`, 1)
	command(t, shipped, "import", "-", "--data", data).want(t, exitDone, "1 order kept") // nobody is there to tell the case
	command(t, "", "backup", backup, "--data", data).want(t, exitDone)
	command(t, "", "deadletter", "list", "--data", data).want(t, exitDone, "Nothing is set aside.")

	elsewhere := t.TempDir()
	lendKey(t, data, elsewhere)
	later(t, time.Hour, "", "restore", backup, "--data", elsewhere).want(t, exitDone, "1 task unsent")
	list := command(t, "", "deadletter", "list", "--data", elsewhere)
	list.want(t, exitDone, "order_shipped", name, "restored")
	id := regexp.MustCompile(`news:\S+`).FindString(list.out)
	later(t, 30*time.Hour, "my requests\n", "chat", "--as", "b-9", "--data", elsewhere).want(t, exitDone)
	before := exportOf(t, "--data", elsewhere)
	if len(before["dead_letter"]) != 1 || !strings.Contains(list.out, id) ||
		!strings.Contains(command(t, "", "deadletter", "list", "--json", "--data", elsewhere).out, before["dead_letter"][0]) {
		t.Errorf("dead letters: got %v", before["dead_letter"])
	}
	command(t, "", "deadletter", "retry", id, "--why", "the order did ship", "--data", elsewhere).want(t, exitDone, "is tried again")
	after := ""
	for end := time.Now().Add(patience); !strings.Contains(after, `"name":"order_shipped"`) && time.Now().Before(end); {
		later(t, 31*time.Hour, "my requests\n", "chat", "--as", "b-9", "--data", elsewhere).want(t, exitDone)
		after = strings.Join(exportOf(t, "--data", elsewhere)["journal"], "\n")
	}
	for _, text := range []string{`"name":"order_shipped"`, `"name":"task_put_back"`, "the order did ship", `"name":"restored"`} {
		if !strings.Contains(after, text) {
			t.Errorf("no journal says %s", text)
		}
	}
	command(t, "", "replay", name, "--data", elsewhere).want(t, exitDone, "every one the same")
	command(t, "", "deadletter", "retry", id, "--data", elsewhere).want(t, exitFailed, "not set aside")
	command(t, "", "deadletter", "drop", "nothing", "--why", "x", "--data", elsewhere).want(t, exitFailed, "no such task")
	command(t, "", "deadletter", "drop", id, "--data", elsewhere).want(t, exitWrongUse, "--why")
	command(t, "", "deadletter", "retry", "--data", elsewhere).want(t, exitWrongUse, "--all")
}

func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "b.zip")
	command(t, "", "backup", file, "--data", data).want(t, exitFailed, "there is nothing in")
	command(t, order("930001", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	command(t, "", "backup", filepath.Join(data, "no", "such", "folder.zip"), "--data", data).want(t, exitFailed)
	command(t, "", "backup", file, "--data", data).want(t, exitDone, "1 order, 2 people, 0 conversations and 0 files")
	command(t, "", "backup", file, "--data", data).want(t, exitFailed, "there already", "--replace")
	command(t, "", "backup", file, "--data", data, "--replace").want(t, exitDone)
	left, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(left) != 1 {
		t.Errorf("besides the backup there are %v (%v)", left, err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	data, dir := t.TempDir(), t.TempDir()
	file := filepath.Join(dir, "b.zip")
	command(t, order("940001", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	command(t, "", "backup", file, "--data", data).want(t, exitDone)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(dir, "elsewhere")
	try := func(bytes []byte, says string) {
		t.Helper()
		bad := filepath.Join(dir, "bad.zip")
		write(t, bad, string(bytes))
		command(t, "", "restore", bad, "--data", elsewhere).want(t, exitFailed, says)
		if _, err := os.Stat(filepath.Join(elsewhere, "nevermind.db")); err == nil {
			t.Errorf("%s: something was put in place", says)
		}
	}
	try(whole, "the key is missing or wrong")
	lendKey(t, data, elsewhere)
	try(nil, "no backup of ours")
	try([]byte("a letter"), "no backup of ours")
	try(whole[:len(whole)-100], "cut short")
	for _, at := range []int{5000, 20000, 30000} {
		flipped := slices.Clone(whole)
		flipped[at] ^= 4
		try(flipped, "cannot be restored, and nothing was changed")
	}
	try(repack(t, whole, "nevermind.db", func([]byte) []byte { return []byte("not a database at all") }), "cannot be restored")
	try(
		repack(
			t,
			whole,
			"backup.json",
			func(b []byte) []byte { return bytes.Replace(b, []byte(`"orders": 1`), []byte(`"orders": 2`), 1) },
		),
		"damaged",
	)
	try(
		repack(
			t,
			whole,
			"backup.json",
			func(b []byte) []byte { return bytes.Replace(b, []byte(`"format": 1`), []byte(`"format": 2`), 1) },
		),
		"newer",
	)
	try(repack(t, whole, "backup.json", nil), "no backup of ours")
	try(repack(t, whole, "../evil", func([]byte) []byte { return []byte("x") }), "does not belong")

	command(t, "", "restore", file, "--data", data).want(t, exitFailed, "there already", "--replace")
	command(t, order("940002", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	command(t, "", "restore", file, "--data", data, "--replace").want(t, exitDone, "1 order, 2 people", "is kept as")
	if n := len(exportOf(t, "--data", data)["order"]); n != 1 {
		t.Errorf("restored over two orders: got %d, want the backup's one", n)
	}
	kept, err := filepath.Glob(filepath.Join(data, "nevermind.db.replaced-*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("what was there before: got %v (%v)", kept, err)
	}
	if n := len(exportOf(t, "--data", data, "--store", "bolt:"+kept[0])["order"]); n != 2 {
		t.Errorf("what was there before holds %d orders, want 2", n)
	}
	write(t, filepath.Join(elsewhere, "nevermind.db"), "damaged beyond hope")
	command(t, "", "restore", file, "--data", elsewhere, "--replace").want(t, exitDone)
}

// repack changes one part of an archive, adds it where it is not there, or leaves it out.
func repack(t *testing.T, whole []byte, name string, change func([]byte) []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z, seen := zip.NewWriter(&out), false
	put := func(name string, text []byte) {
		part, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store}) // as a backup has them
		if err == nil {
			_, err = part.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == name {
			if seen = true; change == nil {
				continue
			}
			text = change(text)
		}
		put(f.Name, text)
	}
	if !seen {
		put(name, change(nil))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestKeepingBesideServe: every command works while the server has the store, and nothing of it is opened twice.
func TestKeepingBesideServe(t *testing.T) {
	t.Parallel()
	data, dir := t.TempDir(), t.TempDir()
	s, log := serveOn(t, data, "--api-key", apiKey)
	command(t, order("950001", "b-9"), "import", "-", "--data", data).want(t, exitDone)
	cancels(t, data, "b-9", "950001").want(t, exitDone, "Thank you")
	backup := filepath.Join(dir, "b.zip")
	command(t, "", "backup", backup, "--data", data).want(t, exitDone, "1 order, 2 people")
	if all := exportOf(t, "--data", data); len(all["order"]) != 1 || len(all["journal"]) == 0 {
		t.Errorf("export: got %d orders and %d lines of journals", len(all["order"]), len(all["journal"]))
	}
	command(t, "", "deadletter", "list", "--data", data).want(t, exitDone, "Nothing is set aside.")
	command(t, "", "deadletter", "retry", "--all", "--data", data).want(t, exitDone, "0 tasks put back")
	command(t, "", "restore", backup, "--data", data, "--replace").want(t, exitFailed, "stop it first")
	lendKey(t, data, dir)
	command(
		t,
		"",
		"restore",
		backup,
		"--data",
		dir,
		"--store",
		"bolt:"+filepath.Join(data, "nevermind.db"),
		"--replace",
	).want(t, exitFailed, "stop it first")
	s.stop().want(t, exitDone)
	if strings.Contains(log.String(), "950001") {
		t.Errorf("the log names an order: %s", log)
	}
}

// TestScratchIsTidied: what a killed command left goes with a later one, what another is at work on does not.
func TestScratchIsTidied(t *testing.T) {
	dir := t.TempDir()
	old, fresh, foreign := filepath.Join(dir, scratchName+"1"), filepath.Join(dir, scratchName+"2"), filepath.Join(dir, "other")
	for _, folder := range []string{old, fresh, foreign} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{old, foreign} {
		if err := os.Chtimes(folder, time.Now(), time.Now().Add(-25*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	_, forget, err := scratchFolder(dir)
	if err != nil || forget() != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("left: %v (%v), want the fresh one and the foreign one", left, err)
	}
}
