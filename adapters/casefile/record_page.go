package casefile

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"strings"
	"time"

	"nevermind/bot"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"plain": func(name string) string { return strings.ReplaceAll(name, "_", " ") },
	"time":  func(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006, 15:04:05") + " UTC" },
	"photo": func(f enclosed) bool { return strings.HasPrefix(f.Type, "image/") && f.Type != "image/heic" },
}).Parse(pageText))

// pageLine is one item as the page shows it; page.html uses the names of its fields.
type pageLine struct {
	N        int
	Hash     string
	At       time.Time
	Who      string // who did it, or to whom it was said
	Move     *move
	Message  *message
	Words    string
	Files    []enclosed
	Inner    *inner
	Withheld int
}

// renderPage writes the record for people to read.
func (r *Record) renderPage() ([]byte, error) {
	var lines []pageLine
	for i := range r.Items {
		lines = append(lines, r.pageLine(&r.Items[i]))
	}
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, map[string]any{"Record": r, "Lines": lines, "Missing": len(r.Missing), "Check": checkName})
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
	return l
}

// decodePart decodes a part's text.
func decodePart[T any](p Part) *T {
	v := new(T)
	_ = json.Unmarshal([]byte(p.Text), v) // written by this package; an empty line at worst
	return v
}

// partyName is what the page calls a party: by name where it is known.
func (r *Record) partyName(p bot.Party) string {
	switch {
	case r.People[string(p)] != "":
		return r.People[string(p)] + " (" + string(p) + ")"
	case p == bot.Support:
		return "Support"
	case p == bot.Clock:
		return "The clock"
	case p == bot.Shop:
		return "The shop"
	}
	return string(p)
}
