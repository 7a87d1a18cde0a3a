package rest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// result is what became of a line, as it was answered.
type result struct {
	Line    int
	ID      string
	OK      bool
	Problem *said
}

func results(t testing.TB, in io.Reader) (all []result) {
	t.Helper()
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var r result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		all = append(all, r)
	}
	return all
}

func onOneLine(id string) string { return strings.ReplaceAll(anOrder(id), "\n", "") }

func TestOrdersInBulk(t *testing.T) {
	s := newFixture(t)
	body := strings.Join([]string{
		onOneLine("1"), "", `{"id":"2"`, onOneLine("3"), strings.Repeat("x", 3<<20),
		strings.Replace(onOneLine("4"), `"24.90"`, "24.90", 1),
		"[" + onOneLine("5") + "]", "\x00", strings.Replace(onOneLine("6"), `"USD"`, `"USD","currency":"USD"`, 1), onOneLine("1"),
		"\xff\xfe", onOneLine("7"),
	}, "\n")
	w := s.ask("POST", "/v1/orders", body, "Content-Type", "application/x-ndjson")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/x-ndjson" {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	got := ""
	for _, r := range results(t, w.Body) {
		what := "kept"
		if !r.OK {
			what = fmt.Sprint(r.Problem.Status, " ", r.Problem.Errors[0].Location)
		}
		got += fmt.Sprintf("%d %s %s\n", r.Line, r.ID, what)
	}
	want := "1 1 kept\n3  400 body\n4 3 kept\n5  400 body\n6  422 body.total\n7  400 body\n" +
		"8  400 body\n9  422 body.currency\n10 1 kept\n11  400 body\n12 7 kept\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for id, kept := range map[string]bool{"1": true, "2": false, "3": true, "4": false, "5": false, "6": false, "7": true} {
		if _, err := s.engine.Order(context.Background(), id); (err == nil) != kept {
			t.Errorf("order %s: kept is %v", id, err == nil)
		}
	}
}

// TestTypesThatToolsWrite: what a tool names by itself, or a small slip, keeps no order out.
func TestTypesThatToolsWrite(t *testing.T) {
	s := newFixture(t)
	for _, kind := range []string{"", "application/json", "application/json; charset=UTF-8", "application/x-www-form-urlencoded",
		"text/plain; charset=utf-8", "application/octet-stream"} {
		if w := s.ask("PUT", "/v1/orders/1", anOrder("1"), "Content-Type", kind); w.Code != 200 {
			t.Errorf("PUT as %q: %d %s", kind, w.Code, w.Body)
		}
		w := s.ask("POST", "/v1/orders", onOneLine("1"), "Content-Type", kind)
		if all := results(t, w.Body); w.Code != 200 || len(all) != 1 || !all[0].OK {
			t.Errorf("POST as %q: %d %v", kind, w.Code, all)
		}
	}
}

// TestBulkUTF16: a file that a spreadsheet has written is told from a call that broke off.
func TestBulkUTF16(t *testing.T) {
	s := newFixture(t)
	all := results(t, s.ask("POST", "/v1/orders", "\xff\xfe{\x00}\x00", "Content-Type", "application/x-ndjson").Body)
	if len(all) != 1 || all[0].OK || all[0].Problem == nil || !strings.Contains(all[0].Problem.Detail, "UTF-8") {
		t.Errorf("got %+v", all)
	}
}

func TestBulkTellsWhatTheStoreRefuses(t *testing.T) {
	s := newFixture(t)
	s.put = func(_ context.Context, o bot.Order) (bot.Order, error) {
		switch o.ID {
		case "2":
			return o, bot.ErrBusy
		case "3":
			panic("CANARY")
		}
		return o, nil
	}
	w := s.ask("POST", "/v1/orders", onOneLine("1")+"\n"+onOneLine("2")+"\n"+onOneLine("3")+"\n"+onOneLine("4"))
	all := results(t, w.Body)
	if len(all) != 4 || !all[0].OK || all[1].OK || all[1].Problem.Status != 503 || all[2].Problem.Status != 500 || !all[3].OK {
		t.Errorf("got %+v", all)
	}
}

// TestBulkIsAnsweredWhileItIsSent: the answer to a line comes before the next line is sent.
func TestBulkIsAnsweredWhileItIsSent(t *testing.T) {
	s := newFixture(t)
	server := httptest.NewServer(s.api)
	defer server.Close()
	body, send := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/v1/orders", body)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+key)
	go io.WriteString(send, onOneLine("1")+"\n")
	answer, err := server.Client().Do(r)
	must(t, err)
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	for n := 1; n <= 3; n++ {
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), fmt.Sprintf(`{"line":%d,"id":"%[1]d","ok":true`, n)) {
			t.Fatalf("line %d: got %q (%v)", n, lines.Text(), lines.Err())
		}
		if n < 3 {
			_, err := io.WriteString(send, onOneLine(fmt.Sprint(n+1))+"\n")
			must(t, err)
		}
	}
	must(t, send.Close())
	if lines.Scan() {
		t.Errorf("got %q after the end", lines.Text())
	}
}

// TestBulkForWhoReadsLast: a caller who sends everything before it reads anything is answered all the same.
func TestBulkForWhoReadsLast(t *testing.T) {
	s := newFixture(t)
	s.put = func(_ context.Context, o bot.Order) (bot.Order, error) { return o, nil }
	server := httptest.NewServer(s.api)
	defer server.Close()
	conn, err := net.DialTimeout("tcp", server.Listener.Addr().String(), time.Minute)
	must(t, err)
	defer conn.Close()
	const n = 12_000
	bad := `{"id":"` + strings.Repeat(" ", 1000) + "\"}\n" // more than the sockets hold, both ways
	_, err = fmt.Fprintf(conn, "POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n"+
		"Connection: close\r\n\r\n", key, n*len(bad))
	must(t, err)
	must(t, conn.SetDeadline(time.Now().Add(2*time.Minute)))
	for range n {
		_, err = io.WriteString(conn, bad)
		must(t, err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer answer.Body.Close()
	if got := len(results(t, answer.Body)); got != n {
		t.Errorf("got %d results, want %d", got, n)
	}
}
