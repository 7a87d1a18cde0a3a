package understand

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Phrase is something that people write, and what they mean by it.
type Phrase struct {
	Language string
	Intent   Intent // none where only the reason counts
	Not      bool   // it must not be heard as that intent
	Reason   string
	Text     string
	Held     bool // kept from training, to test with
}

// ReadPhrases reads the files of phrases, one a language. A line is an intent, a tab and what somebody writes:
//
//	cancel_order	pls cancel my order
//	not:cancel_order	please do not cancel my order
//	reason:not_needed	i changed my mind
//
// Words in brackets are any one of them, "[hi|hello] there"; "{name}" is any one of a list, "{name}=one|two", of the same file.
// A line that is nothing but one bracket stands for all in it; of another with many forms, a number after a second tab says how
// many are taken, else twelve.
func ReadPhrases(dir fs.FS) ([]Phrase, error) {
	names, err := fs.Glob(dir, "*.txt")
	if err != nil {
		return nil, err
	}
	var all []Phrase
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		language, _, _ := strings.Cut(path.Base(name), ".")
		lists := map[string]string{}
		for n, line := range strings.Split(string(text), "\n") {
			switch line = strings.TrimRight(line, " \r"); {
			case line == "" || strings.HasPrefix(line, "#"):
				continue
			case strings.HasPrefix(line, "{") && strings.Contains(line, "}="):
				list, of, _ := strings.Cut(line, "=")
				lists[list] = "[" + of + "]"
				continue
			}
			some, err := readLine(line, lists)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
			}
			for i := range some {
				some[i].Language = language
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// heldOut is one phrase in so many of those that must not be heard.
const heldOut = 5

func readLine(line string, lists map[string]string) (all []Phrase, err error) {
	part := strings.Split(line, "\t")
	if len(part) < 2 || len(part) > 3 {
		return nil, fmt.Errorf("%q: want an intent, a tab and a phrase", line)
	}
	p := Phrase{Intent: Intent(part[0])}
	if intent, ok := strings.CutPrefix(part[0], "not:"); ok {
		p.Intent, p.Not = Intent(intent), true
	}
	if reason, ok := strings.CutPrefix(part[0], "reason:"); ok {
		if p.Intent, p.Reason = "", reason; !slices.Contains(Reasons[1:], reason) {
			return nil, fmt.Errorf("there is no reason %q", reason)
		}
	} else if !slices.Contains(Intents, p.Intent) {
		return nil, fmt.Errorf("there is no intent %q", part[0])
	}
	most := 12
	if len(part) == 3 {
		if _, err := fmt.Sscan(part[2], &most); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
	}
	for _, text := range forms(part[1], lists, most) {
		p.Text, p.Held = text, p.Not && hash(ofWord, text)%heldOut == 0
		all = append(all, p)
	}
	return all, nil
}

// forms are up to so many of the forms of a phrase, always the same.
func forms(text string, lists map[string]string, most int) (all []string) {
	if !strings.ContainsAny(text, "[{") {
		return []string{text}
	}
	if inside, ok := strings.CutPrefix(text, "["); ok && strings.IndexAny(inside, "[]{") == len(inside)-1 {
		return strings.Split(inside[:len(inside)-1], "|")
	}
	d := dice(hash(ofWord, text))
	for range 4 * most {
		form := d.form(text, lists)
		if !slices.Contains(all, form) {
			all = append(all, form)
		}
		if len(all) == most {
			break
		}
	}
	return all
}

func (d *dice) form(text string, lists map[string]string) string {
	for {
		from := strings.IndexByte(text, '{')
		if from < 0 {
			break
		}
		to := from + strings.IndexByte(text[from:], '}') + 1
		list, ok := lists[text[from:to]]
		if !ok {
			panic("there is no list " + text[from:to])
		}
		text = text[:from] + list + text[to:]
		text = d.choose(text)
	}
	for strings.IndexByte(text, '[') >= 0 {
		text = d.choose(text)
	}
	return strings.Join(strings.Fields(text), " ")
}

// choose takes one of the alternatives of the last bracket that is opened.
func (d *dice) choose(text string) string {
	from := strings.LastIndexByte(text, '[')
	to := from + strings.IndexByte(text[from:], ']')
	of := strings.Split(text[from+1:to], "|")
	return text[:from] + of[d.below(len(of))] + text[to+1:]
}

// dice are numbers that look random and are always the same.
type dice uint64

func (d *dice) below(n int) int {
	*d += 0x9E3779B97F4A7C15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return int((z ^ z>>31) >> 33 % uint64(n))
}
