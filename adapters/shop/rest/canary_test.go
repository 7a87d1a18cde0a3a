package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"nevermind/bot"
)

const canary = "CANARY né 4711"

// TestNothingIsRepeated feeds a canary through every field and every way to fail: no problem and no line of the log
// repeats it.
func TestNothingIsRepeated(t *testing.T) {
	s := newFixture(t)
	refused := 0
	ask := func(method, path, body string, headers ...string) {
		t.Helper()
		w := s.ask(method, path, body, headers...)
		if w.Code == http.StatusOK && w.Header().Get("Content-Type") != "application/x-ndjson" {
			return // kept, and answered with what is held
		}
		refused++
		if strings.Contains(w.Body.String(), "CANARY") || strings.Contains(w.Body.String(), "4711") {
			t.Errorf("%s %s %.200s: %s", method, path, body, w.Body)
		}
	}
	for _, body := range poisoned(t, onOneLine("81")) {
		ask("PUT", "/v1/orders/81", body)
		ask("PUT", "/v1/orders/82", body)
		ask("POST", "/v1/orders", "{\n"+body+"x\n", "Content-Type", "application/x-ndjson")
	}
	for _, body := range poisoned(t, `{"role":"buyer","id":"b-1","name":"Ana","locale":"es","time_zone":"Europe/Madrid"}`) {
		ask("POST", "/v1/links", body)
	}
	for _, body := range poisoned(t, `{"outcome":"failed","detail":"x"}`) {
		ask("POST", "/v1/tasks/"+url.PathEscape(canary), body)
	}
	for _, name := range []string{"order", "state", "cursor", "limit"} {
		ask("GET", "/v1/cases?"+name+"="+url.QueryEscape(canary), "")
	}
	for _, path := range []string{"orders", "cases", "tasks", "nothing"} {
		ask("GET", "/v1/"+path+"/"+url.PathEscape(canary), "")
		ask("PUT", "/v1/"+path+"/"+url.PathEscape(canary), canary, "Content-Type", canary)
	}
	s.put = func(context.Context, bot.Order) (bot.Order, error) { return bot.Order{}, errors.New("inner") }
	ask("PUT", "/v1/orders/81", strings.Replace(anOrder("81"), "Bamboo lamp", canary, 1))
	r := httptest.NewRequest("GET", "/v1/orders/81", nil)
	r.Header.Set("Authorization", "Bearer "+canary)
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, r)
	for what, text := range map[string]string{"the log": s.log.String(), "an answer": w.Body.String()} {
		if strings.Contains(text, "CANARY") || strings.Contains(text, "4711") || strings.Contains(text, key) {
			t.Errorf("%s: %s", what, text)
		}
	}
	if refused < 60 || s.log.Len() == 0 {
		t.Fatalf("only %d were refused, and logged was %q: the test sees nothing", refused, s.log)
	}
}

// poisoned makes one text for each value of an object, with the canary in its place: as a string, in a list and in an
// object.
func poisoned(t *testing.T, object string) (all []string) {
	var whole any
	must(t, json.Unmarshal([]byte(object), &whole))
	for _, poison := range []any{canary, []any{canary}, map[string]any{"a": canary}} {
		replaced(whole, func(set func(any), old any) {
			set(poison)
			text, err := json.Marshal(whole)
			must(t, err)
			all = append(all, string(text))
			set(old)
		})
	}
	return all
}

// replaced visits every value with a way to set another.
func replaced(v any, visit func(set func(any), old any)) {
	switch v := v.(type) {
	case map[string]any:
		for name, old := range v {
			visit(func(x any) { v[name] = x }, old)
			replaced(old, visit)
		}
	case []any:
		for i, old := range v {
			visit(func(x any) { v[i] = x }, old)
			replaced(old, visit)
		}
	}
}
