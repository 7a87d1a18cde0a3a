package telegram

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"nevermind/bot"
)

// callLog answers each call of the Bot API, and keeps what it saw of the request.
type callLog struct {
	mu    sync.Mutex
	cut   bool // the connection is closed in place of an answer
	calls []string
	from  map[string]bool // the connections that were used
}

func (l *callLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	l.mu.Lock()
	defer l.mu.Unlock()
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if r.ContentLength != int64(len(body)) {
		kind += " in chunks"
	}
	l.calls = append(l.calls, r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]+" "+kind)
	l.from[r.RemoteAddr] = true
	if l.cut {
		panic(http.ErrAbortHandler)
	}
	_, _ = io.WriteString(w, sentMessage)
}

// seen are the calls so far, and from how many connections they came.
func (l *callLog) seen() (calls []string, connections int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls, len(l.from)
}

// setCut breaks connections from now on.
func (l *callLog) setCut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
}

// TestCallsAreJSON holds that calls go out as JSON on one connection, files as a form, and that net/http does not repeat by
// itself a call that was written to a connection which then broke.
func TestCallsAreJSON(t *testing.T) {
	l := &callLog{from: map[string]bool{}}
	server := httptest.NewServer(l)
	defer server.Close()
	a, err := New(Config{Token: "1:x", API: server.URL, Blobs: &memoryBlobs{}})
	if err != nil {
		t.Fatal(err)
	}
	d := newDelivery("hello")
	d.Reply.Files = []bot.File{{Name: "a.pdf", Type: "application/pdf", Hash: "0a", Size: 9}}
	edit, strip := newDelivery("changed"), newDelivery("")
	edit.Reply.Mode, edit.Ref, strip.Reply.Mode, strip.Ref = bot.Edit, "8", bot.Strip, "9"
	for _, d := range []bot.Delivery{d, edit, strip} {
		if ref, err := a.Send(t.Context(), d); err != nil || d.Reply.Mode == bot.New && ref != "7" {
			t.Errorf("%s: got %q, %v", d.Reply.Mode, ref, err)
		}
	}
	a.answerCallback("Q", "words")
	if _, err := a.getUpdates(context.WithoutCancel(t.Context()), 0, 0); err == nil {
		t.Error("a message is taken for updates")
	}
	want := "sendDocument multipart/form-data, sendMessage application/json, editMessageText application/json, " +
		"editMessageReplyMarkup application/json, answerCallbackQuery application/json, getUpdates application/json"
	calls, connections := l.seen()
	if got := strings.Join(calls, ", "); got != want || connections != 1 {
		t.Errorf("on %d connections, want one:\ngot  %s\nwant %s", connections, got, want)
	}
	l.setCut()
	_, err = a.Send(t.Context(), newDelivery("again"))
	if calls, _ = l.seen(); !sameKind(err, errUnclear) || len(calls) != 7 {
		t.Errorf("a call that was cut off was made %d times, and ended with %v", len(calls)-6, err)
	}
}

// TestParseResponse wants the quick way, which cuts a result out, to read what the slow way reads.
func TestParseResponse(t *testing.T) {
	for _, raw := range []string{
		`{"ok":true,"result":{"message_id":7,"text":"}"}}`, `{"ok":true,"result":true}` + "\n", `{"ok":true,"result":[{"a":1},{}]}`,
		`{"ok":true,"result":{"a":1},"more":{"b":2}}`, `{"ok":true,"result":1,"result":2}`, `{"ok":true,"result":{"a":1}`,
		`{"ok":true,"result":}`, `{ "ok": true, "result": 3 }`, `{"ok":false,"error_code":429,"description":"slow"}`, `<html>}`, ``,
	} {
		var want apiResponse
		wrong := json.Unmarshal([]byte(raw), &want)
		got, err := parseResponse([]byte(raw))
		if (err == nil) != (wrong == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v (%v), want %+v (%v)", raw, got, err, want, wrong)
		}
	}
}
