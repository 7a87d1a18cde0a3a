// Package postgrestest gives tests a PostgreSQL of their own: one cluster for each test package, in a folder that is gone at the
// end, reached by a socket in it.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a PostgreSQL that runs.
type Cluster struct {
	Folder string
	bin    string
	server *exec.Cmd
	ended  chan struct{}
	made   sync.Mutex
	count  int
	net    *Network // whose it is; nil is the machine's
}

var (
	once    sync.Once
	shared  *Cluster
	missing error
)

// Main runs a package's tests and ends its cluster.
func Main(m *testing.M) int {
	code := m.Run()
	if shared != nil {
		shared.Stop()
	}
	return code
}

// URL is where a new, empty database of the package's cluster is; it is there as long as the cluster. Where there is no
// PostgreSQL, the test says that it was skipped. The package's TestMain has to be Main.
func URL(t testing.TB) string {
	t.Helper()
	once.Do(func() { shared, missing = Start("fsync=off", "full_page_writes=off", "synchronous_commit=off") })
	if missing != nil {
		t.Skip("there is no PostgreSQL to test with: ", missing)
	}
	return shared.Database(t)
}

// used are databases that a test has done with, and that are empty again: making one takes much longer.
var used struct {
	sync.Mutex
	urls []string
}

// Reused is where an empty database is that another test may have used; it is the test's until that ends.
func Reused(t testing.TB) string {
	t.Helper()
	used.Lock()
	var url string
	if n := len(used.urls); n > 0 {
		url, used.urls = used.urls[n-1], used.urls[:n-1]
	}
	used.Unlock()
	if url == "" {
		url = URL(t)
	}
	t.Cleanup(func() { empty(t, url) })
	return url
}

// empty empties the tables of a database for the next test; which migrations were made stays.
func empty(t testing.TB, url string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close(ctx) //nolint:errcheck // what was done is done
	_, err = conn.Exec(ctx, `DO $$ DECLARE one text; BEGIN
		PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity -- a lost connection's last statement may still be under way
			WHERE datname = current_database() AND pid <> pg_backend_pid();
		FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_versions' LOOP
			EXECUTE 'DELETE FROM ' || quote_ident(one);
		END LOOP; END $$`)
	if err != nil {
		t.Error(err)
		return
	}
	used.Lock()
	defer used.Unlock()
	used.urls = append(used.urls, url)
}

// Database makes an empty database and says where it is.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	c.made.Lock()
	c.count++
	name := fmt.Sprint("t", c.count)
	c.made.Unlock()
	c.run(t, `CREATE DATABASE `+name)
	return c.At(name)
}

// Shared is the package's cluster, once URL was called.
func Shared() *Cluster { return shared }

// At is the address of a database.
func (c *Cluster) At(name string) string {
	return "postgres:///" + name + "?" + url.Values{"host": {c.Folder}, "user": {"nevermind"}}.Encode()
}

func (c *Cluster) run(t testing.TB, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.At("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx) //nolint:errcheck // what was done is done
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatal(err)
	}
}

// Start makes a cluster and starts its server with these settings.
func Start(settings ...string) (*Cluster, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	c, err := newCluster(bin)
	if err != nil {
		return nil, err
	}
	if err := c.initialise(); err != nil {
		return nil, err
	}
	return c, c.Launch(settings...)
}

// initialise makes its files.
func (c *Cluster) initialise() error {
	made := c.command("initdb", "-D", c.data(), "-A", "trust", "-U", "nevermind", "-E", "UTF8", "--locale=C",
		"--no-sync", "--no-instructions")
	if said, err := made.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("initdb: %w: %s", err, said), os.RemoveAll(c.Folder))
	}
	return nil
}

// newCluster is one that has nothing yet.
func newCluster(bin string) (*Cluster, error) {
	folder, err := os.MkdirTemp("", "nmpg") // short: a socket's name has about a hundred letters
	if err != nil {
		return nil, err
	}
	if who := other(); who != nil {
		if err := os.Chown(folder, int(who.Uid), int(who.Gid)); err != nil {
			return nil, err
		}
	}
	return &Cluster{Folder: folder, bin: bin}, nil
}

func (c *Cluster) data() string { return filepath.Join(c.Folder, "data") }

// Launch starts the server and waits until it answers.
func (c *Cluster) Launch(settings ...string) error {
	args := []string{"-D", c.data(), "-k", c.Folder, "-c", "listen_addresses=" + c.net.address(), "-c", "max_connections=200"}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	server := c.command("postgres", args...)
	log, err := os.OpenFile(filepath.Join(c.Folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the server has it
	server.Stdout, server.Stderr = log, log
	started, ended := make(chan error), make(chan struct{})
	go func() { // the server ends with the thread that has started it, so that it outlives no test
		runtime.LockOSThread()
		err := c.net.enter() // this thread alone, which ends with the server
		if err == nil {
			err = server.Start()
		}
		started <- err
		if err == nil {
			_ = server.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		return err
	}
	c.server, c.ended = server, ended
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.At("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ended:
			said, _ := os.ReadFile(log.Name())
			return fmt.Errorf("the server ended: %s", said)
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Kill kills the server at once, with all that belong to it.
func (c *Cluster) Kill() {
	_ = syscall.Kill(-c.server.Process.Pid, syscall.SIGKILL)
	<-c.ended
}

// Stop ends the server and removes the cluster.
func (c *Cluster) Stop() {
	_ = c.server.Process.Signal(syscall.SIGQUIT)
	<-c.ended
	_ = os.RemoveAll(c.Folder)
}

// command is one of PostgreSQL's programs, run by another user than root, whom it refuses.
func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.Folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: other(), Setpgid: true, Pdeathsig: syscall.SIGQUIT}
	return cmd
}

// other is who runs PostgreSQL where we are root.
func other() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		who, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, wrong := strconv.Atoi(who.Uid)
		gid, bad := strconv.Atoi(who.Gid)
		if errors.Join(wrong, bad) == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return &syscall.Credential{Uid: 65534, Gid: 65534}
}

// programs is the folder of PostgreSQL's programs: that of initdb in the path, or Debian's newest.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("no initdb in the path, nor below /usr/lib/postgresql")
	}
	return filepath.Dir(slices.Max(found)), nil
}
