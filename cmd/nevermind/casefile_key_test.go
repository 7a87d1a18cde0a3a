package main

import (
	"bytes"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"nevermind/adapters/casefile"
	"nevermind/store/bolt"
)

// TestCasefileKey: the key that signs case files is made once, stays over restarts, and its public half is what is published.
func TestCasefileKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "db")
	var published []string
	for range 2 {
		store, err := bolt.Open(file, bolt.NoSync())
		if err != nil {
			t.Fatal(err)
		}
		key, err := casefileKey(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		publishKey(key)(answer, httptest.NewRequest("GET", "/casefile.key", nil))
		published = append(published, strings.TrimSpace(answer.Body.String()))
		if published[0] != casefile.PublicKey(key) || bytes.Contains(answer.Body.Bytes(), key.Seed()) {
			t.Errorf("published: %q, want %q and no secret", published[0], casefile.PublicKey(key))
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if published[0] != published[1] {
		t.Errorf("the key is another after a restart: %q, then %q", published[0], published[1])
	}
}
