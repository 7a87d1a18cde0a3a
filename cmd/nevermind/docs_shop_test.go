package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
)

// block is one of a page: commands for a terminal, or what it shows next.
type block struct {
	kind     string // "sh" or "text"
	terminal string
	text     string
}

var fence = regexp.MustCompile("(?s)```(sh|text) ?([a-z]*)\n(.*?)```")

// blocks takes the document apart; what is shown without a name is shown by the terminal before.
func blocks(t *testing.T, file string) (all []block) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	terminal := ""
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[2] != "" {
			terminal = m[2]
		}
		all = append(all, block{m[1], terminal, m[3]})
	}
	return all
}

// TestShopPage runs docs/shop.md.
func TestShopPage(t *testing.T) {
	if os.Getenv("CI") == "" {
		t.Skip("CI types the page: it compiles two programs")
	}
	t.Parallel()
	runPage(t, "shop.md", "127.0.0.1:8417", "127.0.0.1:9417")
}

// runPage runs every command of a page as it is written but for the ports, each in its terminal, and sees there what the page
// shows. What stands in the terminal "install" was done before.
func runPage(t *testing.T, page string, addresses ...string) {
	t.Helper()
	tryFolder.Lock()
	defer tryFolder.Unlock()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	try := filepath.Join(root, "try")
	if _, err := os.Stat(try); err == nil {
		t.Fatalf("%s is in the way: it is what the page makes", try)
	}
	terminals := map[string]*terminal{}
	t.Cleanup(func() {
		for _, x := range terminals {
			x.close()
		}
		if err := os.RemoveAll(try); err != nil {
			t.Error(err)
		}
	})
	all := blocks(t, filepath.Join(root, "docs", page))
	var free []string // others may have the page's
	for _, address := range addresses {
		free = append(free, address, telegramtest.FreeAddress(t))
	}
	ports := strings.NewReplacer(free...)
	env := append(os.Environ(), ports.Replace("EXAMPLE_LISTEN=127.0.0.1:9417"))
	if len(all) < 10 {
		t.Fatalf("the page has %d blocks: the test looks in the wrong place", len(all))
	}
	for _, s := range all {
		if s.terminal == "install" {
			continue
		}
		s.text = ports.Replace(s.text)
		x := terminals[s.terminal]
		if x == nil {
			x = openTerminal(t, root, env)
			terminals[s.terminal] = x
		}
		if s.kind == "sh" {
			x.typed(s.text)
			if s.terminal == "you" && !x.ended() { // the others go on
				t.Fatalf("terminal %s shows:\n%s\nand does not come to an end of:\n%s", s.terminal, x.out.String(), s.text)
			}
		} else if !x.shows(s.text) {
			for name, other := range terminals {
				t.Logf("terminal %s shows:\n%s", name, other.out)
			}
			t.Fatalf("terminal %s does not show:\n%s", s.terminal, s.text)
		}
	}
}

// tryFolder is for one page at a time: it is what they all make.
var tryFolder sync.Mutex

// terminal is a shell that is typed into.
type terminal struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *loud
	seen int

	asked int // how often it was asked whether it has ended
}

func openTerminal(t *testing.T, root string, env []string) *terminal {
	x := &terminal{cmd: exec.Command("bash"), out: &loud{}}
	x.cmd.Dir, x.cmd.Env, x.cmd.Stdout, x.cmd.Stderr = root, env, x.out, x.out
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := x.cmd.StdinPipe()
	if err == nil {
		err = x.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	x.in = in
	return x
}

func (x *terminal) typed(text string) { io.WriteString(x.in, text) }

// ended waits until what was typed has come to a good end.
func (x *terminal) ended() bool {
	seen := x.seen
	x.asked++
	x.typed(fmt.Sprintf("echo %d ended with $?.\n", x.asked))
	ok := x.shows(fmt.Sprintf("%d ended with 0.\n", x.asked))
	x.seen = seen
	return ok
}

// shows waits until the terminal has shown the lines, one after the other; "…" is anything.
func (x *terminal) shows(lines string) bool {
	for line := range strings.Lines(lines) {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSuffix(line, "\n")), "…", "(?s:.*?)")
		want := regexp.MustCompile(pattern)
		for end := time.Now().Add(patience); ; <-time.After(50 * time.Millisecond) {
			if at := want.FindStringIndex(x.out.String()[x.seen:]); at != nil {
				x.seen += at[1]
				break
			}
			if time.Now().After(end) {
				return false
			}
		}
	}
	return true
}

// close ends the shell and all that runs in it.
func (x *terminal) close() {
	_ = syscall.Kill(-x.cmd.Process.Pid, syscall.SIGKILL) // it may be gone
	_ = x.cmd.Wait()
}
