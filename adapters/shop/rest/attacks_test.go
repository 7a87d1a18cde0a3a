package rest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nevermind/adapters/shop/rest"
	"nevermind/bot"
)

// nothingKept is a shelf without anything on it.
type nothingKept struct{ values map[string][]byte }

func (n nothingKept) Value(_ context.Context, name string) ([]byte, error) {
	if v, ok := n.values[name]; ok {
		return v, nil
	}
	return nil, bot.ErrNone
}

func (n nothingKept) SetValue(_ context.Context, name string, value []byte) error {
	n.values[name] = value
	return nil
}

// TestKeysInOtherPlaces: a key counts in one header alone, as it was given, under its own scopes, and until it is revoked,
// whatever else a call says.
func TestKeysInOtherPlaces(t *testing.T) {
	s := newFixture(t)
	keys, err := rest.OpenKeys(t.Context(), nothingKept{map[string][]byte{}}, s.clock)
	if err != nil {
		t.Fatal(err)
	}
	small, err := keys.Add(t.Context(), "small", []rest.Scope{rest.ScopeCases})
	if err != nil {
		t.Fatal(err)
	}
	a := rest.New(rest.Config{Key: key, Keys: keys, Engine: s.engine})
	call := func(method, path string, headers ...string) int {
		r := httptest.NewRequest(method, path, strings.NewReader("{}"))
		for i := 0; i < len(headers); i += 2 {
			r.Header.Add(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		return w.Code
	}
	const auth, order = "Authorization", "/v1/orders/1"
	for name, c := range map[string]struct {
		method, path string
		headers      []string
		want         int
	}{
		"in the address":            {"GET", order + "?access_token=" + key, nil, 401},
		"in a cookie":               {"GET", order, []string{"Cookie", "Authorization=Bearer " + key}, 401},
		"in another header":         {"GET", order, []string{"X-Api-Key", key, "Proxy-Authorization", "Bearer " + key}, 401},
		"by another scheme":         {"GET", order, []string{auth, "Basic " + key}, 401},
		"without a scheme":          {"GET", order, []string{auth, key}, 401},
		"with something behind it":  {"GET", order, []string{auth, "Bearer " + key + ", Bearer x"}, 401},
		"in capitals":               {"GET", order, []string{auth, "Bearer " + strings.ToUpper(key) + "X"}, 401},
		"with a NUL":                {"GET", order, []string{auth, "Bearer " + key + "\x00"}, 401},
		"its hash":                  {"GET", order, []string{auth, "Bearer " + keys.List()[0].Hash}, 401},
		"behind a wrong one":        {"GET", order, []string{auth, "Bearer x", auth, "Bearer " + key}, 401},
		"another scope":             {"GET", order, []string{auth, "Bearer " + small}, 403},
		"another scope by a method": {"HEAD", order, []string{auth, "Bearer " + small}, 403},
		"another method, said": {
			"GET", "/v1/cases/C-1", []string{auth, "Bearer " + small, "X-Http-Method-Override", "PUT"}, 404,
		},
		"a path said otherwise": {"GET", "/v1/cases/C-1", []string{auth, "Bearer " + small, "X-Original-Url", order}, 404},
		"a path with dots":      {"GET", "/v1/cases/../orders/1", []string{auth, "Bearer " + small}, 404},
		"a path in percents":    {"GET", "/v1/%6frders/1", []string{auth, "Bearer " + small}, 403},
		"a path with blanks":    {"GET", "/v1//orders/1", []string{auth, "Bearer " + small}, 404},
		"its own scope":         {"GET", "/v1/cases/C-1", []string{auth, "bearer " + small}, 404},
	} {
		if got := call(c.method, c.path, c.headers...); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
	if err := keys.Revoke(t.Context(), "small"); err != nil {
		t.Fatal(err)
	}
	if got := call(http.MethodGet, "/v1/cases/C-1", auth, "Bearer "+small); got != 401 {
		t.Errorf("revoked: got %d, want 401", got)
	}
}
