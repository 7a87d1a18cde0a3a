package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"nevermind/adapters/telegram/telegramtest"
)

// stores are data folders as older programs left them, each in the middle of a request: the seller was asked and has not
// answered. None is ever written again; a new one is recorded by the program that writes it (TestRecordStore).
const stores = "testdata/stores/"

// storedOrder is the order that the request is about.
const storedOrder = "8123456789012345"

// stored is what has to be known of such a folder.
type stored struct {
	At      time.Time // when it was left
	Updates int64     // the next update's id
	Message int       // the seller's card; 0 where the seller has no chat yet
	Press   string    // what its "Cancel and refund 24.90 USD" carries
}

// TestUpgrade starts the server on what each older program left, on the same day: the seller's old button still counts, the
// order is cancelled, the case replays, and the backup that was made before leads back.
func TestUpgrade(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	folders, err := filepath.Glob(stores + "*")
	if err != nil || len(folders) < 4 {
		t.Fatalf("%d stores (%v)", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			was, data := laid(t, folder)
			backup := filepath.Join(t.TempDir(), "before.zip")
			command(t, "", "backup", backup, "--data", data).want(t, exitDone, "1 order")
			finishStored(t, data, was)
			newerStore(t, data)
			command(t, "", "serve", "--data", data, "--api-key", telegramtest.HouseKey).want(t, exitFailed, "written by a newer version")
			command(t, "", "restore", backup, "--replace", "--data", data).want(t, exitDone, "Restored 1 order")
			command(t, "", "export", "--data", data).want(t, exitDone, `"name":"seller_answer"`)
		})
	}
}

// laid puts a stored folder where a server can use it.
func laid(t *testing.T, folder string) (was stored, data string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(folder, "stored.json"))
	if err != nil || json.Unmarshal(raw, &was) != nil {
		t.Fatal(err)
	}
	data = filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(data, "nevermind.db"), string(unzipped(t, filepath.Join(folder, "nevermind.db.gz"))))
	for _, end := range []string{".key", ".keyring"} {
		if text, err := os.ReadFile(filepath.Join(folder, "data"+end)); err == nil {
			write(t, data+end, string(text))
		}
	}
	return was, data
}

// finishStored serves the folder and lets the seller agree.
func finishStored(t *testing.T, data string, was stored) {
	t.Helper()
	ahead := time.Until(was.At.Add(5 * time.Minute))
	fake := telegramtest.Open(t)
	fake.Renumber(was.Updates)
	ana := fake.Private(telegramtest.Person{ID: 11, Name: "Somebody"})
	lumen := fake.Private(telegramtest.Person{ID: 22, Name: "Somebody"})
	s, log := serveBy(t, func() time.Time { return time.Now().Add(ahead) }, data, storedArgs(fake)...)
	h := &telegramtest.House{T: t, Fake: fake, URL: s.url, Log: log}
	crosses(t, "a server that is ready", func() bool { status, _ := fetch(t, s.url+"/readyz"); return status == http.StatusOK })
	if was.Message == 0 {
		h.Press(h.Join(22, "seller", "s-1", "Lumen House"), "Cancel and refund 24.90 USD")
	} else {
		lumen.PressData(was.Message, was.Press)
		h.Await(ana, "Lumen House agreed")
	}
	var now struct{ Stage string }
	if !fake.Until(func() bool {
		h.Call(http.MethodGet, "/v1/orders/"+storedOrder, "", &now)
		return now.Stage == "cancelled"
	}) {
		t.Fatalf("the order is %s, want it cancelled\n%s", now.Stage, log)
	}
	var cases json.RawMessage
	h.Call(http.MethodGet, "/v1/cases?order="+storedOrder, "", &cases)
	// A flow may offer something else than it did then; what its journal says must be whole.
	r := command(t, "", "replay", caseName.FindString(string(cases)), "--data", data)
	if r.code != exitDone && !strings.Contains(r.out, "something else now") {
		t.Errorf("its journal: %s%s", r.out, r.errs)
	}
	if r = s.stop(); strings.Contains(r.errs, `"level":"ERROR"`) || r.code != exitDone {
		t.Errorf("it ended with %d: %s", r.code, r.errs)
	}
}

// storedArgs are what stored folders are served with.
func storedArgs(fake *telegramtest.Server) []string {
	return []string{"--api-key", telegramtest.HouseKey, "--telegram-token", fake.Token, "--telegram-api", fake.URL(),
		"--telegram-rate", "0", "--telegram-chat-rate", "0"}
}

// newerStore makes a folder's database look as if a newer program had written it.
func newerStore(t *testing.T, data string) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(data, "nevermind.db"), 0o600, nil)
	if err == nil {
		err = db.Update(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("schema"), binary.BigEndian.AppendUint64(nil, 99))
		})
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestRecordStore records a folder for TestUpgrade by the program that NEVERMIND_RECORD names, into NEVERMIND_RECORD_AS. Once a
// version is out, its store is recorded so.
func TestRecordStore(t *testing.T) {
	program, into := os.Getenv("NEVERMIND_RECORD"), os.Getenv("NEVERMIND_RECORD_AS")
	if program == "" || into == "" {
		t.Skip("NEVERMIND_RECORD=./nevermind NEVERMIND_RECORD_AS=0.1.0 go test -run RecordStore ./cmd/nevermind")
	}
	fake, at, data := telegramtest.Open(t), telegramtest.FreeAddress(t), filepath.Join(t.TempDir(), "data")
	cmd := exec.Command(program, append([]string{"serve", "--listen", at, "--data", data}, storedArgs(fake)...)...)
	log := &loud{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &telegramtest.House{T: t, Fake: fake, URL: "http://" + at, Log: log}
	crosses(t, "a server that is ready", func() bool {
		answer, err := http.Get(h.URL + "/readyz")
		if err == nil {
			answer.Body.Close()
		}
		return err == nil && answer.StatusCode == http.StatusOK
	})
	h.Order(storedOrder, "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, storedOrder)
	card := h.Await(lumen, "would like to cancel")
	was := stored{At: time.Now().UTC().Truncate(time.Second), Message: card.ID}
	for _, row := range card.Keyboard {
		for _, b := range row {
			if b.Text == "Cancel and refund 24.90 USD" {
				was.Press = b.Data
			}
		}
	}
	was.Updates, _ = strconv.ParseInt(strings.TrimPrefix(lumen.PressData(card.ID, "nothing"), "Q"), 10, 64)
	was.Updates += 100
	fake.Until(func() bool { return fake.Pending() == 0 })
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil || was.Press == "" {
		t.Fatal(err, was, log)
	}
	recordVersion(t, data, stores+into, was)
}

// record packs a data folder.
func recordVersion(t *testing.T, data, folder string, was stored) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(was)
	write(t, folder+"/stored.json", string(text)+"\n")
	for _, end := range []string{".key", ".keyring"} {
		if key, err := os.ReadFile(data + end); err == nil {
			write(t, folder+"/data"+end, string(key))
		}
	}
	db, err := os.ReadFile(filepath.Join(data, "nevermind.db"))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	_, _ = z.Write(db)
	_ = z.Close()
	write(t, folder+"/nevermind.db.gz", packed.String())
}
