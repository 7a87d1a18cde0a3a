package rest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nevermind/bot"
)

// shelf keeps values in memory.
type shelf struct {
	mu     sync.Mutex
	values map[string][]byte
	broken error
}

func (s *shelf) Value(_ context.Context, name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.values[name]; ok {
		return v, nil
	}
	return nil, bot.ErrNone
}

func (s *shelf) SetValue(_ context.Context, name string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == nil {
		s.values[name] = value
	}
	return s.broken
}

// TestKeys: a key opens what its scopes say from when it is made until it is revoked, over a restart, and is stored nowhere.
func TestKeys(t *testing.T) {
	ctx, kept, now := t.Context(), &shelf{values: map[string][]byte{}}, time.Date(2026, 11, 30, 9, 0, 30, 0, time.UTC)
	open := func() *Keys {
		k, err := OpenKeys(ctx, kept, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := open()
	key, err := k.Add(ctx, "import", []Scope{ScopeOrders, ScopeCases, ScopeOrders})
	if err != nil || len(key) < 32 {
		t.Fatalf("%q, %v", key, err)
	}
	if strings.Contains(fmt.Sprintf("%s", kept.values), key) || strings.Contains(fmt.Sprint(k.List()), key) {
		t.Error("the key itself is kept")
	}
	for name, bad := range map[string]struct {
		key    string
		scopes []Scope
		want   error
	}{
		"import": {scopes: Scopes, want: ErrKeyTaken}, "a b": {scopes: Scopes, want: ErrKeyName},
		"": {scopes: Scopes, want: ErrKeyName}, "none": {want: ErrKeyScope}, "odd": {scopes: []Scope{"all"}, want: ErrKeyScope},
	} {
		if _, err := k.Add(ctx, name, bad.scopes); !errors.Is(err, bad.want) {
			t.Errorf("%q: got %v, want %v", name, err, bad.want)
		}
	}
	k = open() // a restart
	if got := k.scopesOf(ctx, key); !slices.Equal(got, []Scope{ScopeCases, ScopeOrders}) {
		t.Errorf("it opens %v", got)
	}
	if used := open().List()[0].Used; !used.Equal(now.Truncate(time.Minute)) {
		t.Errorf("used at %v", used)
	}
	for _, wrong := range []string{"", key[:len(key)-1], key + "x", strings.ToUpper(key), k.List()[0].Hash} {
		if got := k.scopesOf(ctx, wrong); got != nil {
			t.Errorf("%q opens %v", wrong, got)
		}
	}
	kept.broken = errors.New("disk full")
	if err := k.Revoke(ctx, "import"); err == nil || k.scopesOf(ctx, key) == nil {
		t.Errorf("revoked although that could not be stored: %v", err)
	}
	kept.broken = nil
	if err := errors.Join(k.Revoke(ctx, "import")); err != nil || k.scopesOf(ctx, key) != nil || open().Len() != 0 {
		t.Errorf("revoked: %v, %d left", err, open().Len())
	}
	if err := k.Revoke(ctx, "import"); !errors.Is(err, ErrNoKey) {
		t.Errorf("revoked twice: %v", err)
	}
}
