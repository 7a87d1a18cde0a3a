package drills

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/bot"
	"nevermind/store/encryption"
)

// long says whether the drills run in full.
var long = os.Getenv("NEVERMIND_DRILLS") != ""

// onlyInCI leaves out what takes a minute of waiting: CI runs it in short, make drills as long as it can.
func onlyInCI(t *testing.T) {
	t.Helper()
	if !long && os.Getenv("CI") == "" {
		t.Skip("played in CI and by make drills")
	}
}

// folder is where the program is built; it is gone when the tests are over.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "nevermind-drills-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	debug.SetGCPercent(400) // as serve does
	flag.Parse()
	if given := flag.Lookup("test.parallel"); given.Value.String() == given.DefValue {
		flag.Set("test.parallel", "6") // kills wait most of the time
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// build builds the program as people have it, once; under the race detector it has that, too.
var build = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(folder, "nevermind")
	args := append([]string{"build", "-o", binary}, raceFlag...)
	if out, err := exec.Command("go", append(args, "nevermind/cmd/nevermind")...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return binary, nil
})

// program is the path of the program.
func program(t testing.TB) string {
	t.Helper()
	binary, err := build()
	must(t, err)
	return binary
}

// life is one run of the program, from its start until it is killed or ends.
type life struct {
	cmd   *exec.Cmd
	url   chan string // where it is served, once it is
	ended chan struct{}
	err   error // how it ended
	errs  loud
}

// served finds where the program says it is.
var served = regexp.MustCompile(`http://\S+`)

// begin starts the demo on a folder; what support decides there goes out at once.
func begin(t *testing.T, data string) *life {
	t.Helper()
	policy := filepath.Join(t.TempDir(), "at-once.yaml")
	must(t, os.WriteFile(policy, []byte("windows: {undo: none}\n"), 0o600))
	if _, err := encryption.CreateMaster(data + ".key"); err != nil && !errors.Is(err, fs.ErrExist) { // else it says so
		t.Fatal(err)
	}
	return beginAs(t, "demo", "--data", data, "--listen", "127.0.0.1:0", "--log", "warn", "--policy", policy)
}

// beginAs starts the program with a command line.
func beginAs(t testing.TB, args ...string) *life {
	t.Helper()
	l := &life{url: make(chan string, 1), ended: make(chan struct{})}
	l.cmd = exec.Command(program(t), args...)
	l.cmd.Env = plain()
	l.cmd.Stderr = &l.errs
	out, err := l.cmd.StdoutPipe()
	if err == nil {
		err = l.cmd.Start()
	}
	must(t, err)
	t.Cleanup(l.kill)
	go func() {
		defer close(l.ended)
		lines := bufio.NewReader(out)
		first, _ := lines.ReadString('\n')
		if url := served.FindString(first); url != "" {
			l.url <- strings.TrimSuffix(url, ":")
		}
		io.Copy(io.Discard, lines)
		l.err = l.cmd.Wait()
	}()
	return l
}

// patience is how long is waited for what must come, however busy the machine is.
const patience = hooktest.Patience

// up waits until it is served and returns where.
func (l *life) up(t testing.TB) string {
	t.Helper()
	select {
	case url := <-l.url:
		return url
	case <-l.ended:
		t.Fatalf("the program did not start: %v\n%s", l.err, l.errs.String())
	case <-time.After(patience):
		l.kill()
		t.Fatalf("the program is not up\n%s", l.errs.String())
	}
	return ""
}

// kill is SIGKILL: nothing of the program gets to say goodbye.
func (l *life) kill() {
	_ = l.cmd.Process.Kill() // it may have ended by itself, which whoever reads errs will see
	<-l.ended
}

// end asks it to end and fails where it does not, or not well.
func (l *life) end(t testing.TB) {
	t.Helper()
	_ = l.cmd.Process.Signal(os.Interrupt)
	select {
	case <-l.ended:
	case <-time.After(patience):
		l.kill()
	}
	if l.err != nil {
		t.Errorf("the end: %v\n%s", l.err, l.errs.String())
	}
}

// sound fails where a life has logged an error or a panic.
func (l *life) sound(t testing.TB, number int) {
	t.Helper()
	if text := l.errs.String(); strings.Contains(text, `"ERROR"`) || strings.Contains(text, "panic") {
		t.Errorf("life %d: %s", number, text)
	}
}

// finish begins lives on a store and ends them in peace, each later than the one before, until no task is left to do.
func finish(t *testing.T, opens func() (bot.Store, error), live func() *life, end func(*life)) {
	t.Helper()
	for wait, until := 100*time.Millisecond, time.Now().Add(patience); time.Now().Before(until); wait *= 2 {
		store, err := opens()
		must(t, err)
		next, err := store.NextTask(t.Context())
		must(t, errors.Join(err, store.Close()))
		if next.IsZero() {
			return
		}
		l := live()
		<-time.After(wait)
		end(l)
	}
	t.Error("there is always something left to do")
}

// plain is the environment without the machine's own settings of the program.
func plain() (env []string) {
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "NEVERMIND_") {
			env = append(env, e)
		}
	}
	return env
}

// command runs the program to its end; it must end well and say the words.
func command(t testing.TB, words string, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), program(t), args...)
	c.Env = plain()
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), words) {
		t.Errorf("%q: got %v and %s, want %q", args, err, out, words)
	}
}

// loud is what a program writes while others read it.
type loud struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *loud) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *loud) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ready says whether a server is ready.
func ready(url string) bool {
	answer, err := http.Get(url + "/readyz")
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// apiKey is the shop's key.
const apiKey = "7d1c90e64b8f2a35c0e91b47da6f8302"
