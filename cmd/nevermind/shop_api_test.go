package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestServeREST: an order put over HTTP, cancelled in the terminal, its refund settled by the shop over HTTP.
func TestServeREST(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	policy := filepath.Join(data, "quick.yaml")
	if err := os.WriteFile(policy, []byte(quickPolicy("1s")), 0o600); err != nil {
		t.Fatal(err)
	}
	s, log := serveOn(t, data, "--api-key", "CANARY-key-of-more-than-32-characters", "--policy", policy)
	call := func(method, path, body string, status int, into any) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer CANARY-key-of-more-than-32-characters")
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		text, err := io.ReadAll(got.Body)
		if err != nil || got.StatusCode != status {
			t.Fatalf("%s %s: got %d %s (%v), want %d", method, path, got.StatusCode, text, err, status)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	var answer map[string]any
	if status, body := fetch(t, s.url+"/v1/orders/900001"); status != 401 || !strings.Contains(body, `"title"`) {
		t.Errorf("without the key: got %d %s", status, body)
	}
	call("GET", "/v1", "", 404, &answer)
	call("PUT", "/v1//orders/../orders/900001", order("900001", "b-9"), 404, &answer) // not redirected
	if status, body := fetch(
		t,
		s.url+"/docs",
	); status != 200 || !strings.Contains(body, "/v1/orders/{id}") ||
		strings.Contains(body, "CANARY") {
		t.Errorf("the page: got %d %.300s", status, body)
	}
	call("PUT", "/v1/orders/900001", order("900001", "b-9"), 200, &answer)
	command(
		t,
		"900001\nCancel this order\n1\nYes, ask the seller\n",
		"chat",
		"--as",
		"b-9",
		"--data",
		data,
	).want(t, exitDone, "Thank you")
	var list struct {
		Cases []struct {
			ID, Kind, State string
			Refund          struct {
				Status string
				TaskID string `json:"task_id"`
			}
		}
	}
	pays := func() bool {
		return len(list.Cases) > 0 && list.Cases[0].State == "refunding" && list.Cases[0].Refund.TaskID != ""
	}
	for end := time.Now().Add(patience); !pays(); {
		if time.Now().After(end) {
			t.Fatalf("the case does not come to its refund: %+v", list)
		}
		call("GET", "/v1/cases?order=900001", "", 200, &list)
	}
	refund := list.Cases[0].Refund
	call("POST", "/v1/tasks/"+refund.TaskID, `{"outcome":"done"}`, 200, &answer)
	call("POST", "/v1/tasks/"+refund.TaskID, `{"outcome":"done"}`, 200, &answer)
	call("POST", "/v1/tasks/"+refund.TaskID, `{"outcome":"failed","detail":"no"}`, 409, &answer)
	list.Cases = nil
	call("GET", "/v1/cases?state=refunded", "", 200, &list)
	if len(list.Cases) != 1 || list.Cases[0].Refund.Status != "settled" || list.Cases[0].Refund.TaskID != "" {
		t.Errorf("in the end: got %+v", list)
	}
	s.stop().want(t, exitDone)
	if strings.Contains(log.String(), "CANARY") {
		t.Errorf("the key is in the log: %s", log)
	}
}
