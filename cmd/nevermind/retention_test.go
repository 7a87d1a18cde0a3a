package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/store/blob"
	"nevermind/store/blob/s3test"
)

// TestRetainedFiles: evidence goes with its case once the policy keeps that no longer, in a folder and on S3; that of a case
// which is open stays.
func TestRetainedFiles(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", s3test.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", s3test.SecretKey)
	var old atomic.Bool
	bucket := s3test.OpenAt(t, func() time.Time {
		if old.Load() {
			return time.Now().Add(-9 * 24 * time.Hour)
		}
		return time.Now()
	})
	for name, files := range map[string]string{"folder": "file:" + t.TempDir(), "s3": bucket} {
		t.Run(name, func(t *testing.T) { retainedFiles(t, files, &old) })
	}
}

func retainedFiles(t *testing.T, files string, old *atomic.Bool) {
	old.Store(false)
	data, fake := t.TempDir(), telegramtest.Open(t)
	h, s := serveTelegram(t, fake, data, webhookMode, "--files", files)
	ana := brings(h, 11, "8123456789012345", "b-1")
	brings(h, 12, "8123456789012346", "b-2")
	h.Press(ana, "Withdraw my request")
	h.Press(ana, "Yes, withdraw it")
	if !fake.Until(func() bool {
		var of struct{ Cases []struct{ State string } }
		h.Call("GET", "/v1/cases?order=8123456789012345", "", &of)
		return len(of.Cases) == 1 && of.Cases[0].State == "withdrawn"
	}) {
		t.Fatal("the case is open still")
	}
	acked(h)
	closed := time.Now()
	s.stop()
	kept := func() (n int) {
		store, err := blob.Open(files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Sweep(t.Context(), -time.Hour, func(string) (bool, error) { n++; return true, nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := kept(); n != 2 {
		t.Fatalf("%d files are kept: this tests nothing", n)
	}
	old.Store(true)
	age(t, files)
	if !fake.Until(func() bool { return time.Since(closed) > 1100*time.Millisecond }) { // what is over is looked for at the start
		t.Fatal("the clock stands still")
	}
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, policy, "retention: {cases: 1s}\n")
	h, s = serveTelegram(t, fake, data, webhookMode, "--files", files, "--policy", policy)
	if !h.Fake.Until(func() bool { return kept() == 1 }) {
		t.Errorf("%d files are kept, want the one of the open case\n%s", kept(), h.Log)
	}
	s.stop()
	told := exportOf(t, "--data", data, "--files", files)["order"]
	if len(told) != 1 || !strings.Contains(told[0], "9012346") {
		t.Errorf("there is left: %v", told)
	}
	if n := kept(); n != 1 {
		t.Errorf("%d files are kept, want one", n)
	}
}

// brings lets a buyer ask to cancel an order, and add a file to that.
func brings(h *telegramtest.House, user int64, order, id string) *telegramtest.Chat {
	h.T.Helper()
	h.Order(order, id, "s-1", "A lamp")
	chat := h.Join(user, "buyer", id, "Ana")
	h.AskWithoutSeller(chat, order)
	h.Await(chat, "Your request number")
	chat.Document("letter.txt", []byte("what "+id+" says"))
	h.Press(chat, "Yes, add it")
	h.Await(chat, "received on")
	return chat
}

// age has all files of a folder be nine days old.
func age(t *testing.T, files string) {
	t.Helper()
	folder, is := strings.CutPrefix(files, "file:")
	if !is {
		return
	}
	then := time.Now().Add(-9 * 24 * time.Hour)
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			err = os.Chtimes(path, then, then)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
