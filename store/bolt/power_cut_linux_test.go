package bolt

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"nevermind/bot"
)

// What a power cut is tried with.
const (
	powerCutChild   = "NEVERMIND_POWER_CUT_CHILD" // for the child: it is one, and writes where it is
	powerCutCommits = 240
	powerCutSector  = 512 // bytes that a disk writes whole
)

// TestPowerCut cuts the power at random moments of a run whose calls to the system strace has written down: what was synced
// before is there; of every write since, each sector or none or all. Each image opens, has every page whole, and has all that was
// acknowledged before. The store's file and both segments of its log are cut, each by itself, and checkpoints are among the run.
// NEVERMIND_POWER_CUTS is how many images there are.
func TestPowerCut(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("there is no strace")
	}
	images := 150
	if text := os.Getenv("NEVERMIND_POWER_CUTS"); text != "" {
		var err error
		images, err = strconv.Atoi(text)
		wantErr(t, err, nil)
	}
	run := recordRun(t)
	dice := rand.New(rand.NewPCG(1, uint64(images)))
	disk := &disk{}
	var lost, unopenable, torn, replayed int
	for at := range run {
		disk.do(&run[at])
		for n := cutsAt(images, len(run), at); n > 0; n-- {
			image := disk.cut(dice)
			if image.torn {
				torn++
			}
			if image.log {
				replayed++
			}
			switch err := survives(t, &image, disk.acknowledged); {
			case errors.Is(err, bot.ErrNone):
				lost++
				t.Errorf("cut at call %d of %d: acknowledged and lost: %v", at, len(run), err)
			case err != nil:
				unopenable++
				t.Errorf("cut at call %d of %d: %v", at, len(run), err)
			}
		}
		if lost+unopenable > 10 {
			break
		}
	}
	if len(disk.acknowledged) != powerCutCommits || torn == 0 || replayed == 0 || disk.checkpoints < 3 {
		t.Errorf("%d of %d commits were acknowledged in %d checkpoints, %d images have a write that is cut in two, %d a log",
			len(disk.acknowledged), powerCutCommits, disk.checkpoints, torn, replayed)
	}
	t.Logf("%d images of a run of %d calls, %d commits and %d checkpoints, %d of them with a log, %d with a write that is cut in "+
		"two: %d cannot be opened, %d acknowledged lost",
		images, len(run), powerCutCommits, disk.checkpoints, replayed, torn, unopenable, lost)
}

// cutsAt is how many of so many images are made behind one of the calls.
func cutsAt(images, calls, at int) int { return (at+1)*images/calls - at*images/calls }

// TestPowerCutChild is the run that is cut: a few callers, each of whom says what was acknowledged.
func TestPowerCutChild(t *testing.T) {
	if os.Getenv(powerCutChild) == "" {
		t.Skip("TestPowerCut runs it")
	}
	s := openIn(t, ".", checkpointAt(64<<10))
	var all sync.WaitGroup
	for caller := range 4 {
		all.Go(func() {
			for i := caller; i < powerCutCommits; i += 4 {
				if err := s.Commit(context.Background(), turn(i)); err != nil {
					t.Error(err)
					return
				}
				_, _ = os.Stdout.WriteString(fmt.Sprintf("acknowledged %d\n", i))
			}
		})
	}
	all.Wait()
	wantErr(t, s.Close(), nil)
}

// syscallMade is one call of the run that matters.
type syscallMade struct {
	file         string // which it is about; theFolder is the one they lie in
	write        []byte // at offset
	offset       int64
	truncate     bool   // to offset
	made, gone   string // a file in the folder
	syncBegun    string
	syncDone     string // by which thread
	acknowledged string // a commit, by its number
}

const (
	theFolder = "."
	theFile   = "nevermind.db"
)

// strace's lines: a thread, a call with its arguments, and whether they end there.
var (
	openLine   = regexp.MustCompile(`^(\d+) +openat\(AT_FDCWD, "([^"]*)", ([A-Z_|]+)`)
	openedFD   = regexp.MustCompile(`= (\d+)$`)
	goneLine   = regexp.MustCompile(`^(\d+) +unlink(?:at)?\((?:AT_FDCWD, )?"([^"]*)"`)
	callLine   = regexp.MustCompile(`^(\d+) +(pwrite64|write|fdatasync|fsync|ftruncate)\((\d+)(?:, )?(.*)$`)
	resumed    = regexp.MustCompile(`^(\d+) +<\.\.\. (fdatasync|fsync|openat) resumed>.* = (\d+)$`)
	written    = regexp.MustCompile(`^"((?:\\x[0-9a-f]{2})*)", (\d+)(?:, (\d+))?`)
	inHex      = regexp.MustCompile(`(\\x[0-9a-f]{2})+`)
	ofTheStore = regexp.MustCompile(`(?:^|/)(nevermind\.db(?:\.wal-[ab])?)(?:\.new)?$`)
)

