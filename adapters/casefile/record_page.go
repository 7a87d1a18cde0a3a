package casefile

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"html/template"
	"strings"
	"time"

	"nevermind/bot"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(new(Record).pageFuncs()).Parse(pageText))

// pageLine is one item as the page shows it; page.html uses the names of its fields.
type pageLine struct {
	N       int
	Hash    string
	At      time.Time
	Who     string // who did it, or to whom it was said
	Move    *move
	Message *message
	Words   string
	// WrittenIn is the language of what somebody wrote, where it is another than the page's.
	WrittenIn string
	Files     []enclosed
	Inner     *inner
	Withheld  int
}

// renderPage writes the record for people to read, in its language.
func (r *Record) renderPage() ([]byte, error) {
	var lines []pageLine
	for i := range r.Items {
		lines = append(lines, r.pageLine(&r.Items[i]))
	}
	page, err := pageTemplate.Clone()
	if err != nil {
		return nil, err
	}
	var out limitedPage
	arrow := "→"
	if r.mirrored() {
		arrow = "←"
	}
	err = page.Funcs(r.pageFuncs()).Execute(&out, map[string]any{
		"Record": r, "Lines": lines, "Missing": len(r.Missing), "Check": checkName, "Arrow": arrow,
		"Language": cmp.Or(r.Language, "en"), "Mirrored": r.mirrored(),
	})
	return out.Bytes(), err
}

// pageLine is an item with the parts that the viewer can read, and the count of the others.
func (r *Record) pageLine(i *Item) pageLine {
	l := pageLine{N: i.N, Hash: i.Hash}
	for _, p := range i.Parts {
		if p.Text == "" {
			l.Withheld++
			continue
		}
		switch p.Name {
		case "move":
			l.Move = decodePart[move](p)
			l.At, l.Who = l.Move.At, r.partyName(l.Move.By)
		case "message":
			l.Message = decodePart[message](p)
			l.At, l.Who, l.Files = l.Message.At, r.partyName(l.Message.To), l.Message.Files
		case "words":
			w := decodePart[words](p)
			l.Words, l.Files = w.Text, w.Files
		case "inner":
			l.Inner = decodePart[inner](p)
		}
	}
	if l.Move != nil && (l.Words != "" || r.typed(l.Move.Facts)) {
		l.WrittenIn = r.writtenIn(l.Move.By)
	}
	return l
}

// writtenIn is the language that a party writes in; empty where it is the page's, or not known.
func (r *Record) writtenIn(p bot.Party) string {
	spoken := r.Spoken[string(p)]
	if spoken == "" || spoken == cmp.Or(r.Language, "en") {
		return ""
	}
	return r.value("language", spoken)
}

// typed says whether facts hold words that somebody wrote: more than one, and none of ours.
func (r *Record) typed(facts bot.Facts) bool {
	for name, value := range facts {
		if _, ours := r.Words[name+"="+value]; !ours && strings.Contains(value, " ") {
			return true
		}
	}
	return false
}

// decodePart decodes a part's text.
func decodePart[T any](p Part) *T {
	v := new(T)
	_ = json.Unmarshal([]byte(p.Text), v) // written by this package; an empty line at worst
	return v
}

// partyName is what the page calls a party: by name where it is known.
func (r *Record) partyName(p bot.Party) string {
	if name := r.People[string(p)]; name != "" {
		return bot.Fill(r.say("{name} ({party})"), bot.Facts{"name": name, "party": r.say(partyWords[p])})
	}
	if words := othersWords[p]; words != "" {
		return r.say(words)
	}
	return string(p)
}
