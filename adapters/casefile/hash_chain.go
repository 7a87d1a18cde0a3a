package casefile

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// recordForm is the first line of every record; another form is another reader's.
const recordForm = "nevermind case file 1"

// Record is what a case file says, as record.json in the archive.
type Record struct {
	Form     string            `json:"form"`
	Case     string            `json:"case"`  // the name people see, "C-7Q2M9K4D"
	Order    string            `json:"order"` // the order it is about
	Key      bot.Key           `json:"key"`
	Opened   time.Time         `json:"opened"`
	State    string            `json:"state"`
	Made     time.Time         `json:"made"`
	Viewer   bot.Party         `json:"viewer"`             // whose file it is: what is not for them shows only its hash
	People   map[string]string `json:"people"`             // names by party
	Evidence []shown           `json:"evidence,omitempty"` // the checklist as it stood when the file was made; the lines below say when each was shown
	Start    string            `json:"start"`              // the first item's Prev
	Items    []Item            `json:"items"`
	Head     string            `json:"head"`    // the last item's Hash: the same in everybody's file
	Pages    map[string]string `json:"pages"`   // hashes of the archive's pages by their names
	Missing  []string          `json:"missing"` // hashes of files that are named and could not be enclosed
}

// Item is one link of the chain: a turn of the case, or a message that it sent.
type Item struct {
	N     int    `json:"n"` // from 1
	Prev  string `json:"prev"`
	Parts []Part `json:"parts"`
	Hash  string `json:"hash"`
}

// Part is a piece of an item with its own readers. Who is none of them sees its hash and nothing else; the salt keeps
// them from guessing what it hides.
type Part struct {
	Name string `json:"name"` // "move", "words", "inner" or "message"
	For  string `json:"for"`  // parties, blanks between
	Hash string `json:"hash"`
	Salt string `json:"salt,omitempty"`
	Text string `json:"text,omitempty"` // JSON; empty where it is withheld
}

// chainStart is what the chain of a case begins with.
func chainStart(key bot.Key, opened time.Time) string {
	return hashOf(recordForm + "\n" + string(key) + "\n" + opened.UTC().Format(time.RFC3339Nano))
}

// newPart makes a part whose salt nobody knows who does not know the secret.
func newPart(name, secret, text string, readers []bot.Party) Part {
	p := Part{Name: name, Salt: hashOf("salt\n" + name + "\n" + secret), Text: text}
	for _, party := range []bot.Party{bot.Buyer, bot.Seller, bot.Support} {
		if party == bot.Support || slices.Contains(readers, party) {
			p.For = strings.TrimSpace(p.For + " " + string(party))
		}
	}
	p.Hash = p.computeHash()
	return p
}

func (p *Part) computeHash() string { return hashOf(p.Salt + "\n" + p.Text) }

// seenBy returns the part as a viewer may have it.
func (p Part) seenBy(viewer bot.Party) Part {
	if !slices.Contains(strings.Fields(p.For), string(viewer)) {
		p.Salt, p.Text = "", ""
	}
	return p
}

// computeHash is the item's hash: of the one before it and of its parts.
func (i *Item) computeHash() string {
	var s strings.Builder
	s.WriteString(i.Prev)
	for _, p := range i.Parts {
		s.WriteString("\n" + p.Name + " " + strings.ReplaceAll(p.For, " ", "+") + " " + p.Hash)
	}
	return hashOf(s.String())
}

// link chains items to each other.
func (r *Record) link() {
	r.Start = chainStart(r.Key, r.Opened)
	r.Head = r.Start
	for n := range r.Items {
		i := &r.Items[n]
		i.N, i.Prev = n+1, r.Head
		i.Hash = i.computeHash()
		r.Head = i.Hash
	}
}

// withhold leaves of each part what the viewer may read.
func (r *Record) withhold() {
	for n := range r.Items {
		for k, p := range r.Items[n].Parts {
			r.Items[n].Parts[k] = p.seenBy(r.Viewer)
		}
	}
}

func hashOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}
