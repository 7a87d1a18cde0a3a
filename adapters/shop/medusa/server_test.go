//go:build unix

package medusa_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is the real Medusa with its PostgreSQL, started once for all tests of this package, and what it was seeded with.
type server struct {
	url, key, data                     string
	port                               int
	processes                          []*exec.Cmd
	region, channel, customer          string
	location, shipping, databaseFolder string
}

var (
	once     sync.Once
	started  *server
	startErr error
)

// TestMain ends the servers with the tests.
func TestMain(m *testing.M) {
	code := m.Run()
	if started != nil {
		started.stop()
	}
	os.Exit(code)
}

// medusaServer is the running server; a test that needs it is skipped where it is not installed.
func medusaServer(t *testing.T) *server {
	t.Helper()
	if os.Getenv("NEVERMIND_MEDUSA") == "" {
		t.Skip("it starts the real Medusa, which takes minutes: make medusa")
	}
	if _, err := os.Stat("testserver/node_modules/@medusajs/medusa/package.json"); err != nil {
		t.Skip("Medusa is not installed (npm ci --prefix adapters/shop/medusa/testserver): the tests against it are skipped")
	}
	if postgres("initdb") == "" {
		t.Skip("no PostgreSQL: the tests against the real Medusa are skipped")
	}
	once.Do(func() {
		started = &server{}
		startErr = started.start()
	})
	if startErr != nil {
		t.Fatal(startErr)
	}
	return started
}

// postgres is the path of one of PostgreSQL's programs.
func postgres(name string) string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return ""
	}
	return found[len(found)-1]
}

func (s *server) start() (err error) {
	if s.data, err = os.MkdirTemp("", "medusa"); err != nil {
		return err
	}
	if err := s.startDatabase(); err != nil {
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	for _, args := range [][]string{
		{"db:migrate", "--skip-links"}, {"db:sync-links", "--execute-all"}, {"user", "-e", "admin@example.com", "-p", "supersecret"},
	} {
		if out, err := s.medusa(args...).CombinedOutput(); err != nil {
			return fmt.Errorf("medusa %v: %w: %s", args, err, out[max(0, len(out)-2000):])
		}
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	s.url = fmt.Sprint("http://127.0.0.1:", port)
	if err := s.run(s.medusa("start", "-H", "127.0.0.1", "-p", strconv.Itoa(port))); err != nil {
		return err
	}
	for end := time.Now().Add(10 * time.Minute); ; <-time.After(500 * time.Millisecond) {
		if answer, err := http.Get(s.url + "/health"); err == nil {
			answer.Body.Close()
			return s.seed()
		}
		if time.Now().After(end) {
			return fmt.Errorf("medusa does not start")
		}
	}
}

// startDatabase runs a PostgreSQL of its own; it refuses to run as root.
func (s *server) startDatabase() error {
	s.databaseFolder = filepath.Join(s.data, "pg")
	var as *syscall.Credential
	if os.Getuid() == 0 {
		who, err := user.Lookup("postgres")
		if err != nil {
			return err
		}
		uid, err := strconv.Atoi(who.Uid)
		if err != nil {
			return err
		}
		as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}
		if err := os.Chmod(s.data, 0o755); err != nil {
			return err
		}
		if err := os.Mkdir(s.databaseFolder, 0o700); err != nil {
			return err
		}
		if err := os.Chown(s.databaseFolder, uid, uid); err != nil {
			return err
		}
	}
	command := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(postgres(name), args...)
		cmd.Dir = s.databaseFolder
		if cmd.SysProcAttr = (&syscall.SysProcAttr{Credential: as}); as == nil {
			cmd.Dir = s.data
		}
		return cmd
	}
	if out, err := command("initdb", "-D", s.databaseFolder, "-A", "trust", "-U", "medusa").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	s.port = port
	if err := s.run(command("postgres", "-D", s.databaseFolder, "-p", strconv.Itoa(port), "-k", "", "-c", "fsync=off",
		"-c", "listen_addresses=127.0.0.1")); err != nil {
		return err
	}
	for range 240 {
		create := command("psql", "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-U", "medusa",
			"-c", "create database medusa", "postgres")
		if create.Run() == nil {
			return nil
		}
		<-time.After(250 * time.Millisecond)
	}
	return fmt.Errorf("it does not start")
}

// medusa is one of Medusa's own commands.
func (s *server) medusa(args ...string) *exec.Cmd {
	cmd := exec.Command("node", append([]string{"node_modules/@medusajs/cli/cli.js"}, args...)...)
	cmd.Dir = "testserver"
	cmd.Env = append(os.Environ(), "MEDUSA_DISABLE_TELEMETRY=true", "NODE_ENV=production",
		fmt.Sprintf("MEDUSA_DATABASE=postgres://medusa@127.0.0.1:%d/medusa", s.port))
	return cmd
}

// run starts a program that stop ends, with all that it starts.
func (s *server) run(cmd *exec.Cmd) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	s.processes = append(s.processes, cmd)
	return cmd.Start()
}

func (s *server) stop() {
	for _, cmd := range s.processes {
		if cmd.Process != nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may be gone
			_ = cmd.Wait()
		}
	}
	os.RemoveAll(s.data)
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// call asks the Admin API as the shop's people.
func (s *server) call(method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if body == nil {
		text = nil
	}
	r, err := http.NewRequest(method, s.url+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	switch {
	case len(s.key) > 2 && s.key[:3] == "sk_":
		r.SetBasicAuth(s.key, "")
	case s.key != "":
		r.Header.Set("Authorization", "Bearer "+s.key)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if text, err = io.ReadAll(answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %d %s", method, path, answer.StatusCode, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// id makes something and returns the id of what is under a name in the answer.
func (s *server) id(path, name string, body any) (string, error) {
	var made map[string]json.RawMessage
	if err := s.call(http.MethodPost, path, body, &made); err != nil {
		return "", err
	}
	var one struct{ ID string }
	return one.ID, json.Unmarshal(made[name], &one)
}
