package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// ran is what a command has left behind.
type ran struct {
	code      int
	out, errs string
}

// command runs the program to its end.
func command(t *testing.T, in string, args ...string) ran {
	t.Helper()
	return later(t, 0, in, args...)
}

// later does the same at a time to come.
func later(t *testing.T, by time.Duration, in string, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(in), &out, &errs, func() time.Time { return time.Now().Add(by) })
	return ran{code, out.String(), errs.String()}
}

// comes lets a person look into their chat, at a time to come, until it shows some words: what time has brought about is
// done one thing after the other.
func comes(t *testing.T, by time.Duration, in, words, buyer, data string, more ...string) ran {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		r := later(t, by, in, append([]string{"chat", "--as", buyer, "--data", data}, more...)...)
		if strings.Contains(r.out, words) || time.Now().After(end) {
			r.want(t, exitDone, words)
			return r
		}
	}
}

func (r ran) want(t *testing.T, code int, texts ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code: got %d, want %d\nout: %s\nerr: %s", r.code, code, r.out, r.errs)
	}
	for _, text := range texts {
		if !strings.Contains(r.out+r.errs, text) {
			t.Errorf("nothing says %q\nout: %s\nerr: %s", text, r.out, r.errs)
		}
	}
}

// plain forgets what the machine's own settings are.
func plain(t *testing.T) {
	t.Helper()
	for _, name := range promised {
		t.Setenv("NEVERMIND_"+name, "")
	}
}

// started is a demo that runs.
type started struct {
	t    *testing.T
	url  string
	stop func() ran
}

// atOnce is a policy by which what support decides goes out at once.
func atOnce(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "at-once.yaml")
	if err := os.WriteFile(file, []byte("windows: {undo: none}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

var served = regexp.MustCompile(`http://\S+`)

// demo starts the program and waits until it says where it is.
func demo(t *testing.T, data string, args ...string) *started {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	from, out := io.Pipe()
	var errs bytes.Buffer
	end := make(chan int, 1)
	go func() {
		end <- run(ctx, append([]string{"demo", "--listen", "127.0.0.1:0", "--data", data, "--log", "warn"}, args...), nil, out, &errs,
			time.Now)
		out.Close()
	}()
	lines := bufio.NewReader(from)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the demo did not start: exit code %d, %s", <-end, errs.String())
	}
	rest := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(lines)
		rest <- string(text)
	}()
	s := &started{t: t, url: served.FindString(first)}
	var ended *ran
	s.stop = func() ran {
		if ended == nil {
			cancel()
			ended = &ran{<-end, first + <-rest, errs.String()}
		}
		return *ended
	}
	t.Cleanup(func() { s.stop() })
	return s
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"nothing":         {nil, "expected one of"},
		"no such command": {[]string{"serv"}, "serv"},
		"no such flag":    {[]string{"check", "--colour"}, "--colour"},
		"no buyer":        {[]string{"chat"}, "--as"},
		"no file":         {[]string{"import"}, "<file>"},
		"no such format":  {[]string{"flows", "--format", "pdf"}, "--format"},
		"no such flow":    {[]string{"flows", "small_talk"}, "small_talk"},
		"no such level":   {[]string{"version", "--log", "loud"}, "NEVERMIND_LOG"},
		"no such store":   {[]string{"replay", "C-1", "--store", "redis://x"}, "NEVERMIND_STORE"},
		"no such config":  {[]string{"check", "--config", "/no/such/file"}, "/no/such/file"},
	} {
		t.Run(name, func(t *testing.T) { command(t, "", c.args...).want(t, exitWrongUse, c.says) })
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	r := command(t, "", "--help")
	r.want(t, exitDone, "serve", "demo", "chat", "import", "flows", "check", "replay", "version", "NEVERMIND_DATA")
}

func TestSettings(t *testing.T) {
	plain(t)
	file := filepath.Join(t.TempDir(), "settings.yaml")
	write(t, file, "log: from-file\n")
	command(t, "", "check", "--config", file).want(t, exitFailed, `"from-file"`)
	t.Setenv("NEVERMIND_LOG", "from-variable")
	command(t, "", "check", "--config", file).want(t, exitFailed, `"from-variable"`)
	command(t, "", "check", "--config", file, "--log", "from-flag").want(t, exitFailed, `"from-flag"`)
	t.Setenv("NEVERMIND_LOG", "")
	write(t, file, "colour: blue\n")
	command(t, "", "check", "--config", file).want(t, exitFailed, `"colour"`)
	command(t, "", "version", "--config", file).want(t, exitWrongUse, `"colour"`)
	write(t, file, "log: [a, b]\n")
	command(t, "", "check", "--config", file).want(t, exitFailed, "log: give one")
	write(t, file, ": : :\n")
	command(t, "", "check", "--config", file).want(t, exitFailed, "YAML")
	write(t, file, "")
	command(t, "", "check", "--config", file).want(t, exitDone, "ok:")
}

