package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"nevermind/store/postgres"
)

// refuseOpenFolder refuses a folder into which everybody on the machine may write, or that lies below one: they could put a store
// of their own in its place. One in which nobody may remove what is others' (a sticky one, such as /tmp) is let be.
func refuseOpenFolder(folder string) error {
	if _, err := os.Stat(folder); err != nil {
		return fmt.Errorf("look at the data folder: %w", err)
	}
	at, err := filepath.Abs(folder)
	if err != nil {
		return fmt.Errorf("look at the data folder: %w", err)
	}
	if target, err := filepath.EvalSymlinks(at); err == nil {
		at = target
	}
	for {
		info, err := os.Stat(at)
		if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 && info.Mode()&os.ModeSticky == 0 {
			return fmt.Errorf("everybody on this machine may write into %s; take that away: chmod o-w %[1]s", at)
		}
		above := filepath.Dir(at)
		if above == at {
			return nil
		}
		at = above
	}
}

// exposures are what stands more open than it has to, a sentence each; a server says them when it starts.
func (s *serveSettings) exposures(listen net.Addr) (said []string) {
	for variable, address := range map[string]string{
		"NEVERMIND_SHOP_URL": s.Shop.URL, "NEVERMIND_SHOP_WEBHOOK_URL": s.Shop.WebhookURL,
		"NEVERMIND_TELEGRAM_API": s.Telegram.API, "NEVERMIND_SLACK_API": s.Slack.API,
		"NEVERMIND_LISTENER_URL": s.Listener.URL, "NEVERMIND_PUBLIC_URL": s.PublicURL,
	} {
		if u, err := url.Parse(address); err == nil && u.Scheme == "http" && !staysHere(u.Hostname()) {
			said = append(said, variable+" begins with http: what goes there can be read and changed on its way")
		}
	}
	if at, ok := listen.(*net.TCPAddr); ok && !at.IP.IsLoopback() && s.Operations == "" {
		said = append(said, "/metrics is served beside the rest, not on this machine alone: "+
			"NEVERMIND_OPERATIONS_LISTEN gives it a listener of its own")
	}
	return said
}

// staysHere says whether what is sent to a host does not leave the machine.
func staysHere(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// exposures are what stands more open than it has to by how the program was started, a sentence each: secrets where others can
// read them, and settings that were meant and do not count.
func (s *settings) exposures(args []string, secrets []secret) (said []string) {
	holds := func(text string) bool {
		return slices.ContainsFunc(secrets, func(k secret) bool { return len(k.text()) >= 4 && strings.Contains(text, k.text()) })
	}
	if slices.ContainsFunc(args, holds) {
		said = append(said, "a secret was given on the command line, which everybody on this machine can read: give it as a variable")
	}
	if text, err := os.ReadFile(string(s.Config)); err == nil && holds(string(text)) && openToAll(string(s.Config)) {
		said = append(said, "everybody on this machine can read the file of settings, and there are secrets in it: chmod o-r it")
	}
	for what, file := range map[string]string{"the key's file": s.keyFile(), "the key ring": s.ringFile()} {
		if openToAll(file) {
			said = append(said, "everybody on this machine can read "+what+": chmod o-r it")
		}
	}
	if !s.Key.set() && liesIn(s.folder(), s.keyFile()) {
		said = append(said, "the key lies in the data folder: whoever copies that can read it. "+
			"NEVERMIND_KEY_FILE names another place")
	}
	if u, err := url.Parse(s.Files); err == nil && u.Scheme == "s3" {
		if at, err := url.Parse(u.Query().Get("endpoint")); err == nil && at.Scheme == "http" && !staysHere(at.Hostname()) {
			said = append(said, "NEVERMIND_FILES begins with http: what goes there can be read and changed on its way")
		}
	}
	for _, database := range []struct{ variable, address string }{
		{"NEVERMIND_STORE", s.Store}, {"NEVERMIND_KEYRING", s.KeyRing},
	} {
		elsewhere := slices.DeleteFunc(postgres.InTheClear(database.address), staysHere)
		if isPostgres(database.address) && len(elsewhere) > 0 {
			said = append(said, database.variable+" does not insist on TLS: what goes there can be read and changed on its way; "+
				"say sslmode=verify-full")
		}
	}
	for _, name := range s.unknown {
		said = append(said, name+" is no setting, so it does nothing: --help lists them")
	}
	return said
}

// openToAll says whether everybody on the machine may read a file.
func openToAll(file string) bool {
	info, err := os.Stat(file) //nolint:gosec // whoever starts the program names it
	return err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o004 != 0
}

// liesIn says whether a file lies somewhere in a folder, by whatever names.
func liesIn(folder, file string) bool {
	whole := func(path string) string {
		if at, err := filepath.EvalSymlinks(path); err == nil {
			path = at
		}
		at, err := filepath.Abs(path)
		if err != nil {
			return path
		}
		return at
	}
	way, err := filepath.Rel(whole(folder), filepath.Join(whole(filepath.Dir(file)), filepath.Base(file)))
	return err == nil && way != ".." && !strings.HasPrefix(way, ".."+string(filepath.Separator))
}

// unknownVariables are those that are called like a setting and are none: a mistyped one would be left out in silence.
func unknownVariables(app *kong.Application, environment []string) (unknown []string) {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error { // the visitor returns no error
		if f, ok := node.(*kong.Flag); ok {
			for _, env := range f.Envs {
				known[env] = true
			}
		}
		return next(nil)
	})
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if like := strings.ToUpper(strings.TrimSpace(name)); strings.HasPrefix(like, variablePrefix) && !known[name] && value != "" {
			unknown = append(unknown, fmt.Sprintf("%.64q", name))
		}
	}
	slices.Sort(unknown)
	return unknown
}
