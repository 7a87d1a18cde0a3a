package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// What was put is sent by its hash, and comes back in a way in which no browser runs anything of it.
func TestFiles(t *testing.T) {
	s := lamp(t)
	srv := s.open(t)
	for _, c := range []struct{ name, content, kind, served, place string }{
		{"lamp.jpg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "image/jpeg", "image/jpeg", "inline"},
		{"b\u00fcchse.txt", "It came broken.", "text/plain", "application/octet-stream", "attachment"},
		{"bill.pdf", "%PDF-1.7\n<script>", "application/pdf", "application/octet-stream", "attachment"},
	} {
		status, body := ask(t, "PUT", srv.URL+"/api/files?name="+c.name, c.content)
		var f attachment
		if err := json.Unmarshal([]byte(body), &f); status != 200 || err != nil || f.Name != c.name || f.Type != c.kind {
			t.Fatalf("%s: got %d %s", c.name, status, body)
		}
		said := strings.Replace(hello, `"text":"hi"`, `"text":"","files":["`+f.Hash+`"]`, 1)
		if status, body := ask(t, "POST", srv.URL+"/api/messages", said); status != 200 {
			t.Fatalf("%s: sent and got %d %s", c.name, status, body)
		}
		if got := s.got[len(s.got)-1].Files; len(got) != 1 || got[0].Type != c.kind || got[0].Hash != f.Hash {
			t.Errorf("%s: received %+v", c.name, got)
		}
		resp, err := http.Get(srv.URL + "/api/files/" + f.Hash + "?name=" + c.name)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		h := resp.Header
		if h.Get("Content-Type") != c.served || !strings.HasPrefix(h.Get("Content-Disposition"), c.place+";") ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s is served as %v", c.name, h)
		}
	}
}
