package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"nevermind/bot"
)

// TestDiskFullDrill fills real disks, each a little larger than the one before, so that each of the writes of a run is once the
// one that finds the disk full. What was acknowledged is there once there is room again, the file is whole, and nothing was
// acknowledged that was not stored. It needs root, to mount disks in memory.
func TestDiskFullDrill(t *testing.T) {
	const commits, page = 400, 4096
	step, full, midway, acknowledged := 8*page, 0, 0, 0
	if os.Getenv("NEVERMIND_DRILLS") != "" {
		step = page
	}
	for size := page; ; size += step {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprint("size=", size)); err != nil {
			t.Skipf("no disk can be mounted here: %v", err)
		}
		stored, failed := fillDisk(t, dir, commits)
		wantErr(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=1g"), nil)
		holdsAll(t, dir, size, stored)
		wantErr(t, syscall.Unmount(dir, 0), nil)
		acknowledged += len(stored)
		if !failed {
			break
		}
		full++
		if len(stored) > 0 {
			midway++
		}
	}
	t.Logf("%d disks were full, %d of them after some commits; %d were acknowledged, and none of them was lost", full, midway,
		acknowledged)
	if midway == 0 {
		t.Error("no disk was ever full after a commit")
	}
}

// fillDisk commits on a disk, and goes on after it is full; it returns which commits were acknowledged, and whether one failed.
func fillDisk(t *testing.T, dir string, commits int) (stored []int, failed bool) {
	t.Helper()
	s, err := Open(filepath.Join(dir, "nevermind.db"))
	if err != nil {
		return nil, true
	}
	defer s.Close()
	for n := range commits {
		if err := s.Commit(t.Context(), turn(n)); err != nil {
			failed = true
			continue
		}
		stored = append(stored, n)
	}
	return stored, failed
}

// holdsAll opens what a full disk has, now that it has room, and looks for what was acknowledged; and writes.
func holdsAll(t *testing.T, dir string, size int, stored []int) {
	t.Helper()
	s, err := Open(filepath.Join(dir, "nevermind.db"))
	if err != nil {
		t.Errorf("a disk of %d bytes: it cannot be opened, and has %d commits: %v", size, len(stored), err)
		return
	}
	defer s.Close()
	for _, n := range stored {
		if _, err := s.Conversation(t.Context(), turn(n).Conversation.Key); err != nil {
			t.Errorf("a disk of %d bytes: commit %d was acknowledged: %v", size, n, err)
		}
	}
	if damaged, err := s.Verify(t.Context()); err != nil || damaged > 0 {
		t.Errorf("a disk of %d bytes: %d damaged, %v", size, damaged, err)
	}
	if err := s.Commit(t.Context(), turn(1000)); err != nil && !errors.Is(err, bot.ErrStale) {
		t.Errorf("a disk of %d bytes: it takes nothing more: %v", size, err)
	}
}