// traced is what is known so far of a run that is read.
type traced struct {
	run     []syscallMade
	files   map[string]string // by descriptor
	opening map[string]string // by thread: what an openat that has not returned opens
	syncing map[string]string // and what a sync does
}

// recordRun lets the child run under strace and reads what it did.
func recordRun(t *testing.T) []syscallMade {
	dir := t.TempDir()
	log := filepath.Join(dir, "strace")
	c := exec.CommandContext(t.Context(), "strace", "-f", "-qq", "-xx", "-s", "8000000", "-e", "signal=none",
		"-e", "trace=openat,unlink,unlinkat,pwrite64,write,fdatasync,fsync,ftruncate", "-o", log,
		os.Args[0], "-test.run", "^TestPowerCutChild$")
	c.Dir, c.Env = dir, append(os.Environ(), powerCutChild+"=1")
	if out, err := c.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "ptrace") {
			t.Skipf("strace may not trace here: %s", out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(log)
	wantErr(t, err, nil)
	defer f.Close()
	r := traced{files: map[string]string{}, opening: map[string]string{}, syncing: map[string]string{}}
	for lines := bufio.NewReaderSize(f, 1<<20); ; {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return r.run
		}
		wantErr(t, err, nil)
		r.line(t, strings.TrimSuffix(line, "\n"))
	}
}

func (r *traced) did(c syscallMade) { r.run = append(r.run, c) }

// line reads one line of strace's.
func (r *traced) line(t *testing.T, line string) {
	if m := resumed.FindStringSubmatch(line); m != nil {
		switch file, syncs := r.syncing[m[1]]; {
		case m[2] == "openat":
			r.files[m[3]] = r.opening[m[1]]
		case syncs && m[3] == "0":
			r.did(syscallMade{file: file, syncDone: m[1]})
			delete(r.syncing, m[1])
		}
		return
	}
	if strings.Contains(line, "openat(") || strings.Contains(line, "unlink") {
		r.named(decodePath(line))
		return
	}
	m := callLine.FindStringSubmatch(line)
	if m == nil || r.files[m[3]] == "" && m[2] != "write" {
		return
	}
	file := r.files[m[3]]
	switch m[2] {
	case "fdatasync", "fsync":
		r.did(syscallMade{file: file, syncBegun: m[1]})
		if strings.Contains(line, "<unfinished") {
			r.syncing[m[1]] = file
		} else {
			r.did(syscallMade{file: file, syncDone: m[1]})
		}
	case "ftruncate":
		size, err := strconv.ParseInt(regexp.MustCompile(`^\d+`).FindString(m[4]), 10, 64)
		wantErr(t, err, nil)
		r.did(syscallMade{file: file, truncate: true, offset: size})
	default:
		w := written.FindStringSubmatch(m[4])
		if w == nil {
			t.Fatalf("not understood: %.200s", line)
		}
		content, err := hex.DecodeString(strings.ReplaceAll(w[1], `\x`, ""))
		wantErr(t, err, nil)
		if id, said := strings.CutPrefix(string(content), "acknowledged "); said && m[2] == "write" {
			r.did(syscallMade{acknowledged: strings.TrimSpace(id)})
		} else if m[2] == "pwrite64" {
			offset, err := strconv.ParseInt(w[3], 10, 64)
			wantErr(t, err, nil)
			r.did(syscallMade{file: file, write: content, offset: offset})
		}
	}
}

// named reads a line about a file by its name.
func (r *traced) named(line string) {
	if m := goneLine.FindStringSubmatch(line); m != nil {
		if ours := ofTheStore.FindStringSubmatch(m[2]); ours != nil && ours[1] != theFile {
			r.did(syscallMade{file: theFolder, gone: ours[1]})
		}
		return
	}
	m := openLine.FindStringSubmatch(line)
	if m == nil {
		return
	}
	file := ""
	switch ours := ofTheStore.FindStringSubmatch(m[2]); {
	case m[2] == theFolder:
		file = theFolder
	case ours != nil && strings.Contains(m[3], "O_RDWR"):
		if file = ours[1]; file != theFile {
			r.did(syscallMade{file: theFolder, made: file})
		}
	}
	if fd := openedFD.FindStringSubmatch(line); fd != nil {
		r.files[fd[1]] = file
	} else {
		r.opening[m[1]] = file
	}
}

// decodePath turns the paths in a line, which strace writes in hexadecimal, into letters.
func decodePath(line string) string {
	return inHex.ReplaceAllStringFunc(line, func(s string) string {
		b, _ := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
		return string(b)
	})
}

// fileImage is a file on a disk.
type fileImage struct {
	bytes []byte // behind them it is zero
	size  int64
	torn  bool // a write is there in part
}

// image is what a disk holds: the store's file, and what is there of its log.
type image struct {
	files     map[string]*fileImage
	torn, log bool
}

// diskFile is a file, or the folder, in the middle of a run.
type diskFile struct {
	synced fileImage      // for certain
	since  []*syscallMade // written and not synced, in order
	begun  map[string]int // by thread: how many of since a sync that is under way covers
}

