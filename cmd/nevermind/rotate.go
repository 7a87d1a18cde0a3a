package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"nevermind/store/encryption"
)

// keysRotate makes a new house key, also while a server runs.
type keysRotate struct{}

// rotated is what the control socket answers.
type rotated struct {
	Name, File string
	Files      int
}

// Run rotates and says what to do with the old key.
func (keysRotate) Run(ctx context.Context, p *program) error {
	var r rotated
	if err := p.askHouse(ctx, "/rotate", &r); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.out, "Everything stands under a new key, named %s, in %s; %s encrypted anew.\n"+
		"Copy that file to where you keep it. Backups made before open with the old one only: keep that apart as long as them.\n",
		r.Name, r.File, count(r.Files, "file"))
	return err
}

// rotate puts everything under a new house key, step by step so that a crash at any of them leaves a key file that opens all: the
// new key is added to the file, the store's keys, the key ring and the files are put under it, and then the old one is taken out.
func (h *house) rotate(w http.ResponseWriter, r *http.Request) {
	done, err := h.rotateKey(r.Context())
	if err != nil {
		h.said.Error("the house key was not rotated", slog.Any("why", err))
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	respond(w, done)
}

// errKeyIsSetting is the error of a key that is a variable, which only whoever sets it can change.
var errKeyIsSetting = errors.New(
	"the key is given by NEVERMIND_KEY: set it to a new key, a space, and the old one, and restart; " +
		"or have it in a file, with NEVERMIND_KEY_FILE, to rotate it while the server runs",
)

// errKeyIsShared is the error of a key that every replica has.
var errKeyIsShared = errors.New("every replica has the key: set NEVERMIND_KEY, or the text of the key's file, to a new key, " +
	"a space, and the old one, on one after the other, and restart each; once all have it, take the old one out the same way")

func (h *house) rotateKey(ctx context.Context) (rotated, error) {
	set := h.asked
	if set.Key.set() {
		return rotated{}, errKeyIsSetting
	}
	if kept, err := set.storage(); err != nil || kept.shared() {
		return rotated{}, errors.Join(err, errKeyIsShared)
	}
	h.rotating.Lock()
	defer h.rotating.Unlock()
	old, err := set.houseKey()
	if err != nil {
		return rotated{}, err
	}
	store, ok := h.store.(interface{ RewrapKeys() error })
	if keys := set.storeKeys(); keys == nil || !ok || old.IsZero() {
		return rotated{}, errors.New("the store is not encrypted")
	}
	both := old.Rotated()
	if err := both.WriteTo(set.keyFile()); err != nil {
		return rotated{}, fmt.Errorf("write the key's file: %w", err)
	}
	ring, err := set.keyRing(both)
	if err != nil {
		return rotated{}, err
	}
	set.storeKeys().Under(both)
	h.blobs.EncryptWith(encryption.FileKeys{Master: both, Ring: ring})
	if err := errors.Join(store.RewrapKeys(), ring.Rewrap(both)); err != nil {
		return rotated{}, err
	}
	files, err := h.blobs.EncryptAll(ctx)
	if err != nil {
		return rotated{}, fmt.Errorf("encrypt the files anew; the next start goes on: %w", err)
	}
	fresh := both.Present()
	if err := fresh.WriteTo(set.keyFile()); err != nil {
		return rotated{}, fmt.Errorf("take the old key out of its file: %w", err)
	}
	h.said.Info("the house key was rotated", "house_key", fresh.Name(), "files", files)
	return rotated{fresh.Name(), set.keyFile(), files}, nil
}
