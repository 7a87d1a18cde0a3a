package bolt

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
// acknowledged before. NEVERMIND_POWER_CUTS is how many images there are.
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
	var lost, unopenable, torn int
	for at := range run {
		disk.do(&run[at])
		for n := cutsAt(images, len(run), at); n > 0; n-- {
			image := disk.cut(dice)
			if image.torn {
				torn++
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
	if len(disk.acknowledged) != powerCutCommits || torn == 0 {
		t.Errorf("%d of %d commits were acknowledged, %d images have a write that is cut in two",
			len(disk.acknowledged), powerCutCommits, torn)
	}
	t.Logf("%d images of a run of %d calls and %d commits, %d of them with a write that is cut in two: "+
		"%d cannot be opened, %d acknowledged lost", images, len(run), powerCutCommits, torn, unopenable, lost)
}

// cutsAt is how many of so many images are made behind one of the calls.
func cutsAt(images, calls, at int) int { return (at+1)*images/calls - at*images/calls }

// TestPowerCutChild is the run that is cut: a few callers, each of whom says what was acknowledged.
func TestPowerCutChild(t *testing.T) {
	if os.Getenv(powerCutChild) == "" {
		t.Skip("TestPowerCut runs it")
	}
	s := openIn(t, ".")
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
	write        []byte // at offset
	offset       int64
	truncate     bool // to offset
	syncBegun    string
	syncDone     string // by which thread
	acknowledged string // a commit, by its number
}

// strace's lines: a thread, a call with its arguments, and whether they end there.
var (
	openedLine = regexp.MustCompile(`^(\d+) +openat\(.*nevermind\.db(?:\.new)?", O_RDWR.*\) = (\d+)$`)
	callLine   = regexp.MustCompile(`^(\d+) +(pwrite64|write|fdatasync|fsync|ftruncate)\((\d+)(?:, )?(.*)$`)
	resumed    = regexp.MustCompile(`^(\d+) +<\.\.\. (fdatasync|fsync|openat) resumed>.* = (\d+)$`)
	written    = regexp.MustCompile(`^"((?:\\x[0-9a-f]{2})*)", (\d+)(?:, (\d+))?`)
)

// recordRun lets the child run under strace and reads what it did.
func recordRun(t *testing.T) (run []syscallMade) {
	dir := t.TempDir()
	log := filepath.Join(dir, "strace")
	c := exec.CommandContext(t.Context(), "strace", "-f", "-qq", "-xx", "-s", "8000000", "-e", "signal=none",
		"-e", "trace=openat,pwrite64,write,fdatasync,fsync,ftruncate", "-o", log, os.Args[0], "-test.run", "^TestPowerCutChild$")
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
	file, syncing := "", map[string]bool{}
	for lines := bufio.NewReaderSize(f, 1<<20); ; {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return run
		}
		wantErr(t, err, nil)
		line = strings.TrimSuffix(line, "\n")
		if m := resumed.FindStringSubmatch(line); m != nil && syncing[m[1]] && m[3] == "0" {
			run, syncing[m[1]] = append(run, syscallMade{syncDone: m[1]}), false
			continue
		}
		if m := openedLine.FindStringSubmatch(decodePath(line)); m != nil {
			file = m[2]
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil || m[3] != file && m[2] != "write" {
			continue
		}
		switch m[2] {
		case "fdatasync", "fsync":
			run = append(run, syscallMade{syncBegun: m[1]})
			if syncing[m[1]] = strings.Contains(line, "<unfinished"); !syncing[m[1]] {
				run = append(run, syscallMade{syncDone: m[1]})
			}
		case "ftruncate":
			size, err := strconv.ParseInt(regexp.MustCompile(`^\d+`).FindString(m[4]), 10, 64)
			wantErr(t, err, nil)
			run = append(run, syscallMade{truncate: true, offset: size})
		default:
			w := written.FindStringSubmatch(m[4])
			if w == nil {
				t.Fatalf("not understood: %.200s", line)
			}
			content, err := hex.DecodeString(strings.ReplaceAll(w[1], `\x`, ""))
			wantErr(t, err, nil)
			if id, said := strings.CutPrefix(string(content), "acknowledged "); said && m[2] == "write" {
				run = append(run, syscallMade{acknowledged: strings.TrimSpace(id)})
			} else if m[2] == "pwrite64" {
				offset, err := strconv.ParseInt(w[3], 10, 64)
				wantErr(t, err, nil)
				run = append(run, syscallMade{write: content, offset: offset})
			}
		}
	}
}

// decodePath turns the path that a line opens, which strace writes in hexadecimal, into letters.
func decodePath(line string) string {
	if !strings.Contains(line, "openat(") {
		return line
	}
	return regexp.MustCompile(`(\\x[0-9a-f]{2})+`).ReplaceAllStringFunc(line, func(s string) string {
		b, _ := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
		return string(b)
	})
}

// image is a file on a disk.
type image struct {
	bytes []byte // behind them it is zero
	size  int64
	torn  bool // a write is there in part
}

// disk is what a disk holds in the middle of a run.
type disk struct {
	synced       image          // for certain
	since        []*syscallMade // written and not synced, in order
	begun        map[string]int // by thread: how many of since a sync that is under way covers
	acknowledged []int
}

// do makes one call.
func (d *disk) do(c *syscallMade) {
	switch {
	case c.syncBegun != "":
		if d.begun == nil {
			d.begun = map[string]int{}
		}
		d.begun[c.syncBegun] = len(d.since)
	case c.syncDone != "":
		n := d.begun[c.syncDone]
		delete(d.begun, c.syncDone)
		for _, w := range d.since[:n] {
			d.synced.apply(w, nil)
		}
		d.since = d.since[n:]
		for other := range d.begun {
			d.begun[other] = max(0, d.begun[other]-n)
		}
	case c.acknowledged != "":
		n, _ := strconv.Atoi(c.acknowledged)
		d.acknowledged = append(d.acknowledged, n)
	default:
		d.since = append(d.since, c)
	}
}

// cut is what is there after a power cut: what was synced, and of what was written since whatever chance has it, in sectors.
func (d *disk) cut(dice *rand.Rand) image {
	left := image{bytes: bytes.Clone(d.synced.bytes), size: d.synced.size}
	for _, w := range d.since {
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
func (f *image) apply(c *syscallMade, dice *rand.Rand) {
	end := c.offset + int64(len(c.write))
	f.size = max(f.size, end)
	if missing := end - int64(len(f.bytes)); missing > 0 && !c.truncate {
		f.bytes = append(f.bytes, make([]byte, missing)...)
	}
	for from := 0; from < len(c.write); from += powerCutSector {
		to := min(from+powerCutSector, len(c.write))
		if dice == nil || dice.IntN(2) == 0 {
			copy(f.bytes[c.offset+int64(from):], c.write[from:to])
		} else {
			f.torn = len(c.write) > powerCutSector
		}
	}
}

// survives opens an image and looks for what was acknowledged. A file that was never synced whole may be missing or unreadable,
// as long as nothing was acknowledged.
func survives(t *testing.T, left *image, acknowledged []int) error {
	path := filepath.Join(t.TempDir(), "nevermind.db")
	wantErr(t, os.WriteFile(path, left.bytes, 0o600), nil)
	wantErr(t, os.Truncate(path, left.size), nil)
	defer os.Remove(path)
	s, err := Open(path, NoSync())
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
