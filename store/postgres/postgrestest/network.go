package postgrestest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Network is a network namespace of its own, in which a cluster is reached by one wire, which can be cut.
type Network struct{ name, here, there string }

// Where the two ends of the wire are.
const (
	addressHere  = "10.213.99.1"
	addressThere = "10.213.99.2"
)

// OnAWire starts a cluster in a network namespace of its own. Without the right to make one, the test says that it was skipped.
func OnAWire(t testing.TB) (*Cluster, *Network) {
	t.Helper()
	id := fmt.Sprint(os.Getpid())
	n := &Network{name: "nm" + id, here: "nmh" + id, there: "nmt" + id}
	if err := n.make(); err != nil {
		t.Skip("no network namespace can be made: ", err)
	}
	t.Cleanup(func() { _ = ip("netns", "del", n.name) })
	bin, err := programs()
	if err != nil {
		t.Skip("there is no PostgreSQL: ", err)
	}
	c, err := newCluster(bin)
	if err == nil {
		c.net = n
		err = c.initialise()
	}
	if err == nil {
		err = appendLine(filepath.Join(c.data(), "pg_hba.conf"), "host all all "+addressHere+"/32 trust")
	}
	if err == nil {
		err = c.Launch()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return c, n
}

func (n *Network) make() error {
	for _, args := range [][]string{
		{"netns", "add", n.name},
		{"link", "add", n.here, "type", "veth", "peer", "name", n.there},
		{"link", "set", n.there, "netns", n.name},
		{"addr", "add", addressHere + "/30", "dev", n.here},
		{"link", "set", n.here, "up"},
		{"-n", n.name, "addr", "add", addressThere + "/30", "dev", n.there},
		{"-n", n.name, "link", "set", n.there, "up"},
	} {
		if err := ip(args...); err != nil {
			return errors.Join(err, ip("netns", "del", n.name))
		}
	}
	return nil
}

// Cut cuts the wire, and Mend mends it: what is sent meanwhile is lost, and nobody is told.
func (n *Network) Cut() error { return ip("-n", n.name, "link", "set", n.there, "down") }

// Mend mends the wire.
func (n *Network) Mend() error { return ip("-n", n.name, "link", "set", n.there, "up") }

// At is the address of a database by the wire.
func (n *Network) At(database string) string {
	return "postgres://nevermind@" + addressThere + "/" + database + "?sslmode=disable"
}

func (n *Network) address() string {
	if n == nil {
		return ""
	}
	return addressThere
}

// enter has the thread be in the namespace.
func (n *Network) enter() error {
	if n == nil {
		return nil
	}
	space, err := os.Open("/run/netns/" + n.name)
	if err != nil {
		return err
	}
	defer space.Close() //nolint:errcheck // it was only read
	return unix.Setns(int(space.Fd()), unix.CLONE_NEWNET)
}

func ip(args ...string) error {
	said, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, said)
	}
	return nil
}

func appendLine(path, line string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line + "\n")
	return errors.Join(err, f.Close())
}
