package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// config is the file of settings, in YAML or as lines of variables, as kong resolves flags from it.
// Where a variable is set the file has no opinion: kong alone would let the file win. What is wrong with it is kept, to be told
// together with all other faults.
type config struct {
	values map[string]any
	faults []error
}

// read takes the file for kong.
func (c *config) read(r io.Reader) (kong.Resolver, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if firstAssignment.Match(text) {
		c.readVariables(string(text))
		return c, nil
	}
	if err := yaml.Unmarshal(text, &c.values); err != nil && !errors.Is(err, io.EOF) {
		c.faults = append(c.faults, errors.New("config: not a list of settings in YAML, each a line like telegram_mode: poll"))
	}
	return c, nil
}

// firstAssignment recognizes a file of variables by its first line that says something.
var firstAssignment = regexp.MustCompile(`\A(?:[ \t]*(?:#.*)?\r?\n)*[A-Z][A-Z0-9_]*=`)

// readVariables takes a file of lines like NEVERMIND_LOG=warn, as systemd and container engines read it. Variables that are not
// ours are for others, and an empty one counts as none.
func (c *config) readVariables(text string) {
	c.values = map[string]any{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, there := strings.Cut(line, "=")
		if !there {
			c.faults = append(c.faults, fmt.Errorf("config: line %d is no setting, which looks like NEVERMIND_LOG=warn", i+1))
			continue
		}
		if at := strings.Index(name, variablePrefix); at > 0 {
			c.faults = append(c.faults, fmt.Errorf("config: line %d does nothing: nothing may stand before %s", i+1, variablePrefix+"…"))
		}
		if value = unquoted(value); value != "" && strings.HasPrefix(name, variablePrefix) {
			c.values[strings.ToLower(strings.TrimPrefix(name, variablePrefix))] = value
		}
	}
}

// variablePrefix begins the variable of every setting.
const variablePrefix = "NEVERMIND_"

// unquoted is a value without the quotes around it.
func unquoted(value string) string {
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		return value[1 : n-1]
	}
	return value
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
