package main

import (
	"net"
	"strings"
	"testing"
)

// TestFreshGuessableSecrets: what looks long and is in every list of passwords is refused as a key that strangers are let in by
// (A7); what was drawn at random is not.
func TestFreshGuessableSecrets(t *testing.T) {
	for text, fine := range map[string]bool{
		"12345678901234567890123456789012":                                 false,
		"0123456789abcdef0123456789abcdef":                                 false,
		"abcdefghijklmnopqrstuvwxyzabcdef":                                 false,
		"abcdefghijklmnopqrstuvwxyz0123456789":                             false,
		"ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210":                             false,
		"nevermind-nevermind-nevermind-nevermind":                          false,
		"correct horse":                                                    false,
		"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=":                     false, // "01234567890123456789012345678901"
		"password1password1password1password1":                             false,
		"00112233445566778899aabbccddeeff":                                 false,
		"qwertyuiopasdfghjklqwertyuiopasdfghjkl":                           false,
		"4f9a1c7be02d58361d7e0c94ab52f6830b1e":                             true,
		"c2b7f0e94d1a4c8f9e3b6a5d7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2": true,
		"qL8zN4vR1xT7mB2kW9cY5hJ0gD6fS3pA":                                 true,
	} {
		var f faultList
		f.guessable("KEY", secretOf(text))
		if (len(f) == 0) != fine {
			t.Errorf("%s: %v, want it to be fine: %v", text, f, fine)
		}
	}
}

// secretOf is a secret that was given.
func secretOf(text string) (s secret) {
	_ = s.UnmarshalText([]byte(text))
	return s
}

// TestFreshExposures: what else goes over the wire in the clear is said (A11).
func TestFreshExposures(t *testing.T) {
	here := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}
	for at, open := range map[string]bool{
		"HTTP://shop.example/": true, "http://localhost.evil.example": true, "http://127.0.0.1.nip.io": true,
		"http://127.1.2.3:80": false, "http://[::1]:80": false, "http://[fe80::1]:80": true, "http://0.0.0.0:80": true,
		"http://localhost@shop.example": true, "https://shop.example": false, "http://Localhost": true,
	} {
		set := serveSettings{Shop: shopSettings{URL: at}}
		if said := strings.Join(set.exposures(here), " "); strings.Contains(said, "NEVERMIND_SHOP_URL") != open {
			t.Errorf("%s: got %q, want it said: %v", at, said, open)
		}
	}
	for at, open := range map[string]bool{
		"postgres://u@db.internal/n":                               true,
		"postgres://u@db.internal/n?sslmode=disable":               true,
		"postgresql://u@db.internal/n?sslmode=allow":               true,
		"postgres://u@db.internal/n?sslmode=prefer":                true,
		"postgres://u@db.internal/n?sslmode=require":               false,
		"postgres://u@db.internal/n?sslmode=verify-full":           false,
		"postgres://u@127.0.0.1/n":                                 false,
		"postgres://u@localhost:5433/n":                            false,
		"postgres:///n?host=/var/run/postgresql":                   false,
		"postgres:///n?host=db.internal":                           true,
		"postgres://u@127.0.0.1,db.internal/n":                     true,
		"bolt:/data/nevermind.db":                                  false,
		"postgres://u@127.0.0.1/n?host=db.internal&sslmode=prefer": true,
	} {
		for variable, set := range map[string]*settings{"NEVERMIND_STORE": {Store: at}, "NEVERMIND_KEYRING": {KeyRing: at}} {
			if said := strings.Join(set.exposures(nil, nil), " "); strings.Contains(said, variable) != open {
				t.Errorf("%s=%s: got %q, want it said: %v", variable, at, said, open)
			}
		}
	}
}

// TestFreshKeyRings: a key ring in the store's own database is refused, however its address is written: a backup of one database
// would hold both what was erased and the keys.
func TestFreshKeyRings(t *testing.T) {
	const store = "postgres://u:p@db.internal/nevermind"
	for ring, fine := range map[string]bool{
		store: false, "postgresql://u:p@db.internal/nevermind": false, "postgres://u:p@db.internal:5432/nevermind": false,
		"postgres://other:pw@db.internal/nevermind": false, store + "?application_name=keys": false, store + "?search_path=keys": false,
		"postgres://u:p@DB.internal/nevermind": false, "postgres:///nevermind?host=db.internal&user=u": false,
		"postgres://u:p@db.internal/nevermind_keys": true, "postgres://u:p@keys.internal/nevermind": true,
		"postgres://u:p@db.internal:5433/nevermind": true,
	} {
		d := &postgresStorage{set: &settings{Store: store, KeyRing: ring, Key: secretOf(houseKeyText)}}
		said := ""
		for _, fault := range d.faults() {
			said += fault.Error()
		}
		if strings.Contains(said, "is the store's own database") == fine {
			t.Errorf("%s: got %q, want it to be fine: %v", ring, said, fine)
		}
	}
}
