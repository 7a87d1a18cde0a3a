package postgres

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"nevermind/bot"
	"nevermind/store/encryption"
	"nevermind/store/postgres/postgrestest"
	"nevermind/store/record"
	"nevermind/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

var houseKey = encryption.NewMaster()

// config encrypts a database with the house's key, and with a key ring that outlives the test's restarts.
func config(url string) Config {
	return Config{
		URL:  url,
		Keys: func(wrapped [][]byte) (record.Keys, error) { return houseKey.Keys(wrapped) },
		Ring: openRing,
	}
}

// rings are the key rings of these tests, by name.
var rings sync.Map

// kept is a ring that is never closed.
type kept struct{ record.PersonalKeys }

func openRing(name string) (record.PersonalKeys, error) {
	if ring, there := rings.Load(name); there {
		return ring.(record.PersonalKeys), nil
	}
	folder, err := os.MkdirTemp("", "ring")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	made, err := encryption.CreateRing(filepath.Join(folder, "ring"), houseKey)
	if err != nil {
		return nil, err
	}
	rings.Store(made.Name(), kept{made})
	return kept{made}, nil
}

// databases are those of the folders that storetest names.
var databases sync.Map

func openIn(t *testing.T, dir string) *Store {
	t.Helper()
	url, there := databases.Load(dir)
	if !there {
		url = fresh(t)
		databases.Store(dir, url)
	}
	return open(t, url.(string))
}

// fresh is an empty database.
func fresh(t *testing.T) string {
	t.Helper()
	return postgrestest.Reused(t)
}

func open(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), config(url))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// onlyInCI skips what takes long: it runs in CI and by make drills.
func onlyInCI(t *testing.T) {
	t.Helper()
	if os.Getenv("CI") == "" && os.Getenv("NEVERMIND_DRILLS") == "" {
		t.Skip("runs in CI and by make drills: CI=true go test ./store/postgres")
	}
}

// TestStore: PostgreSQL keeps the contract that every store keeps.
func TestStore(t *testing.T) {
	onlyInCI(t)
	storetest.Run(t, func(t *testing.T, dir string) bot.Store { return openIn(t, dir) }, func(t *testing.T, file string) bot.Store {
		url := fresh(t)
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := Restore(t.Context(), url, f); err != nil {
			t.Fatal(err)
		}
		return open(t, url)
	})
}
