package rest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"nevermind/bot"
)

// Scope is a part of the API that a key opens.
type Scope string

// The scopes: putting and reading orders, linking people, reading cases, and saying how commands about money have ended.
const (
	ScopeOrders  Scope = "orders"
	ScopeLinks   Scope = "links"
	ScopeCases   Scope = "cases"
	ScopeOperate Scope = "operate"
)

// Scopes are all of them.
var Scopes = []Scope{ScopeOrders, ScopeLinks, ScopeCases, ScopeOperate}

// scopeOfTag is the scope that the calls under a tag of the document need.
var scopeOfTag = map[string]Scope{
	"Orders": ScopeOrders, "People": ScopeLinks, "Cases": ScopeCases, "Commands": ScopeOperate,
}

// Key is an API key as it is kept: never itself, but its hash.
type Key struct {
	Name   string    `json:"name"`
	Scopes []Scope   `json:"scopes"`
	Hash   string    `json:"hash"` // SHA-256 in hex; the key is random and long, so no slow hash is needed
	Made   time.Time `json:"made"`
	Used   time.Time `json:"used,omitzero"` // the last call with it, to the minute
}

// Keys are the API keys of a store. A change takes effect at once, and within readEvery where another process has made it; safe
// for concurrent use.
type Keys struct {
	values bot.Values
	now    func() time.Time

	mu     sync.Mutex
	byHash map[string]Key
	read   time.Time // when they were
}

const (
	keysName   = "api_keys" // under which they are stored
	keyPrefix  = "nmk_"     // by which scanners for lost secrets know one
	usedEvery  = time.Minute
	readEvery  = 2 * time.Second
	keyEntropy = 32 // bytes
)

// The refusals of Keys.
var (
	ErrKeyName  = errors.New("a key's name has 1 to 40 letters, digits, dots, dashes and underscores")
	ErrKeyScope = errors.New("a key has one scope or more of orders, links, cases, operate")
	ErrKeyTaken = errors.New("there is a key of that name: revoke it first, or choose another")
	ErrNoKey    = errors.New("there is no key of that name")
)

var keyNames = regexp.MustCompile(`^[A-Za-z0-9._-]{1,40}$`)

// OpenKeys reads the keys of a store; none is no error.
func OpenKeys(ctx context.Context, values bot.Values, now func() time.Time) (*Keys, error) {
	k := &Keys{values: values, now: now, byHash: map[string]Key{}}
	return k, k.load(ctx)
}

// load reads the keys. Whoever has made k, or holds its lock, calls it.
func (k *Keys) load(ctx context.Context) error {
	text, err := k.values.Value(ctx, keysName)
	if errors.Is(err, bot.ErrNone) {
		k.byHash, k.read = map[string]Key{}, k.now()
		return nil
	}
	var all []Key
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		return fmt.Errorf("API keys: %w", err)
	}
	k.byHash, k.read = make(map[string]Key, len(all)), k.now()
	for _, key := range all {
		k.byHash[key.Hash] = key
	}
	return nil
}

// Add makes a key with a name and scopes, and returns it: this once, since only its hash is kept.
func (k *Keys) Add(ctx context.Context, name string, scopes []Scope) (key string, err error) {
	switch {
	case !keyNames.MatchString(name):
		return "", ErrKeyName
	case len(scopes) == 0 || slices.ContainsFunc(scopes, func(s Scope) bool { return !slices.Contains(Scopes, s) }):
		return "", ErrKeyScope
	}
	random := make([]byte, keyEntropy)
	rand.Read(random)
	key = keyPrefix + base64.RawURLEncoding.EncodeToString(random)
	return key, k.change(ctx, func(all map[string]Key) error {
		for _, other := range all {
			if other.Name == name {
				return ErrKeyTaken
			}
		}
		slices.Sort(scopes)
		hash := hashKey(key)
		all[hash] = Key{Name: name, Scopes: slices.Compact(scopes), Hash: hash, Made: k.now().UTC().Truncate(time.Second)}
		return nil
	})
}

// Revoke ends the key with a name; the next call with it is refused.
func (k *Keys) Revoke(ctx context.Context, name string) error {
	return k.change(ctx, func(all map[string]Key) error {
		before := len(all)
		if maps.DeleteFunc(all, func(_ string, key Key) bool { return key.Name == name }); len(all) == before {
			return ErrNoKey
		}
		return nil
	})
}

// List returns the keys by their names.
func (k *Keys) List() []Key {
	k.mu.Lock()
	defer k.mu.Unlock()
	return sortedKeys(k.byHash)
}

// Len is how many there are.
func (k *Keys) Len() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.byHash)
}

// scopesOf are the scopes of a key that was shown; none where it is no key. That it was used is stored once a minute.
func (k *Keys) scopesOf(ctx context.Context, shown string) []Scope {
	hash := hashKey(shown)
	k.mu.Lock()
	if since := k.now().Sub(k.read); since >= readEvery || since < 0 {
		_ = k.load(ctx) // where the store is away, those that were known still hold
	}
	key, known := k.byHash[hash]
	k.mu.Unlock()
	if known && k.now().Sub(key.Used) >= usedEvery {
		// Where it cannot be stored the call goes on: the list then shows an earlier time.
		_ = k.change(ctx, func(all map[string]Key) error {
			if key, still := all[hash]; still {
				key.Used = k.now().UTC().Truncate(time.Minute)
				all[hash] = key
			}
			return nil
		})
	}
	return key.Scopes
}

// change stores the keys as they are after a change, and takes them over once they are stored.
func (k *Keys) change(ctx context.Context, change func(map[string]Key) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.load(ctx); err != nil { // another process may have changed them
		return err
	}
	all := maps.Clone(k.byHash)
	if err := change(all); err != nil {
		return err
	}
	text, err := json.Marshal(sortedKeys(all))
	if err == nil {
		err = k.values.SetValue(ctx, keysName, text)
	}
	if err == nil {
		k.byHash = all
	}
	return err
}

func sortedKeys(all map[string]Key) []Key {
	return slices.SortedFunc(maps.Values(all), func(a, b Key) int { return strings.Compare(a.Name, b.Name) })
}

func hashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
