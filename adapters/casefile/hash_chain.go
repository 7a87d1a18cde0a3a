package casefile

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// The forms of a record and its hashes; a record of another form is for another version of this program. The chain is the
// same in both, so that last lines can be compared; since the second one the house signs the record.
const (
	unsignedForm = "nevermind case file 1"
	signedForm   = "nevermind case file 2"
)

// Record is what a case file says, as record.json in the archive. Its JSON names are a promise to checkers.
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
	Evidence []shown           `json:"evidence,omitempty"` // the checklist as the file was made; Items say when each was shown
	Start    string            `json:"start"`              // the first item's Prev
	Items    []Item            `json:"items"`
	Head     string            `json:"head"`               // the last item's Hash: the same in everybody's file
	Pages    map[string]string `json:"pages"`              // hashes of the archive's pages by their names
	Template string            `json:"template,omitempty"` // hash of what index.html was made with, so that it can be made again
	Missing  []string          `json:"missing"`            // hashes of files that are named and could not be enclosed
	Language string            `json:"language,omitempty"` // what index.html is written in; empty is English
	Words    map[string]string `json:"words,omitempty"`    // and its words in that language, by their English or short names
	Spoken   map[string]string `json:"spoken,omitempty"`   // the languages that buyer and seller read, by party
}

// Item is one link of the chain: a turn of the case, or a message that it sent. Its hash covers the hash of the item before
// it and the hashes of its parts.
type Item struct {
	N     int    `json:"n"` // from 1
	Prev  string `json:"prev"`
	Parts []Part `json:"parts"`
	Hash  string `json:"hash"`
}

// Part is a piece of an item with its own readers. Whoever is not one of them sees its hash and nothing else; the salt
// keeps them from guessing what it hides.
type Part struct {
	Name string `json:"name"` // one of partNames
	For  string `json:"for"`  // one of partReaders
	Hash string `json:"hash"`
	Salt string `json:"salt,omitempty"`
	Text string `json:"text,omitempty"` // JSON; empty where it is withheld
}

// chainStart is what the chain of a case begins with, in place of a hash before it.
func chainStart(key bot.Key, opened time.Time) string {
	return hashOf(unsignedForm + "\n" + string(key) + "\n" + opened.UTC().Format(time.RFC3339Nano))
}

// newPart makes a part for its readers and support. The salt comes of the secret, which is the journal's or the task's own,
// so that every viewer's file has the same hashes and nobody can compute a salt that is withheld.
func newPart(name, secret, text string, readers []bot.Party) Part {
	p := Part{Name: name, Salt: hashOf("salt\n" + name + "\n" + secret), Text: text}
	for _, party := range viewers {
		// Support reads everything.
		if party == bot.Support || slices.Contains(readers, party) {
			p.For = strings.TrimSpace(p.For + " " + string(party))
		}
	}
	p.Hash = p.computeHash()
	return p
}

// viewers are all for whom a case file is made, in the order in which they stand in For.
var viewers = []bot.Party{bot.Buyer, bot.Seller, bot.Support}

// What parts are called, and for whom they are.
var (
	partNames   = []string{"move", "words", "inner", "message"}
	partReaders = []string{"support", "buyer support", "seller support", "buyer seller support"}
)

// plain says whether a part's name and readers are such as newPart writes. An item's hash covers both as they stand, one behind
// the other, so no other name or reader may be read as the same line.
func (p *Part) plain() bool {
	return slices.Contains(partNames, p.Name) && slices.Contains(partReaders, p.For)
}

// computeHash is the part's hash: of its salt and its text.
func (p *Part) computeHash() string { return hashOf(p.Salt + "\n" + p.Text) }

// seenBy is the part as a viewer may have it.
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

// link numbers the items and chains them to each other.
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

// withhold removes from each part what the viewer may not read. It comes after link: the hashes are of the whole.
func (r *Record) withhold() {
	for n := range r.Items {
		for k, p := range r.Items[n].Parts {
			r.Items[n].Parts[k] = p.seenBy(r.Viewer)
		}
	}
}

// hashOf is a SHA-256 in hex.
func hashOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}
