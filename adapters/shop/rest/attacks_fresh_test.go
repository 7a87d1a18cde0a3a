package rest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestFreshKeys: ways of showing a key that is nearly the right one, or in another place (A7): none opens anything.
func TestFreshKeys(t *testing.T) {
	s := newFixture(t)
	ask := func(change func(r *http.Request)) int {
		r := httptest.NewRequest(http.MethodGet, "/v1/cases?order=1", nil)
		change(r)
		w := httptest.NewRecorder()
		s.api.ServeHTTP(w, r)
		return w.Code
	}
	bearing := func(text string) func(r *http.Request) {
		return func(r *http.Request) { r.Header["Authorization"] = []string{text} }
	}
	for name, change := range map[string]func(r *http.Request){
		"its beginning":            bearing("Bearer " + key[:len(key)-1]),
		"something behind it":      bearing("Bearer " + key + "x"),
		"twice in a line":          bearing("Bearer " + key + "," + key),
		"in other letters":         bearing("Bearer " + strings.ToLower(key)),
		"a zero behind it":         bearing("Bearer " + key + "\x00"),
		"without its kind":         bearing(key),
		"as a password":            bearing("Basic dGVzdDp" + key),
		"of another kind":          bearing("Token " + key),
		"nothing":                  bearing("Bearer "),
		"an empty name":            bearing(""),
		"the second of two":        func(r *http.Request) { r.Header["Authorization"] = []string{"Bearer x", "Bearer " + key} },
		"in another header":        func(r *http.Request) { r.Header.Set("X-Api-Key", key) },
		"in a proxy's header":      func(r *http.Request) { r.Header.Set("Proxy-Authorization", "Bearer "+key) },
		"in a cookie":              func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "Authorization", Value: "Bearer " + key}) },
		"in the address":           func(r *http.Request) { r.URL.RawQuery = "order=1&access_token=" + key },
		"as the address's user":    func(r *http.Request) { r.URL.RawQuery = "order=1&authorization=Bearer+" + key },
		"quoted":                   bearing(`Bearer "` + key + `"`),
		"in two halves of a line":  bearing("Bearer " + key[:5] + " " + key[5:]),
		"the hash that is kept":    bearing("Bearer 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
		"with blanks of other use": bearing("Bearer\u00a0" + key),
	} {
		if got := ask(change); got != http.StatusUnauthorized && got != http.StatusTooManyRequests {
			t.Errorf("%s: got %d", name, got)
		}
	}
	if got := ask(bearing("Bearer " + key)); got != http.StatusOK {
		t.Errorf("the key itself: got %d", got)
	}
}

// TestFreshBodies: bodies that are small and take much to read, or are read differently by others (A8): each is answered with
// what is wrong, at once, and nothing is stored.
func TestFreshBodies(t *testing.T) {
	s := newFixture(t)
	with := func(old, now string) string { return strings.Replace(anOrder("9"), old, now, 1) }
	for name, body := range map[string]string{
		"lists in lists":                  strings.Repeat("[", 500_000),
		"objects in objects":              strings.Repeat(`{"a":`, 200_000),
		"an exponent beyond all":          with(`"24.90"`, `"1e999999999"`),
		"an amount of a million digits":   with(`"24.90"`, `"`+strings.Repeat("9", 1_000_000)+`"`),
		"a number of a hundred thousand":  with(`"quantity":1`, `"quantity":1`+strings.Repeat("0", 100_000)),
		"a negative amount":               with(`"24.90"`, `"-24.90"`),
		"an amount that is no number":     with(`"24.90"`, `"NaN"`),
		"digits of another script":        with(`"24.90"`, `"٢٤.٩٠"`),
		"the id twice":                    with(`"id":"9"`, `"id":"9","id":"10"`),
		"the id in other letters as well": with(`"id":"9"`, `"id":"9","ID":"10"`),
		"another id than the address":     with(`"id":"9"`, `"id":"10"`),
		"an id with a way in it":          with(`"id":"9"`, `"id":"../9"`),
		"a mark before it":                "\ufeff\ufeff" + anOrder("9"),
		"no UTF-8":                        with("Bamboo", "Bam\xff\xfeboo"),
		"something behind it":             anOrder("9") + anOrder("9"),
		"a year far off":                  with(`"placed_at":"2026`, `"placed_at":"99999`),
		"a quantity beyond a number":      with(`"quantity":1`, `"quantity":9223372036854775808`),
		"a million items":                 with(`"items":[`, `"items":[`+strings.Repeat(`{"id":"x"},`, 80_000)),
		"an address that runs":            with(`"image_url":""`, `"image_url":"javascript:alert(1)"`),
		"null for all":                    "null",
	} {
		begun := time.Now()
		w := s.ask(http.MethodPut, "/v1/orders/9", body, "Content-Type", "application/json")
		if w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s: got %d %.200s", name, w.Code, w.Body)
		}
		if took := time.Since(begun); took > time.Minute { // what does not end in time takes hours, a busy machine seconds
			t.Errorf("%s: it took %v", name, took)
		}
		if w.Body.Len() > 64<<10 {
			t.Errorf("%s: the answer has %d bytes", name, w.Body.Len())
		}
	}
	if w := s.ask(http.MethodGet, "/v1/orders/9", ""); w.Code != http.StatusNotFound {
		t.Errorf("something was stored: %d %.300s", w.Code, w.Body)
	}
}
