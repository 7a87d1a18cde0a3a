package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"

	"nevermind/flows/policies"
)

// settings are what every command may be told; each is a flag, a variable and a key of the file.
type settings struct {
	Config kong.ConfigFlag `help:"A YAML file of settings." placeholder:"FILE"`

	Data   string `help:"Folder for the database; where nothing else is said ./nevermind-data, for the demo a fresh one." env:"NEVERMIND_DATA" placeholder:"DIR"`
	Store  string `help:"Where everything is kept; bolt:DIR/nevermind.db where nothing else is said." env:"NEVERMIND_STORE" placeholder:"bolt:PATH"`
	Policy string `help:"A policy file; what it leaves out comes from the built-in pack." env:"NEVERMIND_POLICY" placeholder:"FILE"`
	Log    string `help:"debug, info, warn or error; where nothing else is said info, for what is no server warn." env:"NEVERMIND_LOG" placeholder:"LEVEL"`
}

const defaultData = "nevermind-data"

// folder is where the database and the control socket lie.
func (s *settings) folder() string {
	if s.Data == "" {
		return defaultData
	}
	return s.Data
}

// database is the path of the store's file; what the setting says otherwise is never repeated, it may hold a password.
func (s *settings) database() (string, error) {
	if s.Store == "" {
		return filepath.Join(s.folder(), "nevermind.db"), nil
	}
	kind, path, _ := strings.Cut(s.Store, ":")
	switch {
	case kind == "postgres" || kind == "postgresql":
		return "", errors.New("NEVERMIND_STORE: this build has no PostgreSQL store; use bolt:PATH")
	case kind != "bolt" || path == "":
		return "", errors.New("NEVERMIND_STORE: not a store; use bolt:PATH")
	default:
		return path, nil
	}
}

// pack is the policy in force.
func (s *settings) pack() (*policies.Pack, error) {
	if s.Policy == "" {
		return policies.Default()
	}
	text, err := os.ReadFile(s.Policy)
	if err != nil {
		return nil, fmt.Errorf("NEVERMIND_POLICY: %w", err)
	}
	pack, err := policies.Load(policies.Builtin(), text)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", s.Policy, err)
	}
	return pack, nil
}

// faults is what is wrong with the settings themselves.
func (s *settings) faults() (faults []error) {
	if _, err := s.database(); err != nil {
		faults = append(faults, err)
	}
	if _, err := s.level(); err != nil {
		faults = append(faults, err)
	}
	return faults
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
func (s *settings) logger(w io.Writer, serves bool) *slog.Logger {
	level, err := s.level()
	if err != nil || s.Log == "" && !serves {
		level = slog.LevelWarn
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}

// config is the file of settings. Where a variable is set it has no opinion: kong alone would let the file win.
type config map[string]any

func readConfig(r io.Reader) (kong.Resolver, error) {
	var c config
	if err := yaml.NewDecoder(r).Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.New("config: not a list of settings in YAML")
	}
	return c, nil
}

// Resolve returns what the file sets a flag to.
func (c config) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if os.Getenv(env) != "" {
			return nil, nil
		}
	}
	for key, v := range c {
		if flagName(key) != flag.Name {
			continue
		}
		switch v.(type) {
		case string, bool, int, int64, uint64, float64:
			return fmt.Sprint(v), nil
		default:
			return nil, errors.New("the file gives more than one value")
		}
	}
	return nil, nil
}

// Validate refuses a file with a key that no command knows.
func (c config) Validate(app *kong.Application) error {
	known := map[string]bool{}
	if err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok && len(f.Envs) > 0 {
			known[f.Name] = true
		}
		return next(nil)
	}); err != nil {
		return err
	}
	for key := range c {
		if !known[flagName(key)] {
			return fmt.Errorf("config: there is no setting %q", key)
		}
	}
	return nil
}

// flagName allows telegram_token for telegram-token in the file.
func flagName(key string) string { return strings.ReplaceAll(key, "_", "-") }
