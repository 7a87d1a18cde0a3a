package main

import (
	"net/http"
	"strings"
	"testing"
)

// TestKeys: keys are made beside a running server and before the first one, open what their scopes say at once, and nothing
// once they are revoked.
func TestKeys(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	command(t, "", "keys", "list", "--data", data).want(t, exitDone, "No key was made.")
	cases := strings.TrimSpace(command(t, "", "keys", "add", "reader", "--scope", "cases", "--data", data).out)
	s, _ := serveOn(t, data) // no key is in the settings
	call := func(key, method, path, body string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+key)
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	all := strings.TrimSpace(command(t, "", "keys", "add", "shop", "--scope", "orders,links,cases,operate", "--data", data).out)
	for _, c := range []struct {
		key, method, path, body string
		want                    int
	}{
		{cases, "GET", "/v1/cases?order=1", "", 200}, {cases, "PUT", "/v1/orders/900001", order("900001", "b-9"), 403},
		{cases, "POST", "/v1/links", `{"role":"buyer","id":"b-1"}`, 403}, {cases, "POST", "/v1/tasks/T-1", `{"outcome":"done"}`, 403},
		{all, "PUT", "/v1/orders/900001", order("900001", "b-9"), 200}, {all, "GET", "/v1/orders/900001", "", 200},
		{all, "POST", "/v1/links", `{"role":"buyer","id":"b-1"}`, 200}, {all, "POST", "/v1/tasks/T-1", `{"outcome":"done"}`, 404},
		{"nmk_guess", "GET", "/v1/cases?order=1", "", 401}, {"", "GET", "/v1/cases?order=1", "", 401},
	} {
		if got := call(c.key, c.method, c.path, c.body); got != c.want {
			t.Errorf("%s %s: got %d, want %d", c.method, c.path, got, c.want)
		}
	}
	command(t, "", "keys", "list", "--data", data).want(t, exitDone, "reader", "shop", "cases,links,operate,orders")
	command(t, "", "keys", "add", "shop", "--scope", "cases", "--data", data).want(t, exitFailed, "there is a key of that name")
	command(t, "", "keys", "add", "other", "--scope", "all", "--data", data).want(t, exitFailed, "orders, links, cases, operate")
	command(t, "", "keys", "revoke", "shop", "--data", data).want(t, exitDone, "shop opens nothing any more.")
	if got := call(all, "GET", "/v1/orders/900001", ""); got != 401 {
		t.Errorf("with a key that was revoked: %d", got)
	}
	command(t, "", "keys", "revoke", "shop", "--data", data).want(t, exitFailed, "no key of that name")
}
