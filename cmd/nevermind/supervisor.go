package main

import (
	"fmt"
	"net"
	"os"
)

// tellSupervisor tells systemd how the server is (READY=1, STOPPING=1), where systemd has started it and waits for that
// (Type=notify).
func tellSupervisor(state string) error {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return nil
	}
	to, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("tell systemd %s: %w", state, err)
	}
	defer to.Close() //nolint:errcheck // what was written has been taken
	if _, err = to.Write([]byte(state)); err != nil {
		return fmt.Errorf("tell systemd %s: %w", state, err)
	}
	return nil
}
