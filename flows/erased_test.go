package flows_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"nevermind/bot"
	"nevermind/flows/transcript"
	"nevermind/store/bolt"
	"nevermind/store/encryption"
)

// kept are numbers of orders, codes of parcels, which prove that something was sent, times, and what was chosen from a list.
var kept = regexp.MustCompile(`^(cancel )?[0-9 ]+$|^[A-Z]{2}[0-9]+[A-Z]{0,2}$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$|` +
	`^in a week$|^seller packing$`)

// encrypted are the options of an encrypted store, none of a plain one.
func (s *stage) encrypted() []bolt.Option {
	if s.key.IsZero() {
		return nil
	}
	return []bolt.Option{
		bolt.Encrypted(func(wrapped [][]byte) (bolt.Keys, error) { return s.key.Keys(wrapped) }),
		bolt.Personal(func(string) (bolt.PersonalKeys, error) { return s.ring() }),
	}
}

// ring is the key ring of an encrypted store.
func (s *stage) ring() (*encryption.Ring, error) {
	ring, err := encryption.OpenRing(s.dir+"/ring", s.key)
	if errors.Is(err, fs.ErrNotExist) {
		return encryption.CreateRing(s.dir+"/ring", s.key)
	}
	return ring, err
}

// TestErasedAfterTranscripts plays every transcript in an encrypted house and erases its buyer, its seller or an agent: nothing
// that they have typed is read any more, nor where they were reached; every journal chains and replays.
func TestErasedAfterTranscripts(t *testing.T) {
	onlyWhole(t)
	for who, fewest := range map[string]int{"Ana": 200, "Lumen": 50, "Mira": 50} {
		t.Run(who, func(t *testing.T) { erasedAfterTranscripts(t, who, fewest) })
	}
}

func erasedAfterTranscripts(t *testing.T, who string, fewest int) {
	canaries := 0
	for _, file := range transcripts(t) {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".chat")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			header, _ := transcript.Split(string(text))
			_, s := playOn(t, string(text), newStageIn(t, header, "", nil, encryption.NewMaster()), nil)
			canaries += s.erases(who)
		})
	}
	if canaries < fewest {
		t.Errorf("only %d canaries were there to erase", canaries)
	}
	t.Logf("%d canaries", canaries)
}

// erases erases somebody of the cast and returns how many canaries there were.
func (s *stage) erases(name string) (canaries int) {
	s.t.Helper()
	before := s.told()
	var words []string
	account, toErase := "stage:"+strings.ToLower(name), cast[name].ID
	var others []string
	for other, typed := range s.saidBy {
		if other != toErase {
			others = append(others, typed...)
		}
	}
	at, err := s.store.PersonAt(s.t.Context(), account)
	if err == nil && at.ID != toErase {
		return 0 // the chat is somebody else's now, and what was said there with it
	}
	for _, word := range append(s.saidBy[toErase], account) {
		if len([]rune(word)) >= 9 && word[0] != '/' && strings.Contains(before, quoted(word)) &&
			!strings.Contains(strings.Join(others, "\n"), word) &&
			!kept.MatchString(word) {
			words = append(words, quoted(word))
		}
	}
	who, err := s.store.Person(s.t.Context(), toErase)
	if errors.Is(err, bot.ErrNone) {
		return 0
	}
	s.must(err)
	s.must(s.store.Erase(s.t.Context(), who))
	s.reload()
	after := s.told()
	for _, word := range words {
		for line := range strings.Lines(after) {
			if strings.Contains(line, word) {
				var record map[string]any
				s.must(json.Unmarshal([]byte(line), &record))
				s.t.Errorf("%q is read still:%s", word, placeOf(record, word))
			}
		}
	}
	for _, key := range s.records() {
		r, err := s.engine.Replay(s.t.Context(), key)
		if errors.Is(err, bot.ErrNone) && strings.Contains(string(key), account) {
			continue
		}
		if s.must(err); !r.Same {
			s.t.Errorf("%s does not replay: turn %d: %s", key, r.Differs, r.Why)
		}
	}
	return len(words)
}

// placeOf says where a word stands in a record.
func placeOf(v any, word string) string {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if at := placeOf(x, word); at != "" {
				for _, id := range []string{"Key", "Conversation", "Lane", "Seq"} {
					if text, ok := v[id].(string); ok {
						name = text + " " + name
					}
				}
				return " " + name + at
			}
		}
	case []any:
		for _, x := range v {
			if at := placeOf(x, word); at != "" {
				return at
			}
		}
	case string:
		if strings.Contains(quoted(v), word) {
			return " = " + v
		}
	}
	return ""
}

// told is everything that can be read of the store.
func (s *stage) told() string {
	var all strings.Builder
	out := json.NewEncoder(&all)
	out.SetEscapeHTML(false)
	s.must(s.store.Each(s.t.Context(), func(r bot.Record) error { return out.Encode(r) }))
	return all.String()
}

// quoted is a text as it stands in JSON, without its quotes.
func quoted(text string) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(text)
	return strings.Trim(strings.TrimSpace(out.String()), `"`)
}
