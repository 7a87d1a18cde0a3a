// Package transcript reads what stands in the transcripts of flows/testdata, for whoever plays them: the flows' own tests,
// and the program's with a platform around it.
package transcript

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// Opening is when every transcript begins: a Friday morning in Madrid.
var Opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// Cast is who may appear in a transcript, by the name they have there.
var Cast = map[string]bot.Person{
	"Ana":    {ID: "buyer:b-1", Name: "Ana", Language: "en", Zone: "Europe/Madrid"},
	"Ben":    {ID: "buyer:b-2", Name: "Ben", Language: "en", Zone: "America/New_York"},
	"Cem":    {ID: "buyer:b-3", Name: "Cem", Language: "en", Zone: "Europe/Istanbul"},
	"Lumen":  {ID: "seller:s-1", Name: "Lumen House", Language: "en", Zone: "Asia/Shanghai"},
	"Far":    {ID: "seller:s-2", Name: "Far Away", Language: "en"},
	"Mira":   {ID: "support:mira", Name: "Mira", Language: "en"},
	"Jonas":  {ID: "support:jonas", Name: "Jonas", Language: "en"},
	"Nobody": {},
	"Phone":  {ID: "buyer:b-1", Name: "Ana", Language: "en", Zone: "Europe/Madrid"}, // Ana's second one
}

// AtHome are those of the cast who have a chat from the beginning.
var AtHome = []string{"Ana", "Ben", "Lumen", "Mira", "Jonas"}

// Split finds the policy in a transcript's head and the lines that are played.
func Split(text string) (policy string, played map[string]bool) {
	played = map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		p, isPolicy := strings.CutPrefix(line, "policy: ")
		switch {
		case isPolicy:
			policy += p + "\n"
		case line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "    "):
		default:
			played[line] = true
		}
	}
	return strings.ReplaceAll(policy, "\\n", "\n"), played
}

// Expand writes out what a transcript says shortly: "\u202e" is that letter, and "x*500" is x 500 times.
func Expand(text string) string {
	if s, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`); err == nil {
		text = s
	}
	word, times, ok := strings.Cut(text, "*")
	n, err := strconv.Atoi(times)
	if !ok || err != nil {
		return text
	}
	return strings.Repeat(word, n)
}

// kinds are the types of the files that a transcript may name, and what such a file begins with.
var kinds = map[string]struct{ kind, begins string }{
	".jpg": {"image/jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00"},
	".mp4": {"video/mp4", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"},
	".ogg": {"audio/ogg", "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00OpusHead"}, ".pdf": {"application/pdf", "%PDF-1.4\n"},
}

// Files reads what somebody sends along, in braces before the words: "{lamp.jpg} {label.pdf} It came like this."
func Files(what string) (text string, files []bot.File) {
	for {
		name, rest, ok := strings.Cut(strings.TrimPrefix(what, "{"), "}")
		kind := kinds[filepath.Ext(name)].kind
		if !ok || !strings.HasPrefix(what, "{") || kind == "" {
			return what, files
		}
		content := Content(name)
		sum := sha256.Sum256(content)
		files = append(files, bot.File{Name: name, Type: kind, Size: int64(len(content)), Hash: hex.EncodeToString(sum[:])})
		what = strings.TrimSpace(rest)
	}
}

// Content is what is in a file of that name: the beginning of its kind, and its name.
func Content(name string) []byte { return []byte(kinds[filepath.Ext(name)].begins + name) }

// Odd takes apart "@link", "@sticker", "@edited I meant this", "@public hello"; false where it is none of these.
func Odd(what string) (kind, words string, ok bool) {
	kind, ok = strings.CutPrefix(what, "@")
	kind, words, _ = strings.Cut(kind, " ")
	return kind, words, ok
}

// Still hides what differs between runs: the names of cases, and the codes that connect an assistant.
func Still(text string) string {
	text = codes.ReplaceAllString(text, "XXXX-XXXX-XXXX")
	for i := strings.Index(text, "C-"); i >= 0; {
		if len(text) >= i+10 && !strings.Contains(text[i:i+10], " ") {
			text = text[:i] + "C-…" + text[i+10:]
		}
		next := strings.Index(text[i+2:], "C-")
		if next < 0 {
			break
		}
		i += 2 + next
	}
	return text
}
