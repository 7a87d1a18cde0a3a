package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"

	"nevermind/adapters/casefile"
	"nevermind/bot"
)

// casefileKeyName is where the seed of the key that signs case files is stored. It goes along with backups, so that a
// restored house signs as it did.
const casefileKeyName = "casefile_key"

// casefileKey is the house's key for case files; the first start makes it.
func casefileKey(ctx context.Context, store bot.Values) (ed25519.PrivateKey, error) {
	seed, err := store.Value(ctx, casefileKeyName)
	if errors.Is(err, bot.ErrNone) {
		seed = make([]byte, ed25519.SeedSize)
		rand.Read(seed)
		err = store.SetValue(ctx, casefileKeyName, seed)
	}
	if err != nil {
		return nil, fmt.Errorf("the key for case files: %w", err)
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("the key for case files has %d bytes, want %d", len(seed), ed25519.SeedSize)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// publishKey answers GET /casefile.key: the public half, by which anybody can see who has sealed a case file.
func publishKey(key ed25519.PrivateKey) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, casefile.PublicKey(key))
	}
}
