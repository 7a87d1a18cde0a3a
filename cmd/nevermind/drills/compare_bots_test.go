package drills

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
)

// child is a program that serves people on the fake Telegram.
type child struct {
	t   *testing.T
	cmd *exec.Cmd
	log *loud
}

// runChild starts a program and waits until it says that it is up: its first line.
func runChild(t *testing.T, dir string, env []string, name string, args ...string) *child {
	t.Helper()
	b := &child{t: t, cmd: exec.Command(name, args...), log: &loud{}}
	b.cmd.Dir, b.cmd.Env, b.cmd.Stderr = dir, append(plain(), env...), b.log
	out, err := b.cmd.StdoutPipe()
	if err == nil {
		err = b.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.stop)
	if first, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("%s did not start: %q %s", name, first, b.log)
	}
	return b
}

// stop ends the program; again is nothing.
func (b *child) stop() {
	if b.cmd.ProcessState != nil {
		return
	}
	_ = b.cmd.Process.Signal(os.Interrupt)
	_ = b.cmd.Wait() // node ends by the signal
	if text := b.log.String(); text != "" {
		b.t.Logf("%s said: %.2000s", filepath.Base(b.cmd.Path), text)
	}
}

// processor is the time that a process has had on a processor so far; 0 where the system does not tell.
func processor(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // ticks of a hundredth of a second
}

// settle waits for the house and gives each chat a buyer with three orders.
func settle(h *telegramtest.House, c *crowd) {
	h.T.Helper()
	if !h.Fake.Until(func() bool { return ready(h.URL) }) {
		h.T.Fatal("not ready:", h.Log)
	}
	var all sync.WaitGroup
	free := make(chan struct{}, 16)
	for i, w := range c.walkers {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			buyer := fmt.Sprint("cb-", i)
			for j, item := range []string{"Bamboo lamp", "Desk fan", "Linen curtain"} {
				h.Order(fmt.Sprint(8_000_000_000+1000*i+j), buyer, "cs-1", item)
			}
			h.Join(w.chat.ID, "buyer", buyer, "Ana")
		})
	}
	all.Wait()
}
