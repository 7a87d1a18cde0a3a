package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
)

// refuseOpenFolder refuses a folder into which everybody on the machine may write: they could put a store of their own in its
// place. One in which nobody may remove what is others' (a sticky one, such as /tmp) is let be.
func refuseOpenFolder(folder string) error {
	info, err := os.Stat(folder)
	if err != nil {
		return fmt.Errorf("look at the data folder: %w", err)
	}
	if info.Mode().Perm()&0o002 != 0 && info.Mode()&os.ModeSticky == 0 {
		return fmt.Errorf("everybody on this machine may write into %s; take that away: chmod o-w %[1]s", folder)
	}
	return nil
}

// exposures are what stands more open than it has to, a sentence each; a server says them when it starts.
func (s *serveSettings) exposures(listen net.Addr) (said []string) {
	for variable, address := range map[string]string{
		"NEVERMIND_SHOP_URL": s.Shop.URL, "NEVERMIND_SHOP_WEBHOOK_URL": s.Shop.WebhookURL,
		"NEVERMIND_TELEGRAM_API": s.Telegram.API, "NEVERMIND_SLACK_API": s.Slack.API,
		"NEVERMIND_LISTENER_URL": s.Listener.URL,
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
