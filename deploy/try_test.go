// Package deploy_test installs Nevermind as its documents say and plays a cancellation; deploy/try prepares what that needs.
package deploy_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
)

// work is the folder that deploy/try has made: a bare Debian and the program. Without it there is nothing to try on.
func work(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("NEVERMIND_TRY")
	if folder == "" {
		t.Skip("bash deploy/try runs this, as root on Debian")
	}
	return folder
}

// patience is how long is waited for what must come, however busy the machine is.
const patience = 5 * time.Minute

// until waits for something to hold, as long as a program runs.
func until(t *testing.T, what string, program *loud, holds func() bool) {
	t.Helper()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); !holds(); <-look.C {
		select {
		case <-program.ended:
			t.Fatalf("it ended before %s: %s", what, program)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("never: %s: %s", what, program)
		}
	}
}

// loud is what a program writes while others read it.
type loud struct {
	ended chan struct{} // closed when it has ended
	mu    sync.Mutex
	all   bytes.Buffer
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

// begin starts a program that ends with the test.
func begin(t *testing.T, env []string, name string, args ...string) (*exec.Cmd, *loud) {
	t.Helper()
	log := loud{ended: make(chan struct{})}
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr, cmd.Env = &log, &log, env
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { cmd.Wait(); close(log.ended) }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
		defer late.Stop()
		<-log.ended
	})
	return cmd, &log
}

// settings are the variables by which the fake Telegram and the test's shop are reached.
func settings(fake *telegramtest.Server, listen string) []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "NEVERMIND_TELEGRAM_API=" + fake.URL(),
		"NEVERMIND_API_KEY=" + telegramtest.HouseKey, "NEVERMIND_LISTEN=" + listen, "NEVERMIND_TELEGRAM_RATE=0",
		"NEVERMIND_TELEGRAM_CHAT_RATE=0"}
}

// play waits for the server and lets an order be cancelled.
func play(t *testing.T, fake *telegramtest.Server, listen string, program *loud, log fmt.Stringer) {
	t.Helper()
	until(t, "the server is ready", program, func() bool {
		answer, err := http.Get("http://" + listen + "/readyz")
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		_, _ = io.Copy(io.Discard, answer.Body)
		return answer.StatusCode == http.StatusOK
	})
	h := telegramtest.House{T: t, Fake: fake, URL: "http://" + listen, Log: log}
	h.Cancelled("8123456789012345")
}

// machine is a Debian that has booted.
type machine struct {
	t       *testing.T
	program *loud
	leader  string // the process that is its first
}

// boot boots the Debian with its own systemd; the network is this machine's, so that the fake is reached.
func boot(t *testing.T, root string) machine {
	t.Helper()
	cmd, log := begin(t, os.Environ(), "systemd-nspawn", "--quiet", "--directory="+root, "--boot", "--register=no", "--keep-unit",
		"--link-journal=no", "--console=pipe", "--machine=nevermind-try-"+strconv.Itoa(os.Getpid()))
	m := machine{t: t}
	m.program = log
	children := fmt.Sprintf("/proc/%d/task/%[1]d/children", cmd.Process.Pid)
	until(t, "the machine begins", log, func() bool {
		text, err := os.ReadFile(children)
		if err != nil {
			return false
		}
		m.leader = strings.TrimSpace(string(text))
		name, _ := os.ReadFile("/proc/" + m.leader + "/comm")
		return strings.TrimSpace(string(name)) == "systemd"
	})
	until(t, "the machine is up", log, func() bool {
		state, _ := m.command(nil, "", "systemctl is-system-running").Output()
		return strings.TrimSpace(string(state)) == "running"
	})
	return m
}

// command is a line that root types on the machine.
func (m machine) command(env []string, in, line string) *exec.Cmd {
	cmd := exec.Command("nsenter", "--target", m.leader, "--all", "--wd=/proc/"+m.leader+"/root/root", "/bin/sh", "-e", "-c", line)
	cmd.Env, cmd.Stdin = env, strings.NewReader(in)
	return cmd
}

// types types lines and returns what they show; they have to succeed.
func (m machine) types(env []string, in, lines string) string {
	m.t.Helper()
	out, err := m.command(env, in, lines).CombinedOutput()
	if err != nil {
		journal, _ := m.command(env, "", "journalctl -u nevermind -n 30 --no-pager").CombinedOutput()
		m.t.Fatalf("%s\n%s\n%v\n%s", lines, out, err, journal)
	}
	m.t.Logf("# %s\n%s", strings.TrimSpace(lines), out)
	return string(out)
}

var debianBlock = regexp.MustCompile("(?s)```sh debian\n(.*?)```")

// foreign lists what lies in the data folder and is not its user's.
const foreign = `[ ! -e /var/lib/nevermind/ ] ||
	find /var/lib/private/nevermind ! -uid $(stat -c %u /var/lib/nevermind/) -exec echo "another's: {}" \;`

