package main

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/store/postgres"
	"nevermind/store/postgres/postgrestest"
)

// houseKeyText is a key as it is set.
var houseKeyText = base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))

// inDatabase are the settings of an empty database and of another for its key ring.
func inDatabase(t *testing.T) []string {
	t.Helper()
	return []string{"--store", postgrestest.URL(t), "--keyring", postgrestest.URL(t), "--key", houseKeyText}
}

// TestPostgresSettings: what a database needs is wanted before anything is opened.
func TestPostgresSettings(t *testing.T) {
	t.Parallel()
	data, at := t.TempDir(), "postgres://me:hidden@127.0.0.1:1/x"
	r := command(t, "", "import", "-", "--data", data, "--store", at)
	r.want(t, exitWrongUse, "NEVERMIND_KEY: has to be set", "NEVERMIND_KEYRING: has to be set")
	if _, err := os.Stat(data + ".key"); err == nil {
		t.Error("a key was made")
	}
	command(t, "", "import", "-", "--data", data, "--store", at, "--keyring", at, "--key", houseKeyText).want(t, exitWrongUse,
		"is the store's own database")
	command(t, "", "import", "-", "--data", data, "--store", "postgres://%zz").want(t, exitWrongUse, "not an address of a database")
	command(t, "", "import", "-", "--data", data, "--keyring", at).want(t, exitWrongUse, "belongs to a PostgreSQL store")
	r = command(t, "", "import", "-", "--data", data, "--store", at, "--keyring", at+"_keys", "--key", houseKeyText)
	r.want(t, exitFailed, "open the database")
	if strings.Contains(r.out+r.errs, "hidden") {
		t.Error("the password is shown:", r.out, r.errs)
	}
}

// TestPostgresWhole: serve on a real database, from the first message to the refund, stopped halfway and started again; and every
// other command on the same database, beside the server and without it.
func TestPostgresWhole(t *testing.T) {
	t.Parallel()
	onlyInCI(t)
	fake, data, db := telegramtest.Open(t), t.TempDir(), inDatabase(t)
	on := func(args ...string) []string { return append(args, append([]string{"--data", data}, db...)...) }
	command(t, "", on("report")...).want(t, exitFailed, "there is nothing in the database yet")
	h, s := serveTelegram(t, fake, data, pollMode, db...)
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, "8123456789012345")
	h.Await(lumen, "would like to cancel")
	s.stop().want(t, exitDone)

	h, s = serveTelegram(t, fake, data, pollMode, db...)
	h.Press(lumen, "Cancel and refund 24.90 USD")
	h.Await(ana, "Lumen House agreed. I've asked the shop")
	if !fake.Until(func() bool { return fake.Pending() == 0 }) {
		t.Errorf("%d updates are not acknowledged", fake.Pending())
	}
	status, metrics := fetch(t, s.url+"/metrics")
	if status != http.StatusOK || !strings.Contains(metrics, "\nnevermind_store_bytes ") {
		t.Error("the database has no size")
	}

	// Another machine has a data folder of its own, and no control socket.
	elsewhere := append([]string{"--data", t.TempDir()}, db...)
	command(t, "hello\n/quit\n", append([]string{"chat", "--as", "b-1"}, elsewhere...)...).want(t, exitFailed,
		"a server works on this database")
	made := command(t, "", append([]string{"keys", "add", "till", "--scope", "cases"}, elsewhere...)...)
	made.want(t, exitDone, "nmk_")
	if !fake.Until(func() bool { return answersWith(t, s.url+"/v1/cases", strings.TrimSpace(made.out)) == http.StatusOK }) {
		t.Error("a key that was made on another machine opens nothing")
	}
	command(t, "", append([]string{"keys", "revoke", "till"}, elsewhere...)...).want(t, exitDone, "opens nothing")
	if !fake.Until(func() bool {
		return answersWith(t, s.url+"/v1/cases", strings.TrimSpace(made.out)) == http.StatusUnauthorized
	}) {
		t.Error("a key that was revoked on another machine still opens")
	}
	command(t, order("900001", "b-9"), append([]string{"import", "-"}, elsewhere...)...).want(t, exitDone, "1 order kept")
	command(t, "", on("keys", "rotate")...).want(t, exitFailed, "NEVERMIND_KEY")
	backup := filepath.Join(t.TempDir(), "b.zip")
	command(t, "", on("backup", backup)...).want(t, exitDone, "2 orders")
	command(t, "", on("restore", backup, "--replace")...).want(t, exitFailed, "runs on")
	command(t, "", append([]string{"restore", backup, "--replace"}, elsewhere...)...).want(t, exitFailed, "works on the database")
	s.stop().want(t, exitDone)

	before := exportOf(t, on()...)
	want := []string{"conversation", "deadline", "done", "end", "export", "journal", "message", "order", "outbox", "person",
		"policy"}
	if kinds := slices.Sorted(maps.Keys(before)); !slices.Equal(kinds, want) {
		t.Errorf("the export has %q, want %q", kinds, want)
	}
	command(t, "", on("deadletter", "list")...).want(t, exitDone)
	command(t, "", on("report")...).want(t, exitDone)
	command(t, "", on("version")...).want(t, exitDone, fmt.Sprint("schema ", postgres.Schema))
	name := caseName.FindString(strings.Join(before["conversation"], ""))
	command(t, "", on("replay", name)...).want(t, exitDone, "every one the same")
	command(t, "", on("restore", backup)...).want(t, exitFailed, "holds a store already")
	command(t, "", on("restore", backup, "--replace")...).want(t, exitDone, "Restored", "the schema replaced_")
	after := exportOf(t, on()...)
	for _, kind := range []string{"order", "person", "conversation"} {
		if !slices.Equal(before[kind], withoutRestore(after[kind])) {
			t.Errorf("%s: got %q, want %q", kind, after[kind], before[kind])
		}
	}
	if from := exportOf(t, append(on(), "--from", backup)...); !slices.Equal(from["order"], before["order"]) {
		t.Errorf("exported of the backup %q, want %q", from["order"], before["order"])
	}
	command(t, "", on("erase", "--buyer", "b-9", "--why", "asked")...).want(t, exitDone, "Erased")
	if left := exportOf(t, on()...); !strings.Contains(strings.Join(left["order"], ""), `"b-9"`) {
		t.Error("the order of somebody erased is gone with them")
	}
	h, _ = serveTelegram(t, fake, data, pollMode, db...)
	ana.Type("/status")
	h.Await(ana, "8123456789012345")
}

// withoutRestore leaves out what the restore itself has written.
func withoutRestore(lines []string) (rest []string) {
	for _, l := range lines {
		if !strings.Contains(l, `"operators`) {
			rest = append(rest, l)
		}
	}
	return rest
}

// answersWith asks the API with a key.
func answersWith(t *testing.T, url, key string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// TestPostgresRefusesFolders: a second server is refused where people's files lie in a folder, and the first goes on.
func TestPostgresRefusesFolders(t *testing.T) {
	t.Parallel()
	onlyInCI(t)
	db := inDatabase(t)
	first, _ := serveOn(t, t.TempDir(), append(db, "--api-key", apiKey)...)
	began := time.Now()
	second := append([]string{"serve", "--api-key", apiKey, "--data", t.TempDir(), "--listen", "127.0.0.1:0"}, db...)
	command(t, "", second...).want(t, exitFailed, "NEVERMIND_FILES=s3://")
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	if status, _ := fetch(t, first.url+"/readyz"); status != http.StatusOK {
		t.Errorf("the first server answers %d", status)
	}
}
