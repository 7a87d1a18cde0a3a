package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
)

// disk is a file system of its own, in a file, that can be made slow: it is frozen and thawed again and again, so every write
// waits as it would for a disk that is busy with something else.
type disk struct {
	t      *testing.T
	folder string
	stop   chan struct{} // closed to mend it; nil while it is well
	ended  chan struct{}
}

// ownDisk mounts one, or skips the test where that cannot be done.
func ownDisk(t *testing.T) *disk {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a disk is mounted by root alone")
	}
	image, folder := filepath.Join(t.TempDir(), "disk"), filepath.Join(t.TempDir(), "mounted")
	write(t, image, "")
	err := errors.Join(os.Truncate(image, 256<<20), os.Mkdir(folder, 0o700), exec.Command("mkfs.ext4", "-q", "-F", image).Run(),
		exec.Command("mount", "-o", "loop", image, folder).Run())
	if err != nil {
		t.Skip("no disk can be mounted: ", err)
	}
	d := &disk{t: t, folder: folder}
	t.Cleanup(func() {
		d.mend()
		if err := exec.Command("umount", "-l", folder).Run(); err != nil {
			t.Error("unmount:", err)
		}
	})
	return d
}

// How long a slow disk answers nothing, and how long it then writes what waits.
const (
	frozen = 900 * time.Millisecond
	thawed = 100 * time.Millisecond
)

// slow makes the disk slow until it is mended.
func (d *disk) slow() {
	d.stop, d.ended = make(chan struct{}), make(chan struct{})
	go func(stop, ended chan struct{}) {
		defer close(ended)
		for d.turns("-f", frozen, stop) && d.turns("-u", thawed, stop) {
			continue // until it is mended
		}
		_ = exec.Command("fsfreeze", "-u", d.folder).Run() // where it is thawed already, that is what was wanted
	}(d.stop, d.ended)
}

// turns freezes or thaws the disk for a while; false where it is to be mended.
func (d *disk) turns(how string, long time.Duration, stop chan struct{}) bool {
	if err := exec.Command("fsfreeze", how, d.folder).Run(); err != nil {
		d.t.Error("fsfreeze", how, err)
		return false
	}
	wait := time.NewTimer(long)
	defer wait.Stop()
	select {
	case <-stop:
		return false
	case <-wait.C:
		return true
	}
}

// mend lets the disk write again.
func (d *disk) mend() {
	if d.stop != nil {
		close(d.stop)
		<-d.ended
		d.stop = nil
	}
}

// TestAlertsDisk breaks the disk: writes wait for most of a second (NevermindSlowDisk), until they do not any more.
func TestAlertsDisk(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	d := ownDisk(t)
	fake := telegramtest.Open(t)
	h, s := serveTelegram(t, fake, filepath.Join(d.folder, "data"), pollMode)
	t.Cleanup(func() { s.stop() }) // before the disk goes
	ana := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	alerts := watched(t, h.URL)
	commits := func() float64 { return figure(t, h.URL, "nevermind_commit_seconds_count") }
	seen := -1.0
	talks := func() { // one message after the other: the next when the last was committed
		if n := commits(); n != seen {
			seen = n
			ana.Type("hello")
		}
	}
	talks()
	crosses(t, "commits", func() bool { return commits() > 0 })
	d.slow()
	crosses(t, "slow commits", func() bool {
		talks()
		return commits() > figure(t, h.URL, "nevermind_commit_seconds_bucket", `le="0.5"`)
	})
	alerts.fires("NevermindSlowDisk", talks)
	d.mend()
	alerts.ends("NevermindSlowDisk", talks)
}

// TestAlertsDamage damages a record of a database, as a failing disk does: the server starts, and says so
// (NevermindStoreDamaged). With the backup in its place that is over.
func TestAlertsDamage(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	folder := t.TempDir()
	sound, data, backup := filepath.Join(folder, "sound"), filepath.Join(folder, "data"), filepath.Join(folder, "b.zip")
	for _, n := range []string{"1", "2", "3"} {
		command(t, order("94002"+n, "b-"+n), "import", "-", "--data", sound).want(t, exitDone)
		command(t, "94002"+n+"\nCancel this order\n1\n1\n", "chat", "--as", "b-"+n, "--data", sound).want(t, exitDone)
	}
	command(t, "", "backup", backup, "--data", sound).want(t, exitDone)
	content, err := os.ReadFile(filepath.Join(sound, "nevermind.db"))
	if err != nil {
		t.Fatal(err)
	}
	used, dice := len(bytes.TrimRight(content, "\x00")), rand.New(rand.NewPCG(18, 145))
	at := telegramtest.FreeAddress(t)
	args := []string{"--api-key", apiKey, "--listen", at}
	var s *started
	for tries := 0; s == nil; tries++ {
		if tries == 200 {
			t.Fatal("no byte was found that damages a record and lets the server start")
		}
		if err := os.RemoveAll(data); err != nil {
			t.Fatal(err)
		}
		copyHouse(t, sound, data)
		flipped := bytes.Clone(content)
		flipped[dice.IntN(used)] ^= 1
		write(t, filepath.Join(data, "nevermind.db"), string(flipped))
		if r := command(t, "", "export", "--data", data); r.code == exitFailed && strings.Contains(r.out, `"kind"`) {
			s, _ = serveOn(t, data, args...)
		}
	}
	crosses(t, "damage", func() bool { return figure(t, s.url, "nevermind_damaged_records_total") > 0 })
	alerts := watched(t, s.url)
	alerts.fires("NevermindStoreDamaged")
	s.stop()
	command(t, "", "restore", backup, "--replace", "--data", data).want(t, exitDone)
	serveOn(t, data, args...)
	alerts.ends("NevermindStoreDamaged")
}
