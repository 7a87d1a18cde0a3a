// Package words is the catalog of languages: one file a language, its English words on the left and the language's own
// on the right. English itself stands beside the state that says it, so a file that lacks something falls back to it.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed *.yaml
var files embed.FS

// Catalog gives the words of every language that there is a file for.
type Catalog struct {
	languages map[string]*i18n.Localizer
}

// Load reads the languages that come with Nevermind.
func Load() (*Catalog, error) { return Read(files) }

// Read reads every <language>.yaml of a folder. The error names the file that cannot be read.
func Read(dir fs.FS) (*Catalog, error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	c := &Catalog{languages: map[string]*i18n.Localizer{}}
	for _, name := range names {
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
		bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
		if _, err := bundle.ParseMessageFileBytes(text, name); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		c.languages[code] = i18n.NewLocalizer(bundle, code)
	}
	return c, nil
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
	localizer, ok := c.languages[code]
	if !ok {
		if localizer, ok = c.languages[Match(code)]; !ok {
			return "", false
		}
	}
	text, err := localizer.Localize(l)
	return text, err == nil && text != ""
}
