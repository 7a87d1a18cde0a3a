package words

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

// Check lists what is wrong with the languages that come with Nevermind, one error a fault: a language is whole or not there.
func Check() []error {
	english, err := English()
	if err != nil {
		return []error{err}
	}
	faults := check(files, english)
	for _, l := range Languages {
		if _, err := files.Open(l.Code + ".yaml"); err != nil {
			faults = append(faults, fmt.Errorf("%s can be chosen, and there is no %s.yaml", l.English, l.Code))
		}
	}
	return faults
}

// check holds each language file of a folder against English: what is missing, what English no longer says, and what each
// translation lacks.
func check(dir fs.FS, english []Text) (faults []error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return []error{fmt.Errorf("list languages: %w", err)}
	}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return append(faults, fmt.Errorf("read %s: %w", name, err))
		}
		said := map[string]any{}
		if err := yaml.Unmarshal(text, &said); err != nil {
			faults = append(faults, fmt.Errorf("read %s: %w", name, err))
			continue
		}
		code := strings.TrimSuffix(name, ".yaml")
		for _, fault := range held(code, said, english) {
			faults = append(faults, fmt.Errorf("%s: %s", name, fault))
		}
	}
	return faults
}

// held says how a language differs from what English asks of it. English's own file holds only what it says otherwise.
func held(code string, said map[string]any, english []Text) (faults []string) {
	known := map[string]Text{}
	for _, x := range english {
		known[x.English] = x
		if _, there := said[x.English]; !there && code != "en" {
			faults = append(faults, fmt.Sprintf("%q is missing", x.English))
		}
	}
	for _, words := range slices.Sorted(maps.Keys(said)) {
		x, there := known[words]
		if !there {
			faults = append(faults, fmt.Sprintf("%q is stale: English says it no more", words))
			continue
		}
		for _, fault := range unlike(code, x, said[words]) {
			faults = append(faults, fmt.Sprintf("%q: %s", words, fault))
		}
	}
	return faults
}

// unlike says what a translation of one text lacks: a {name}, which would not be said, or has one that means nothing; a plural
// form of its language; or room on its button.
func unlike(code string, x Text, said any) (faults []string) {
	forms, plural := said.(map[string]any)
	if !plural {
		forms = map[string]any{"": said}
	}
	if x.Counted && (plural || strings.Contains(x.English, "{n}")) {
		faults = append(faults, lackingForms(code, forms)...)
	}
	for _, form := range slices.Sorted(maps.Keys(forms)) {
		words, ok := forms[form].(string)
		if !ok || strings.TrimSpace(words) == "" {
			faults = append(faults, strings.TrimSpace(form+" is no text"))
			continue
		}
		faults = append(faults, unlikeNames(x.English, words, plural)...)
		if n := utf8.RuneCountInString(words); x.Limit > 0 && n > x.Limit {
			faults = append(faults, fmt.Sprintf("%q has %d characters, and %d at most fit", words, n, x.Limit))
		}
	}
	return faults
}

// lackingForms lists the plural forms of a language that a counted text does not have.
func lackingForms(code string, forms map[string]any) (faults []string) {
	for _, form := range pluralForms[code] {
		if _, ok := forms[form]; !ok {
			faults = append(faults, "its plural form "+form+" is missing")
		}
	}
	return faults
}

// pluralForms are the plural categories of each language, as CLDR has them for numbers that count things. A form that is not
// here would never be said.
var pluralForms = map[string][]string{
	"en": {"one", "other"}, "es": {"one", "many", "other"}, "pt-BR": {"one", "many", "other"}, "fr": {"one", "many", "other"},
	"de": {"one", "other"}, "ru": {"one", "few", "many", "other"}, "zh-Hans": {"other"},
	"ar": {"zero", "one", "two", "few", "many", "other"},
}

// unlikeNames compares a translation's {names} with those of its English words. A plural form may leave out {n} and say "one".
func unlikeNames(english, words string, plural bool) (faults []string) {
	want, got := variables(english), variables(words)
	for _, v := range want {
		if !slices.Contains(got, v) && !(plural && v == "{n}") {
			faults = append(faults, fmt.Sprintf("%s is missing from %q", v, words))
		}
	}
	for _, v := range got {
		if !slices.Contains(want, v) {
			faults = append(faults, fmt.Sprintf("%s stands in %q, and not in the English", v, words))
		}
	}
	return faults
}

var variable = regexp.MustCompile(`\{[^{}]*\}`)

// variables are the {names} in words, each once.
func variables(words string) []string {
	return slices.Compact(slices.Sorted(slices.Values(variable.FindAllString(words, -1))))
}
