package hooktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// API is a shop's way to call the house.
type API struct {
	T   testing.TB
	URL string
}

// Key is what it calls with.
const Key = "k-7d1c90e64b8f2a35c0e91b47da6f8302"

// Call asks the house and returns the status; 0 where it is not there.
func (k API) Call(method, path, body string, into any) int {
	r, err := http.NewRequest(method, k.URL+path, strings.NewReader(body))
	if err != nil {
		k.T.Error(err)
		return 0
	}
	r.Header.Set("Authorization", "Bearer "+Key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0
	}
	if into != nil && answer.StatusCode == 200 {
		if err := json.NewDecoder(bytes.NewReader(text)).Decode(into); err != nil {
			k.T.Errorf("%s: %v", text, err)
		}
	}
	return answer.StatusCode
}

// End says how a task has ended.
func (k API) End(task, outcome string) int {
	return k.Call("POST", "/v1/tasks/"+task, fmt.Sprintf(`{"outcome":%q}`, outcome), nil)
}

// Case is a case as far as the tests look at it.
type Case struct {
	ID, State string
	Refund    struct{ Amount, Status string }
}

// CaseOf is the newest case about an order, as GET shows it.
func (k API) CaseOf(order string) (c Case) {
	var list struct{ Cases []json.RawMessage }
	k.Call("GET", "/v1/cases?order="+order, "", &list)
	if n := len(list.Cases); n > 0 {
		if err := json.Unmarshal(list.Cases[n-1], &c); err != nil {
			k.T.Error(err)
		}
	}
	return c
}

// Ends says how a task has ended, again and again, and sees what the house answers: an outcome and a status each.
func (k API) Ends(task string, saying ...any) {
	for i := 0; i < len(saying); i += 2 {
		if got := k.End(task, saying[i].(string)); got != saying[i+1].(int) {
			k.T.Errorf("%s of %s, number %d: got %d, want %d", saying[i], task, i/2+1, got, saying[i+1])
		}
	}
}

// AwaitCase waits until an order's case stands somewhere and its refund has a status.
func (k API) AwaitCase(order, state, refund string) {
	k.T.Helper()
	for end := time.Now().Add(Patience); ; <-time.After(20 * time.Millisecond) {
		c := k.CaseOf(order)
		if c.State == state && c.Refund.Status == refund {
			return
		}
		if time.Now().After(end) {
			k.T.Fatalf("the case of order %s does not come to %s and %s: %+v", order, state, refund, c)
		}
	}
}
