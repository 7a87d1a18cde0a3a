package words

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// LabelLimit is how many characters a label may have: Slack's limit for a button and for a choice. Telegram shows fewer of a
// long one.
const LabelLimit = 75

// EnglishHead begins english.txt.
const EnglishHead = `# Every English text that Nevermind says, and what a translation of it has to be: "-" any text, a number at
# most so many characters, "n" plural forms for {n} things. Written by "make english"; TestEnglish holds it against the source.
`

//go:embed english.txt
var englishText string

// Text is one English text.
type Text struct {
	English string
	Limit   int  // characters at most; 0 is any number
	Counted bool // said of {n} things, in plural forms
}

// English lists every English text; an error is that of a damaged list.
var English = sync.OnceValues(func() ([]Text, error) { return readEnglish(englishText) })

func readEnglish(list string) ([]Text, error) {
	var all []Text
	for line := range strings.Lines(list) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		kind, quoted, _ := strings.Cut(line, " ")
		english, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("english.txt: %s: %w", line, err)
		}
		x := Text{English: english, Counted: kind == "n"}
		if kind != "-" && kind != "n" {
			if x.Limit, err = strconv.Atoi(kind); err != nil {
				return nil, fmt.Errorf("english.txt: %s: %w", line, err)
			}
		}
		all = append(all, x)
	}
	return all, nil
}

// Bare is a text without its {names}.
func Bare(text string) string { return variable.ReplaceAllString(text, "") }
