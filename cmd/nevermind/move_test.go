package main

import (
	"encoding/base64"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/store/postgres/postgrestest"
)

// TestMove: a house moves from its file into a database in the middle of a request, and back into another file; people notice
// nothing, and what each exports is the same to the byte.
func TestMove(t *testing.T) {
	t.Parallel()
	fake, data := telegramtest.Open(t), t.TempDir()
	key := []string{"--key", houseKeyText}
	h, s := serveTelegram(t, fake, data, pollMode, key...)
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, "8123456789012345")
	h.Await(lumen, "would like to cancel")

	file, at := "bolt:"+filepath.Join(data, "nevermind.db"), postgrestest.URL(t)
	ring := []string{"--keyring", postgrestest.URL(t)}
	moved := func(from, to string, more ...string) ran {
		return command(t, "", append(append([]string{"move", from, to, "--data", data}, more...), append(key, ring...)...)...)
	}
	moved(file, at).want(t, exitFailed, "a nevermind has")
	s.stop().want(t, exitDone)
	command(t, "", "move", file, at, "--data", data, "--key", houseKeyText).want(t, exitWrongUse, "NEVERMIND_KEYRING")
	moved(file+".none", at).want(t, exitFailed, "there is nothing to move")
	moved(file, "nowhere").want(t, exitWrongUse, "not a store")
	other := base64.StdEncoding.EncodeToString([]byte("another key of thirty-two bytes."))
	command(t, "", append([]string{"move", file, at, "--data", data, "--key", other}, ring...)...).want(t, exitFailed, "key")
	before := command(t, "", append([]string{"export", "--data", data}, key...)...)
	before.want(t, exitDone)
	moved(file, at).want(t, exitDone, "Moved 1 order", "byte for byte", "destroy it")
	moved(file, at).want(t, exitFailed, "is there already")
	db := append([]string{"--store", at}, append(key, ring...)...)
	if now := command(t, "", append([]string{"export", "--data", t.TempDir()}, db...)...); now.out != before.out {
		t.Error("the database exports otherwise:\n" + firstOther(before.out, now.out))
	}

	h, s = serveTelegram(t, fake, data, pollMode, db...)
	moved("store", file+"2", "--store", at).want(t, exitFailed, "works on the database")
	h.Press(lumen, "Cancel and refund 24.90 USD") // by the button that the file's server had sent
	h.Await(ana, "Lumen House agreed. I've asked the shop")
	if !fake.Until(func() bool { return fake.Pending() == 0 }) {
		t.Errorf("%d updates are not acknowledged", fake.Pending())
	}
	s.stop().want(t, exitDone)

	before = command(t, "", append([]string{"export", "--data", data}, db...)...)
	last := t.TempDir()
	back := append([]string{"move", "store", "bolt:" + filepath.Join(last, "nevermind.db"), "--data", last}, db...)
	command(t, "", back...).want(t, exitDone, "Moved 1 order")
	if now := command(t, "", append([]string{"export", "--data", last}, key...)...); now.out != before.out {
		t.Error("the file exports otherwise:\n" + firstOther(before.out, now.out))
	}
	h, _ = serveTelegram(t, fake, last, pollMode, key...)
	ana.Type("/status")
	h.Await(ana, "8123456789012345")
	command(t, "", append([]string{"erase", "--buyer", "b-9", "--data", last}, key...)...).want(t, exitFailed, "nobody is known")
}

// firstOther is the first line in which two texts differ.
func firstOther(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "want " + a[i] + "\ngot  " + b[i]
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(b), len(a))
}
