package words

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Check lists what is wrong with the languages that come with Nevermind, one error a fault.
func Check() []error { return check(files) }

// check compares each translation's {names} with those of its English words: what is missing would not be said, and what
// is not there in English means nothing. A plural form may leave out {n} and say "one".
func check(dir fs.FS) (faults []error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return []error{fmt.Errorf("list languages: %w", err)}
	}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return append(faults, fmt.Errorf("read %s: %w", name, err))
		}
		all := map[string]any{}
		if err := yaml.Unmarshal(text, &all); err != nil {
			faults = append(faults, fmt.Errorf("read %s: %w", name, err))
			continue
		}
		for _, english := range slices.Sorted(maps.Keys(all)) {
			for _, fault := range unlike(english, all[english]) {
				faults = append(faults, fmt.Errorf("%s: %q: %s", name, english, fault))
			}
		}
	}
	return faults
}

// unlike says how a translation's {names} differ from those of the English words: of one text, or of each plural form.
func unlike(english string, said any) (faults []string) {
	forms, plural := said.(map[string]any)
	if !plural {
		forms = map[string]any{"": said}
	}
	for _, form := range slices.Sorted(maps.Keys(forms)) {
		words, ok := forms[form].(string)
		if !ok {
			faults = append(faults, strings.TrimSpace(form+" is no text"))
			continue
		}
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
	}
	return faults
}

var variable = regexp.MustCompile(`\{[^{}]*\}`)

// variables are the {names} in words, each once.
func variables(words string) []string {
	return slices.Compact(slices.Sorted(slices.Values(variable.FindAllString(words, -1))))
}
