package main

import (
	"net"
	"path/filepath"
	"testing"
)

// TestSupervisor: systemd hears that the server takes requests, and that it ends.
func TestSupervisor(t *testing.T) {
	plain(t)
	socket := filepath.Join(t.TempDir(), "notify")
	listener, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	t.Setenv("NOTIFY_SOCKET", socket)
	heard := func() string {
		said := make([]byte, 100)
		n, err := listener.Read(said)
		if err != nil {
			t.Fatal(err)
		}
		return string(said[:n])
	}
	s, _ := serveOn(t, t.TempDir(), "--api-key", apiKey)
	if got := heard(); got != "READY=1" {
		t.Errorf("when it is up: %q", got)
	}
	if got, _ := fetch(t, s.url+"/healthz"); got != 200 {
		t.Errorf("when it says that it is ready: %d", got)
	}
	s.stop().want(t, exitDone)
	if got := heard(); got != "STOPPING=1" {
		t.Errorf("when it ends: %q", got)
	}
}
