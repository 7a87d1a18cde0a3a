package web

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// contentPolicy lets the page load its own files and talk to its own server, and nothing else.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard admits only requests that the page itself makes: a foreign Host is a name that was rebound to us, a foreign Origin
// or a form's POST is another site's request.
func (d *Demo) guard(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	switch {
	case !hostAllowed(r.Host, d.cfg.Host):
		writeFault(w, fault{http.StatusMisdirectedRequest, "this demo answers only under its own address"})
	case r.Method == http.MethodPut && !ownOrigin(r):
		writeFault(w, fault{http.StatusForbidden, "a file must come from this page"})
	case r.Method == http.MethodPost && !ownPost(r):
		writeFault(w, fault{http.StatusUnsupportedMediaType, "a POST must come from this page, with Content-Type: application/json"})
	case d.engine == nil:
		writeFault(w, fault{http.StatusServiceUnavailable, wordsNotReady})
	default:
		d.mux.ServeHTTP(w, r)
	}
}

// hostAllowed admits the loopback and the host listened on; where that is every address, any address but no name.
func hostAllowed(hostport, listen string) bool {
	host := strings.ToLower(hostport)
	if name, _, err := net.SplitHostPort(hostport); err == nil {
		host = strings.ToLower(name)
	}
	host = strings.TrimSuffix(strings.Trim(host, "[]"), ".")
	// Browsers resolve .localhost to the loopback by themselves.
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	if listen != "" && strings.EqualFold(host, listen) {
		return true
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	all, err := netip.ParseAddr(listen)
	return addr.IsLoopback() || err == nil && all.IsUnspecified()
}

// ownPost says whether a POST comes from the page: JSON, which no form of another site can send without asking first.
func ownPost(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return false
	}
	return ownOrigin(r)
}

// ownOrigin says whether a request comes from the page's own origin; programs that are no browsers name none.
func ownOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	// Browsers name the origin of every POST and PUT.
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}
