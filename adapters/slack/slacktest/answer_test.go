package slacktest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAnswerURL: a response_url takes five answers within half an hour.
func TestAnswerURL(t *testing.T) {
	ahead := time.Duration(0)
	s := New(t, func() time.Time { return time.Now().Add(ahead) })
	use := func(at string) int {
		r, err := http.Post(at, "application/json", strings.NewReader(`{"text":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		return r.StatusCode
	}
	s.mu.Lock()
	often, late := s.newAnswerURL(), s.newAnswerURL()
	s.mu.Unlock()
	for i := range 6 {
		if got, want := use(often) == http.StatusOK, i < 5; got != want {
			t.Errorf("use %d: taken %v, want %v", i+1, got, want)
		}
	}
	ahead = 31 * time.Minute
	if use(late) == http.StatusOK {
		t.Error("it is taken after half an hour")
	}
}