func TestStoreSettingIsNotRepeated(t *testing.T) {
	t.Parallel()
	r := command(t, "", "check", "--store", "postgres://me:secret@db/x:y")
	r.want(t, exitFailed, "NEVERMIND_KEYRING")
	if strings.Contains(r.out+r.errs, "secret") {
		t.Errorf("the password is shown: %s %s", r.out, r.errs)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	command(t, "", "check").want(t, exitDone, "ok:")
	file := filepath.Join(t.TempDir(), "policy.yaml")
	write(t, file, "windows:\n  seller_answer: soon\n  seller_answr: 2d\n")
	r := command(t, "", "check", "--policy", file)
	r.want(t, exitFailed, "seller_answer", "seller_answr", "2 faults")
	if got := strings.Count(r.out, "\n"); got != 2 {
		t.Errorf("lines: got %d, want one for each of 2 faults:\n%s", got, r.out)
	}
	command(t, "", "check", "--policy", "/no/such/file").want(t, exitFailed, "NEVERMIND_POLICY")
}

func TestRules(t *testing.T) {
	t.Parallel()
	r := command(t, "", "check", "--rules")
	r.want(t, exitDone, "windows.seller_answer")
	for _, rule := range []string{"S01 ", "S41 ", "S91 ", "Q1 ", "Q14 "} {
		if !strings.Contains("\n"+r.out, "\n"+rule) {
			t.Errorf("rule %sis not listed", rule)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	command(t, "", "version").want(t, exitDone, "nevermind ", "go 1.", "schema ")
}

func TestDemo(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	d := demo(t, data)
	socket := filepath.Join(data, socketName)
	info, err := os.Stat(socket)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the control socket: got %v (%v), want it there with 0600", info, err)
	}
	command(t, "/quit\n", "chat", "--as", "b-1", "--data", data).want(t, exitDone, "You are Ana Torres (b-1).")
	command(t, "", "chat", "--as", "b-404", "--data", data).want(t, exitFailed, `no buyer "b-404"`)
	command(t, "", "replay", "C-NONE", "--data", data).want(t, exitFailed, "no such case")
	d.stop().want(t, exitDone, "Ctrl-C")
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the control socket is left behind: %v", err)
	}
	command(t, "/quit\n", "chat", "--as", "b-1", "--data", data).want(t, exitDone, "You are Ana Torres (b-1).")
	demo(t, data).stop().want(t, exitDone)
}

func TestDemoForgets(t *testing.T) {
	plain(t)
	t.Setenv("TMPDIR", t.TempDir())
	d := demo(t, "")
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "nevermind-*"))
	if err != nil || len(left) != 1 {
		t.Errorf("while it runs: got %v (%v), want one folder", left, err)
	}
	d.stop().want(t, exitDone)
	if left, err = filepath.Glob(filepath.Join(os.TempDir(), "nevermind-*")); err != nil || len(left) != 0 {
		t.Errorf("afterwards: got %v (%v), want nothing", left, err)
	}
}

func TestDemoRefuses(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	command(t, "", "demo", "--listen", taken.Addr().String()).want(t, exitFailed, "cannot be served on", "--listen")

	data := t.TempDir()
	demo(t, data)
	command(t, "", "demo", "--listen", "127.0.0.1:0", "--data", data).want(t, exitFailed, "another nevermind")
}

func TestDeadSocket(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(data, socketName))
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	demo(t, data)
	command(t, "/quit\n", "chat", "--as", "b-1", "--data", data).want(t, exitDone, "You are Ana")
}

func TestDeepFolder(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), strings.Repeat("deep-", 15), strings.Repeat("deeper-", 15))
	demo(t, data)
	command(t, "/quit\n", "chat", "--as", "b-1", "--data", data).want(t, exitDone, "You are Ana")
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

var caseName = regexp.MustCompile(`C-[0-9A-Z]{8}`)

// TestSeenThrough cancels an order in the terminal alone: the seller has no chat, nobody reaches them in a day, support never
// decides, so the policy does; and the order book settles at once.
func TestSeenThrough(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	policy := filepath.Join(data, "policy.yaml")
	write(t, policy, quickPolicy("24h"))
	command(t, order("900001", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	asked := command(t, "900001\nCancel this order\n1\n1\n", "chat", "--as", "b-9", "--data", data, "--policy", policy)
	asked.want(t, exitDone, "Thank you", "24.90 USD")
	name := caseName.FindString(asked.out)
	if name == "" { // a terminal that is closed early shows it the next time
		name = caseName.FindString(comes(t, 0, "my requests\n", "C-", "b-9", data, "--policy", policy).out)
	}
	comes(t, 25*time.Hour, "", "has sent 24.90 USD", "b-9", data, "--policy", policy)
	command(t, "", "replay", name, "--data", data).want(t, exitDone, name+": ", "every one the same")
	command(t, "", "replay", "case/900001/0", "--data", data).want(t, exitDone, "every one the same")
	write(t, policy, "windows: {seller_answer: 48h}\n")
	command(t, "", "replay", name, "--data", data, "--policy", policy).want(t, exitDone,
		"every one the same") // under the policy of then
}

// apiKey is the shop's key in tests.
const apiKey = "7d1c90e64b8f2a35c0e91b47da6f8302"
