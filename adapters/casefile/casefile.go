// Package casefile makes a case's sealed file: one archive with a page to read, everything that was said, brought and
// decided, chained by hash, so that anybody can check it without us.
//
// The archive (zip, nothing compressed) holds record.json, which is what counts, index.html to read it, verify.html to
// check it in a browser, the files of people, and the house's signature. The SHA-256 of all that is the archive's comment:
// the seal. Every side gets its own file of the same chain: what is for others shows only its salted hash.
// docs/casefile.md describes the form; Verify checks it in Go.
package casefile

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// Config is what case files are made from; Store, Blobs, Seen, Now and Key are needed.
type Config struct {
	Store bot.Reading
	Blobs Blobs
	// Seen says who may read an entry of the journal besides support, who reads everything: that something moved, and
	// what was said along with it.
	Seen func(e *bot.Entry) (move, words []bot.Party)
	// Shown are the facts that a reader of a move may know.
	Shown []string
	// Checklist is what each side can show in a case, and by which files it has; nil: no case has one.
	Checklist func(c *bot.Conversation) []bot.Shown
	// Words are the pages' words in other languages, by their English; nil leaves every page English. Languages are all of them
	// by their codes, as English calls them.
	Words     bot.Catalog
	Languages map[string]string
	// Names are English words for what moves and facts are shortly called. Fact says what a fact of a case says in short, in
	// English; empty where it says itself. Either may be nil.
	Names map[string]string
	Fact  func(c *bot.Conversation, o *bot.Order, name, value string) string
	Now   func() time.Time
	Key   ed25519.PrivateKey // the house's, with which it signs case files
}

// Blobs is where people's files are read and case files are put.
type Blobs interface {
	Open(ctx context.Context, hash string) (io.ReadCloser, error)
	// Add stores a file that was made here.
	Add(ctx context.Context, name, mediaType string, r io.Reader) (bot.File, error)
}

// Maker makes case files. It holds no state, so its hand may run several times at once.
type Maker struct{ cfg Config }

// New returns a maker of case files.
func New(cfg Config) *Maker { return &Maker{cfg} }

// Seal is the hand that makes the file of the case "case_key" for the party "viewer", its page in the "language" of whoever
// asked. Its outcome is "case_sealed" with the file's name, hash, size in bytes and seal, or Dead where there is no such case.
// The archive is written to a temporary file, so its size does not matter to memory; a repeat makes a new archive with a later
// date.
func (m *Maker) Seal(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	tmp, err := os.CreateTemp("", "case-*.zip")
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("make a case file: %w", err)
	}
	// The blobs have a copy of their own by then.
	defer func() { _ = tmp.Close(); _ = os.Remove(tmp.Name()) }()
	made, err := m.writeArchive(ctx, bot.Key(t.Facts["case_key"]), bot.Party(t.Facts["viewer"]), t.Facts["language"], tmp)
	if errors.Is(err, bot.ErrNone) {
		return bot.GivenUp("there is no such case"), nil
	}
	if err != nil {
		return bot.Outcome{}, fmt.Errorf("make a case file: %w", err)
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return bot.Outcome{}, err
	}
	f, err := m.cfg.Blobs.Add(ctx, made.name, "application/zip", tmp)
	if err != nil {
		return bot.Outcome{}, err
	}
	return bot.Done("case_sealed", bot.Facts{
		"file_name": f.Name, "file_hash": f.Hash, "file_size": strconv.FormatInt(f.Size, 10), "seal": Short(made.seal),
	}), nil
}

// Short is as much of a seal as people compare: "3f2a 91c0 77de 0a1b 55d3".
func Short(seal string) string {
	var groups []string
	for i := 0; i+4 <= min(len(seal), 20); i += 4 {
		groups = append(groups, seal[i:i+4])
	}
	return strings.Join(groups, " ")
}