// disk is what a disk holds in the middle of a run.
type disk struct {
	files        map[string]*diskFile
	there        map[string]bool // which segments of the log, for certain
	acknowledged []int
	checkpoints  int
}

// do makes one call.
func (d *disk) do(c *syscallMade) {
	if d.files == nil {
		d.files, d.there = map[string]*diskFile{}, map[string]bool{}
	}
	if c.acknowledged != "" {
		n, _ := strconv.Atoi(c.acknowledged)
		d.acknowledged = append(d.acknowledged, n)
		return
	}
	f := d.files[c.file]
	if f == nil {
		f = &diskFile{begun: map[string]int{}}
		d.files[c.file] = f
	}
	switch {
	case c.syncBegun != "":
		f.begun[c.syncBegun] = len(f.since)
	case c.syncDone != "":
		n := f.begun[c.syncDone]
		delete(f.begun, c.syncDone)
		for _, w := range f.since[:n] {
			f.synced.apply(w, nil)
			folder(d.there, w)
		}
		f.since = f.since[n:]
		for other := range f.begun {
			f.begun[other] = max(0, f.begun[other]-n)
		}
	default:
		f.since = append(f.since, c)
		if c.file == theFile && c.write != nil && c.offset < 8192 && len(d.acknowledged) > 0 {
			d.checkpoints++
		}
	}
}

// folder makes or removes a file.
func folder(there map[string]bool, c *syscallMade) {
	if c.made != "" {
		there[c.made] = true
	}
	if c.gone != "" {
		delete(there, c.gone)
	}
}

// cut is what is there after a power cut: what was synced, and of what was written since whatever chance has it, in sectors.
func (d *disk) cut(dice *rand.Rand) image {
	left := image{files: map[string]*fileImage{}}
	there := maps.Clone(d.there)
	if f := d.files[theFolder]; f != nil {
		for _, w := range f.since {
			if dice.IntN(2) == 0 {
				folder(there, w)
			}
		}
	}
	there[theFile] = true
	for _, name := range slices.Sorted(maps.Keys(there)) {
		f := d.files[name]
		if f == nil {
			f = &diskFile{}
		}
		one := f.cut(dice)
		left.files[name], left.torn, left.log = &one, left.torn || one.torn, left.log || name != theFile && len(one.bytes) > 0
	}
	return left
}

func (f *diskFile) cut(dice *rand.Rand) fileImage {
	left := fileImage{bytes: bytes.Clone(f.synced.bytes), size: f.synced.size}
	for _, w := range f.since {
		switch dice.IntN(3) {
		case 0: // nothing of it
		case 1:
			left.apply(w, nil)
		default:
			left.apply(w, dice)
		}
	}
	return left
}

// apply makes a write or a change of length, which only ever grows; with dice only some sectors of it.
func (f *fileImage) apply(c *syscallMade, dice *rand.Rand) {
	end := c.offset + int64(len(c.write))
	f.size = max(f.size, end)
	if missing := end - int64(len(f.bytes)); missing > 0 && !c.truncate {
		f.bytes = append(f.bytes, make([]byte, missing)...)
	}
	for from := 0; from < len(c.write); from += powerCutSector {
		// Sectors are the disk's: a write need not begin at one.
		to := min(from+powerCutSector-int(c.offset+int64(from))%powerCutSector, len(c.write))
		if dice == nil || dice.IntN(2) == 0 {
			copy(f.bytes[c.offset+int64(from):], c.write[from:to])
		} else {
			f.torn = f.torn || len(c.write) > powerCutSector
		}
		from = to - powerCutSector
	}
}

// survives opens an image and looks for what was acknowledged. A file that was never synced whole may be missing or unreadable,
// as long as nothing was acknowledged.
func survives(t *testing.T, left *image, acknowledged []int) error {
	dir := t.TempDir()
	defer os.RemoveAll(dir)
	for name, f := range left.files {
		wantErr(t, os.WriteFile(filepath.Join(dir, name), f.bytes, 0o600), nil)
		wantErr(t, os.Truncate(filepath.Join(dir, name), f.size), nil)
	}
	s, err := Open(filepath.Join(dir, theFile), NoSync())
	if err != nil {
		if len(acknowledged) == 0 {
			return nil
		}
		return fmt.Errorf("it cannot be opened: %w", err)
	}
	defer s.Close()
	for _, n := range acknowledged {
		c := turn(n)
		if _, err := s.Conversation(t.Context(), c.Conversation.Key); err != nil {
			return fmt.Errorf("commit %d: %w", n, err)
		}
		if said, err := s.Said(t.Context(), c.Said.Room, 0, 0, 10); err != nil || len(said) == 0 {
			return fmt.Errorf("commit %d: its message: %w", n, errors.Join(err, bot.ErrNone))
		}
	}
	if damaged, err := s.Verify(t.Context()); err != nil || damaged > 0 {
		return fmt.Errorf("%d damaged: %w", damaged, err)
	}
	return nil
}
