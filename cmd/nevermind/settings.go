package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"nevermind/store/encryption"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"nevermind/flows/policies"
	"nevermind/store/blob"
)

// settings are what every command may be told; each is a flag, a variable and a key of the file.
type settings struct {
	Config kong.ConfigFlag `help:"A file of settings: YAML, or lines of variables." placeholder:"FILE"`

	Data   string `help:"${data}" env:"NEVERMIND_DATA" placeholder:"DIR"`
	Store  string `help:"${store}" env:"NEVERMIND_STORE" placeholder:"bolt:PATH or postgres://…"`
	Files  string `help:"${files}" env:"NEVERMIND_FILES" placeholder:"file:DIR or s3://BUCKET"`
	Policy string `help:"${policy}" env:"NEVERMIND_POLICY" placeholder:"FILE"`
	Log    string `help:"${log}" env:"NEVERMIND_LOG" placeholder:"LEVEL"`

	Key     secret `help:"${key}" env:"NEVERMIND_KEY" placeholder:"SECRET"`
	KeyFile string `help:"${key_file}" env:"NEVERMIND_KEY_FILE" placeholder:"FILE"`
	KeyRing string `name:"keyring" help:"${keyring}" env:"NEVERMIND_KEYRING" placeholder:"postgres://…"`

	file    config
	unknown []string // variables that are called like settings

	ring     *encryption.Ring // once it was asked for, until the program ends
	opened   *encryption.Keys
	ringLock sync.Mutex
}

// defaultData is the data folder where none is named.
const defaultData = "nevermind-data"

// folder is where the database and the control socket lie.
func (s *settings) folder() string {
	if s.Data == "" {
		return defaultData
	}
	return s.Data
}

// files opens where people's files are kept. What the setting says otherwise is never repeated, it may hold a password.
func (s *settings) files() (*blob.Store, error) {
	kept, err := blob.Open(cmp.Or(s.Files, "file:"+filepath.Join(s.folder(), "files")))
	if err != nil {
		return nil, fmt.Errorf("NEVERMIND_FILES: %w", err)
	}
	key, err := s.houseKey()
	if err != nil {
		return nil, err
	}
	if key.IsZero() {
		return kept, nil
	}
	ring, err := s.keyRing(key)
	if err != nil {
		return nil, err
	}
	kept.EncryptWith(encryption.FileKeys{Master: key, Ring: ring})
	return kept, nil
}

// pack is the policy in force: a file, a built-in pack by its name, or the default one.
func (s *settings) pack() (*policies.Pack, error) {
	if s.Policy == "" {
		return policies.Default()
	}
	if base, ok := policies.Base(s.Policy); ok {
		return policies.Load(base, nil)
	}
	text, err := os.ReadFile(s.Policy)
	if err != nil {
		return nil, fmt.Errorf("NEVERMIND_POLICY: %w", err)
	}
	pack, err := policies.Read(text)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", s.Policy, err)
	}
	return pack, nil
}

// faults is what is wrong with the settings themselves.
func (s *settings) faults() (faults []error) {
	kept, err := s.storage()
	if err != nil {
		return append(s.faultsButStore(), err)
	}
	return append(s.faultsButStore(), kept.faults()...)
}

// faultsButStore is what is wrong wherever everything is kept.
func (s *settings) faultsButStore() (faults []error) {
	faults = append(faults, s.file.faults...)
	if err := blob.Check(s.Files); s.Files != "" && err != nil {
		faults = append(faults, fmt.Errorf("NEVERMIND_FILES: %w", err))
	}
	if _, err := s.level(); err != nil {
		faults = append(faults, err)
	}
	if err := s.keyFault(); err != nil {
		faults = append(faults, err)
	}
	return faults
}

// keyFault is what is wrong with the key, if one is given. A key file that is not there yet is
// none.
func (s *settings) keyFault() error {
	const right = "32 random bytes in base64: openssl rand -base64 32"
	switch {
	case s.Key.blank("NEVERMIND_KEY"):
		return errors.New("NEVERMIND_KEY: is empty; " + right)
	case s.Key.set() && s.KeyFile != "":
		return errors.New("NEVERMIND_KEY: NEVERMIND_KEY_FILE is set too; set one of the two")
	case s.Key.set() && !isKey(s.Key.text()):
		return errors.New("NEVERMIND_KEY: not a key; " + right)
	case s.Key.set() && monotonous(s.Key.text()):
		return errors.New("NEVERMIND_KEY: can be guessed; " + right)
	case s.KeyFile == "":
		return nil
	}
	text, err := os.ReadFile(s.KeyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("NEVERMIND_KEY_FILE: %w", err)
	case !isKey(string(text)):
		return errors.New("NEVERMIND_KEY_FILE: holds no key; " + right)
	case monotonous(string(text)):
		return errors.New("NEVERMIND_KEY_FILE: holds a key that can be guessed; " + right)
	}
	return nil
}

// level is how much is logged.
func (s *settings) level() (slog.Level, error) {
	level := slog.LevelInfo
	if s.Log == "" {
		return level, nil
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, strings.ToLower(s.Log)) {
		return level, fmt.Errorf("NEVERMIND_LOG: %q is none of debug, info, warn, error", s.Log)
	}
	return level, level.UnmarshalText([]byte(s.Log))
}

// logger writes JSON lines; where nothing is set, a command that does not serve tells only what went wrong.
func (s *settings) logger(w io.Writer, serves bool, secrets []secret) *slog.Logger {
	level, err := s.level()
	if err != nil || s.Log == "" && !serves {
		level = slog.LevelWarn
	}
	return newLog(w, level, secrets)
}
