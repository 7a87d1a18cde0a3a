package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// config is the file of settings, as kong resolves flags from it. Where a variable is set the file
// has no opinion: kong alone would let the file win. What is wrong with it is kept, to be told
// together with all other faults.
type config struct {
	values map[string]any
	faults []error
}

// read takes the file for kong.
func (c *config) read(r io.Reader) (kong.Resolver, error) {
	if err := yaml.NewDecoder(r).Decode(&c.values); err != nil && !errors.Is(err, io.EOF) {
		c.faults = append(c.faults, errors.New("config: not a list of settings in YAML, each a line like telegram_mode: poll"))
	}
	return c, nil
}

// Resolve returns what the file sets a flag to.
func (c *config) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if os.Getenv(env) != "" {
			return nil, nil
		}
	}
	for key, v := range c.values {
		if flagName(key) == flag.Name && scalar(v) {
			return fmt.Sprint(v), nil
		}
	}
	return nil, nil
}

// Validate finds the keys that no command knows, and the values that are none.
func (c *config) Validate(app *kong.Application) error {
	known := map[string]bool{}
	if err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok && len(f.Envs) > 0 {
			known[f.Name] = true
		}
		return next(nil)
	}); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(c.values)) {
		switch {
		case !known[flagName(key)]:
			c.faults = append(c.faults, fmt.Errorf("config: there is no setting %.64q; --help lists them", key))
		case !scalar(c.values[key]):
			c.faults = append(c.faults, fmt.Errorf("config: %s: give one text or number", key))
		}
	}
	return nil
}

// scalar says whether a value of the file is one text or number.
func scalar(v any) bool {
	switch v.(type) {
	case string, bool, int, int64, uint64, float64:
		return true
	}
	return false
}

// flagName allows telegram_token for telegram-token in the file.
func flagName(key string) string { return strings.ReplaceAll(key, "_", "-") }
