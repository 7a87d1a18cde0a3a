package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// demoCommand is the whole product on one machine, for looking at it.
type demoCommand struct {
	Listen string `help:"${demo_listen}" env:"NEVERMIND_LISTEN" placeholder:"ADDRESS"`
}

// defaultListen is where the page or the server listens where nothing else is said: this machine
// alone.
const defaultListen = "127.0.0.1:8080"

// Run shows the whole product on this machine until it is told to stop.
func (c demoCommand) Run(ctx context.Context, p *program) (err error) {
	listener, err := net.Listen("tcp", c.address())
	if err != nil {
		return fmt.Errorf("the page cannot be served on %s; choose another place with --listen: %w", c.address(), err)
	}
	forget, err := p.demoFolder()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	h, err := p.open(ctx, plan{host: c.host(), welcome: true, alive: true, demo: true})
	if err != nil {
		return errors.Join(err, listener.Close(), forget())
	}
	if err = ownedByDemo.claim(ctx, h.store); err == nil {
		err = p.demo(ctx, h, listener)
	} else {
		err = errors.Join(err, listener.Close())
	}
	return errors.Join(err, h.store.Close(), forget())
}

// address is where the page is served.
func (c demoCommand) address() string {
	if c.Listen == "" {
		return defaultListen
	}
	return c.Listen
}

// host is the name or address that the page is asked for by; all addresses where none is named.
func (c demoCommand) host() string {
	host, _, err := net.SplitHostPort(c.address())
	if err != nil || host == "" {
		return "0.0.0.0"
	}
	return host
}

// demoFolder takes the folder that was named, or a fresh one that is forgotten at the end.
func (p *program) demoFolder() (forget func() error, err error) {
	if p.set.Data != "" {
		return func() error { return nil }, nil
	}
	folder, err := os.MkdirTemp("", "nevermind-")
	p.set.Data = filepath.Join(folder, "data") // the key lies beside it, and is forgotten with it
	return func() error { return os.RemoveAll(folder) }, err
}

// demo serves the page and the control socket until ctx ends, then lets everything under way come to its end.
func (p *program) demo(ctx context.Context, h *house, listener net.Listener) error {
	if err := h.populate(ctx); err != nil {
		return errors.Join(fmt.Errorf("load the sample marketplace: %w", err), listener.Close())
	}
	return h.serveUntil(ctx, p, listener, server(p.log, h.page), func() {
		p.invite(listener.Addr())
		p.log.Info("demo is up", "listen", listener.Addr().String())
	}, func() { p.log.Info("demo stops") })
}

// invite says where the page is and what to try there.
func (p *program) invite(at net.Addr) {
	fmt.Fprintf(p.out, `Nevermind is on %s

Try:  press "Situations" and choose a story that has begun;
      or, as a buyer on the left, cancel one of your orders,
      answer in the middle as the seller, or let the day pass with the clock at the top,
      and decide on the right as support what the two cannot agree on.

In another terminal:  nevermind chat --as b-1 --data %s
Your own orders:      nevermind import orders.csv --data %[2]s

Ctrl-C stops.
`, pageURL(at), p.set.folder())
	if a, ok := at.(*net.TCPAddr); ok && !a.IP.IsLoopback() {
		fmt.Fprintln(p.out, "Whoever reaches this machine can use the page as anybody: it asks for no password.")
	}
}

// pageURL is the address under which a person on this machine opens the page.
func pageURL(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