// TestTryUnit types what docs/install.md says for Debian, as it is written there. The answers to setup are the fake's token and
// nothing else.
func TestTryUnit(t *testing.T) {
	folder := work(t)
	debian := filepath.Join(folder, "debian")
	for from, to := range map[string]string{filepath.Join(folder, "nevermind"): "nevermind", "../deploy": "deploy"} {
		if out, err := exec.Command("cp", "-r", from, filepath.Join(debian, "root", to)).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	page, err := os.ReadFile("../docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := debianBlock.FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 3 {
		t.Fatalf("docs/install.md has %d blocks for Debian", len(blocks))
	}
	fake, listen := telegramtest.Open(t), telegramtest.FreeAddress(t)
	m, env := boot(t, debian), settings(fake, listen)
	for _, b := range blocks {
		m.types(env, fake.Token+"\n", b[1])
		if strings.Contains(m.types(env, "", foreign), "another's: ") {
			t.Error("what root did beside the server has left files that the server cannot write")
		}
	}
	play(t, fake, listen, m.program, stringer(func() string { return m.types(env, "", "journalctl -u nevermind -n 50 --no-pager") }))

	shown := m.types(env, "", `systemctl show nevermind -p MainPID -p NRestarts -p Result --value
systemd-analyze security nevermind.service | tail -1
stat -c '%a %n' /var/lib/nevermind/ /var/lib/private/nevermind/nevermind.db /etc/nevermind.env
[ $(stat -c %u /var/lib/nevermind/) -gt 60000 ] && echo a user of its own`)
	for _, want := range []string{"success", "700 /var/lib/nevermind/", "600 /var/lib/private/nevermind/nevermind.db",
		"600 /etc/nevermind.env", "a user of its own"} {
		if !strings.Contains(shown, want) {
			t.Errorf("nothing says %q", want)
		}
	}
	if score := regexp.MustCompile(`: (\d+\.\d+)`).FindStringSubmatch(shown); score == nil || score[1] > "2.0" {
		t.Errorf("systemd finds the unit exposed: %v, want 2.0 at most", score)
	}
	m.types(env, "", `systemctl restart nevermind
systemctl is-active nevermind
systemctl stop nevermind
! systemctl is-failed nevermind`)
}

// stringer is a text that is made when it is asked for.
type stringer func() string

func (s stringer) String() string { return s() }

var (
	imageEnv = regexp.MustCompile(`(?m)^ENV (.*)$`)
	imageCmd = regexp.MustCompile(`(?m)^CMD \["(.*)"\]$`)
)

// TestTryImage makes the root of the image as the Dockerfile does and starts what is in it as an engine would: another root,
// which cannot be written to, a user who is nobody, no privileges, two volumes.
func TestTryImage(t *testing.T) {
	folder := work(t)
	file, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, last, _ := strings.Cut(string(file), "FROM scratch")
	if !strings.Contains(last, "USER 65532:65532\n") || !strings.Contains(last, `ENTRYPOINT ["/nevermind"]`) {
		t.Fatal("the Dockerfile is not as this test knows it")
	}
	root := filepath.Join(folder, "image")
	prepare := fmt.Sprintf(`mkdir -p %[1]s/data %[1]s/keys %[1]s/etc/ssl/certs %[2]s/volume/data %[2]s/volume/keys
cp /etc/ssl/certs/ca-certificates.crt %[1]s/etc/ssl/certs/
cp %[2]s/nevermind %[1]s/nevermind
chown 65532:65532 %[1]s/data %[1]s/keys %[2]s/volume/data %[2]s/volume/keys
chmod 755 %[2]s`, root, folder)
	if out, err := exec.Command("/bin/sh", "-ec", prepare).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	fake, listen := telegramtest.Open(t), telegramtest.FreeAddress(t)
	env := append(strings.Fields(imageEnv.FindStringSubmatch(last)[1]), settings(fake, listen)...)
	env = append(env, "NEVERMIND_TELEGRAM_TOKEN="+fake.Token)
	start := fmt.Sprintf(`mount --make-rprivate /
mount --bind %[1]s %[1]s
mount --bind %[2]s/volume/data %[1]s/data
mount --bind %[2]s/volume/keys %[1]s/keys
mount -o remount,bind,ro %[1]s
exec setpriv --no-new-privs --inh-caps=-all chroot --userspec=65532:65532 --groups= %[1]s /nevermind %[3]s`,
		root, folder, strings.ReplaceAll(imageCmd.FindStringSubmatch(last)[1], `", "`, " "))
	cmd, log := begin(t, env, "unshare", "--mount", "/bin/sh", "-ec", start)
	play(t, fake, listen, log, log)

	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Uid:\t65532\t", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1"} {
		if !strings.Contains(string(status), want) {
			t.Errorf("the process has not %q:\n%s", want, status)
		}
	}
	inside := exec.Command("nsenter", "--target", strconv.Itoa(cmd.Process.Pid), "--mount", "--root", "--wd=/", "--setuid=65532",
		"--setgid=65532", "/nevermind", "health", "--ready")
	inside.Env = env
	if out, err := inside.CombinedOutput(); err != nil || !strings.Contains(string(out), "ready") {
		t.Errorf("health in the image: %s (%v)", out, err)
	}
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/root/written", cmd.Process.Pid), nil, 0o600); err == nil {
		t.Error("the image's root can be written to")
	}
}
