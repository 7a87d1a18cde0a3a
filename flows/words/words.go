// Package words is the catalog of languages: one file a language, its English words on the left and the language's own
// on the right. English itself stands beside the state that says it, so a file that lacks something falls back to it.
package words

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed *.yaml
var files embed.FS

// Catalog gives the words of every language that there is a file for.
type Catalog struct {
	languages map[string]func() *i18n.Localizer
}

// Load gives the languages that come with Nevermind, each read when somebody first reads it. That each can be read is tested; one
// that cannot is left to English.
func Load() (*Catalog, error) {
	c := &Catalog{languages: map[string]func() *i18n.Localizer{}}
	for _, l := range Languages[1:] {
		c.languages[l.Code] = sync.OnceValue(func() *i18n.Localizer {
			read, err := readLanguage(files, l.Code+".yaml", unmarshalLines)
			if err != nil {
				return nil
			}
			return read
		})
	}
	return c, nil
}

// Read reads every <language>.yaml of a folder. The error names the file that cannot be read.
func Read(dir fs.FS) (*Catalog, error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	c := &Catalog{languages: map[string]func() *i18n.Localizer{}}
	for _, name := range names {
		read, err := readLanguage(dir, name, yaml.Unmarshal)
		if err != nil {
			return nil, err
		}
		c.languages[strings.TrimSuffix(path.Base(name), ".yaml")] = func() *i18n.Localizer { return read }
	}
	return c, nil
}

// readLanguage reads one <language>.yaml.
func readLanguage(dir fs.FS, name string, unmarshal i18n.UnmarshalFunc) (*i18n.Localizer, error) {
	code := strings.TrimSuffix(path.Base(name), ".yaml")
	tag, err := language.Parse(code)
	if err != nil {
		return nil, fmt.Errorf("%s is not named for a language: %w", name, err)
	}
	text, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	bundle := i18n.NewBundle(tag)
	bundle.RegisterUnmarshalFunc("yaml", unmarshal)
	if _, err := bundle.ParseMessageFileBytes(text, name); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return i18n.NewLocalizer(bundle, code), nil
}

// unmarshalLines reads a file of ours, a line of JSON for each words: as YAML it is the same, and takes ten times as long.
func unmarshalLines(text []byte, v any) error {
	lines := bytes.ReplaceAll(bytes.TrimSpace(text), []byte("\n"), []byte(",\n"))
	if err := json.Unmarshal(slices.Concat([]byte("{"), lines, []byte("}")), v); err != nil {
		return fmt.Errorf("read lines of JSON: %w", err)
	}
	return nil
}

// Text returns what stands for the English words; false where the language has none.
func (c *Catalog) Text(code, english string) (string, bool) {
	return c.find(code, &i18n.LocalizeConfig{MessageID: english, TemplateParser: template.IdentityParser{}})
}

// Count returns the same for a number of things, in the language's plural form for n.
func (c *Catalog) Count(code string, n int, english string) (string, bool) {
	text, ok := c.find(code, &i18n.LocalizeConfig{MessageID: english, PluralCount: n, TemplateParser: template.IdentityParser{}})
	if !ok && !strings.Contains(english, "{n}") { // one text for any number
		return c.Text(code, english)
	}
	return text, ok
}

func (c *Catalog) find(code string, l *i18n.LocalizeConfig) (string, bool) {
	read, ok := c.languages[code]
	if !ok {
		if read, ok = c.languages[Match(code)]; !ok {
			return "", false
		}
	}
	localizer := read()
	if localizer == nil {
		return "", false
	}
	text, err := localizer.Localize(l)
	return text, err == nil && text != ""
}
