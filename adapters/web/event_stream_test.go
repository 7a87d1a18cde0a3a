package web

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestEvents follows a page's stream from its start to the end of the demo.
func TestEvents(t *testing.T) {
	d := New(Config{})
	d.Attach(lamp(t), nil)
	srv := httptest.NewServer(d)
	t.Cleanup(srv.Close)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.Run(ctx, nil) }()
	resp, err := http.Get(srv.URL + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	until(t, lines, "event: hello")
	ref, err := d.Send(t.Context(), bot.Delivery{ID: "T-1",
		Reply: bot.Reply{Room: "web:buyer:b-1", From: "case/8123/0", Mode: bot.New}})
	if err != nil || ref != "T-1" {
		t.Errorf("send: got %q %v, want T-1", ref, err)
	}
	until(t, lines, "data: web:buyer:b-1")
	until(t, lines, "event: case")
	until(t, lines, "data: case/8123/0")
	stop()
	if err := <-ended; err != nil {
		t.Errorf("run: got %v, want nil", err)
	}
	for lines.Scan() { // the stream ends with the demo
	}
}

func TestSendOfAnEditKeepsTheMessage(t *testing.T) {
	d := New(Config{})
	for mode, want := range map[bot.Mode]bot.Ref{bot.New: "T-2", bot.Edit: "T-1", bot.Strip: "T-1"} {
		got, err := d.Send(t.Context(), bot.Delivery{ID: "T-2", Ref: "T-1", Reply: bot.Reply{Mode: mode}})
		if err != nil || got != want {
			t.Errorf("send %s: got %q %v, want %q", mode, got, err, want)
		}
	}
}

// TestSlowPageStartsOver: a page that does not read is let go, and the others go on.
func TestSlowPageStartsOver(t *testing.T) {
	h := newHints()
	slow, _ := h.open()
	for range 100 {
		h.room("web:desk")
	}
	n := 0
	for range slow {
		n++
	}
	if n != cap(slow) {
		t.Errorf("hints before the slow page was let go: got %d, want %d", n, cap(slow))
	}
	h.leave(slow)
	if quick, ok := h.open(); !ok || quick == nil {
		t.Error("no page can be opened after a slow one was let go")
	}
	h.close()
	if _, ok := h.open(); ok {
		t.Error("a page was opened after the end")
	}
}

func until(t *testing.T, lines *bufio.Scanner, want string) {
	t.Helper()
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == want {
			return
		}
	}
	t.Fatalf("the stream ended before %q: %v", want, lines.Err())
}
