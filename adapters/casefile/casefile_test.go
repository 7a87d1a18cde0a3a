package casefile_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/bot/engine"

	"nevermind/adapters/casefile"
	"nevermind/adapters/shop"
	"nevermind/bot"
	"nevermind/flows"
	"nevermind/flows/policies"
	"nevermind/store/blob"
	"nevermind/store/bolt"
)

// houseKey is the house's, and otherKey a forger's.
var (
	houseKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	otherKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
)

// fixture is everything a case needs, with a platform that remembers what it was told.
type fixture struct {
	*testing.T
	store  *bolt.Store
	blobs  *blob.Store
	engine *engine.Engine
	policy *bot.Policy
	words  bot.Catalog
	now    time.Time
	told   []bot.Reply
	sent   int
}

func open(t *testing.T) *fixture {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	h := &fixture{T: t, store: store, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	h.blobs, err = blob.Folder(t.TempDir())
	h.must(err)
	pack, err := policies.Default()
	h.must(err)
	pack.Policy.Windows["undo"] = bot.Window{} // what is decided goes out at once
	h.policy = pack.Policy
	h.words, err = flows.Catalog()
	h.must(err)
	now := func() time.Time { return h.now }
	book := &shop.Book{Now: now}
	hands := book.Hands()
	hands["seal_case"] = h.maker().Seal
	h.engine, err = engine.New(t.Context(), engine.Config{Store: store, Blobs: h.blobs, Flows: flows.All(), Policy: pack.Policy,
		Now: now, Adapters: []bot.Adapter{h}, Hands: hands})
	h.must(err)
	book.Shelf = h.engine
	for _, p := range []bot.Person{{ID: bot.Desk, Rooms: []bot.Room{"fake:desk"}}, {ID: "support:mira", Name: "Mira"},
		{ID: "buyer:b-1", Name: "Ana", Rooms: []bot.Room{"fake:ana"}},
		{ID: "seller:s-1", Name: "Lumen House", Rooms: []bot.Room{"fake:lumen"}}} {
		p.Accounts = []string{"fake:" + string(p.ID)}
		_, err := h.engine.PutPerson(t.Context(), p)
		h.must(err)
	}
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	_, err = h.engine.PutOrder(t.Context(), bot.Order{ID: "81000001", Buyer: "buyer:b-1", Seller: "seller:s-1",
		Stage: bot.Processing, Method: "card",
		Placed: h.now.Add(-48 * time.Hour), Paid: h.now.Add(-47 * time.Hour), Updated: h.now.Add(-47 * time.Hour), Total: usd(2490),
		Shipping: usd(250),
		Items:    []bot.Item{{ID: "1", Title: "Lamp </script><b>&\u202e", Quantity: 1, Price: usd(2240)}}})
	h.must(err)
	return h
}

func (h *fixture) maker() *casefile.Maker {
	return casefile.New(casefile.Config{Store: h.store, Blobs: h.blobs, Seen: flows.Seen, Shown: flows.FactsShown,
		Now:       func() time.Time { return h.now },
		Key:       houseKey,
		Words:     h.words,
		Languages: flows.LanguageNames(),
		Names:     flows.CaseFileNames(),
		Fact: func(_ *bot.Conversation, o *bot.Order, name, value string) string {
			return flows.FactSaid(h.policy, o, name, value)
		},
		Checklist: func(c *bot.Conversation) []bot.Shown { return flows.Checklist(h.policy, c) }})
}

func (h *fixture) Name() string                               { return "fake" }
func (h *fixture) Run(ctx context.Context, _ bot.Inbox) error { <-ctx.Done(); return nil }
func (h *fixture) Send(_ context.Context, d bot.Delivery) (bot.Ref, error) {
	h.told = append(h.told, d.Reply)
	return bot.Ref(d.ID), nil
}

func (h *fixture) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// who speaks in which room.
var who = map[string][2]string{"Ana": {"fake:ana", "fake:buyer:b-1"}, "Lumen": {"fake:lumen", "fake:seller:s-1"},
	"Mira": {"fake:desk", "fake:support:mira"}}

// says plays "Ana: words" or "Ana: [a button]", a minute after the line before.
func (h *fixture) says(line string, files ...bot.File) {
	h.Helper()
	name, words, _ := strings.Cut(line, ": ")
	m := bot.Message{Room: bot.Room(who[name][0]), Account: who[name][1], Text: words, Files: files}
	if label, ok := strings.CutPrefix(words, "["); ok {
		m.Text = ""
		for _, r := range slices.Backward(h.told) {
			choices := append(slices.Clone(r.Choices), r.Behind...)
			i := slices.IndexFunc(choices, func(b bot.Button) bool {
				return r.Room == m.Room &&
					b.Label == strings.TrimSuffix(label, "]")
			})
			if i >= 0 {
				m.Press = choices[i].Token
				break
			}
		}
		if m.Press == "" {
			h.Fatalf("%s has no button %s", name, words)
		}
	}
	h.sent++
	h.now = h.now.Add(time.Minute)
	m.ID = fmt.Sprint("m", h.sent)
	h.must(h.engine.Receive(h.Context(), m))
	h.must(h.engine.Drain(h.Context()))
}

// photo keeps a photo of so many bytes.
func (h *fixture) photo(n, size int) bot.File {
	h.Helper()
	content := append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"), bytes.Repeat([]byte{byte(n), 7, byte(n * 31)}, size/3)...)
	f, err := h.blobs.Put(h.Context(), fmt.Sprintf("photo %d.jpg", n), bytes.NewReader(content))
	h.must(err)
	return f
}

// long plays a long case with so many photos, and returns its key.
func (h *fixture) long(photos, size int) bot.Key {
	h.Helper()
	for _, line := range []string{"Ana: cancel 81000001", "Ana: [I don't need it any more]", "Ana: Please, it was a mistake.",
		"Ana: [Yes, ask the seller]",
		"Lumen: [Say no]", "Lumen: It is packed.", "Ana: [Write to the seller]",
		"Ana: Could you unpack it? <script>alert(1)</script>"} {
		h.says(line)
	}
	h.says("Ana: [Add photos or files]")
	for n := range photos {
		h.says("Ana: here", h.photo(n, size))
	}
	for _, line := range []string{"Ana: [That is all]", "Ana: [Let support decide]", "Lumen: [Add something]",
		"Lumen: A word for support alone.",
		"Mira: [Write to the seller]", "Mira: A word for the seller alone.", "Mira: [Partial refund]", "Mira: 5",
		"Mira: [It goes on]", "Mira: Half a fault.", "Mira: [Yes, decide this]"} {
		h.says(line)
	}
	keys, err := h.store.Find(h.Context(), "flow:case", "", 1)
	h.must(err)
	return keys[0]
}

// seal makes the case's file for a viewer and returns it whole.
func (h *fixture) seal(key bot.Key, viewer bot.Party) []byte {
	h.Helper()
	return h.sealIn(key, viewer, "")
}

// sealIn is the same for somebody who reads a language.
func (h *fixture) sealIn(key bot.Key, viewer bot.Party, language string) []byte {
	h.Helper()
	o, err := h.maker().Seal(h.Context(), bot.Task{Facts: bot.Facts{"case_key": string(key), "viewer": string(viewer),
		"language": language}})
	h.must(err)
	if o.Event != "case_sealed" {
		h.Fatalf("got %+v", o)
	}
	r, err := h.blobs.Open(h.Context(), o.Facts["file_hash"])
	h.must(err)
	defer r.Close()
	text, err := io.ReadAll(r)
	h.must(err)
	return text
}

func verify(file []byte) (casefile.Report, error) {
	return casefile.Verify(bytes.NewReader(file), int64(len(file)))
}

func TestSealedFile(t *testing.T) {
	h := open(t)
	key := h.long(3, 1000)
	heads := map[string]bool{}
	for viewer, c := range map[bot.Party]struct{ sees, not []string }{
		bot.Buyer: {[]string{"Please, it was a mistake.", "Half a fault.", "Could you unpack it?", "here"},
			[]string{"A word for support alone.", "A word for the seller alone.", "support:mira"}},
		bot.Seller: {[]string{"Please, it was a mistake.", "A word for support alone.", "A word for the seller alone.",
			"Could you unpack it?"}, []string{"support:mira"}},
		bot.Support: {[]string{"A word for support alone.", "A word for the seller alone.", "support:mira"}, nil},
	} {
		file := h.seal(key, viewer)
		rep, err := verify(file)
		if err != nil {
			t.Errorf("%s: %v", viewer, err)
			continue
		}
		if rep.Files != 3 || rep.Record.Viewer != viewer || len(rep.Record.Items) < 20 ||
			(rep.Withheld == 0) != (viewer == bot.Support) {
			t.Errorf("%s: %d files, %d lines, %d withheld for the %s", viewer, rep.Files, len(rep.Record.Items), rep.Withheld,
				rep.Record.Viewer)
		}
		heads[rep.Record.Head] = true
		all := unpacked(t, file)
		for _, want := range c.sees {
			if !strings.Contains(all["index.html"], want) || !strings.Contains(all["record.json"], want) {
				t.Errorf("the %s does not see %q", viewer, want)
			}
		}
		for _, secret := range c.not {
			if strings.Contains(all["index.html"]+all["record.json"], secret) {
				t.Errorf("the %s sees %q", viewer, secret)
			}
		}
		if strings.Contains(all["index.html"], "<script") || strings.Contains(all["index.html"], "://") {
			t.Errorf("the %s's page runs or asks for something", viewer)
		}
	}
	if len(heads) != 1 {
		t.Errorf("%d last lines, want one for all", len(heads))
	}
}

func unpacked(t *testing.T, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
	}
	return all
}

// The file shows the checklist: what has been shown, by which photo, when, and what is missing (S52, S58, S62).
func TestEvidenceInTheFile(t *testing.T) {
	h := open(t)
	for _, line := range []string{"Ana: cancel 81000001", "Ana: [The seller raised the price *]"} {
		h.says(line)
	}
	photo := h.photo(1, 1000)
	h.says("Ana: They want more.", photo)
	for _, line := range []string{"Ana: [Yes, ask the seller]", "Ana: [The chat]", "Lumen: [It has shipped already]",
		"Lumen: LP00123456789012", "Lumen: Today.", "Lumen: [Leave it out]"} {
		h.says(line)
	}
	keys, err := h.store.Find(h.Context(), "flow:case", "", 1)
	h.must(err)
	for _, viewer := range []bot.Party{bot.Buyer, bot.Seller, bot.Support} {
		file := h.seal(keys[0], viewer)
		rep, err := verify(file)
		h.must(err)
		got := rep.Record.Evidence
		if len(got) != 2 || !got[0].Has || len(got[0].Files) != 1 || got[0].Files[0].Hash != photo.Hash || got[1].Has {
			t.Errorf("for the %s: got %+v, want the chat shown by a photo, and the dispatch notice missing", viewer, got)
		}
		page := unpacked(t, file)["index.html"]
		for _, want := range []string{"✓ the chat in which the seller named another price",
			"Missing: the carrier&#39;s receipt for the parcel, from the seller", photo.Hash} {
			if !strings.Contains(page, want) {
				t.Errorf("the %s's page does not say %q", viewer, want)
			}
		}
	}
}

// Whatever single byte is changed, left out or added, wherever it is: it is found.
func TestEveryChangeIsFound(t *testing.T) {
	h := open(t)
	file := h.seal(h.long(20, 3000), bot.Buyer)
	if _, err := verify(file); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 1000 {
		at, bit := random.IntN(len(file)), byte(1)<<random.IntN(8)
		if n < 64 {
			at = len(file) - 1 - n // the seal itself
		}
		bad := slices.Clone(file)
		bad[at] ^= bit
		if _, err := verify(bad); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("byte %d of %d: got %v, want it found", at, len(file), err)
		}
	}
	for name, bad := range map[string][]byte{"one less": file[:len(file)-1], "one more": append(slices.Clone(file), '0'),
		"one before": append([]byte{0}, file...), "none": nil} {
		if _, err := verify(bad); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it found", name, err)
		}
	}
}

// Somebody who seals a changed record anew is found by the chain, unless they make all of it anew; then the last line
// is another.
func TestResealedChangeIsFound(t *testing.T) {
	h := open(t)
	file := h.seal(h.long(2, 300), bot.Buyer)
	for name, change := range map[string]func(r *casefile.Record, files map[string]string){
		"words": func(r *casefile.Record, _ map[string]string) {
			r.Items[1].Parts[0].Text = strings.Replace(r.Items[1].Parts[0].Text, "a", "b", 1)
		},
		"a hash":    func(r *casefile.Record, _ map[string]string) { r.Items[4].Parts[0].Hash = r.Items[3].Parts[0].Hash },
		"readers":   func(r *casefile.Record, _ map[string]string) { r.Items[4].Parts[0].For = "seller support" },
		"a line":    func(r *casefile.Record, _ map[string]string) { r.Items = slices.Delete(r.Items, 5, 6) },
		"the end":   func(r *casefile.Record, _ map[string]string) { r.Items = r.Items[:len(r.Items)-1] },
		"the order": func(r *casefile.Record, _ map[string]string) { r.Items[5], r.Items[6] = r.Items[6], r.Items[5] },
		"the start": func(r *casefile.Record, _ map[string]string) { r.Opened = r.Opened.Add(time.Second) },
		"a page":    func(_ *casefile.Record, files map[string]string) { files["index.html"] += " " },
		"a photo":   func(_ *casefile.Record, files map[string]string) { files[photoOf(files)] += "!" },
		"no photo":  func(_ *casefile.Record, files map[string]string) { delete(files, photoOf(files)) },
		"one more":  func(_ *casefile.Record, files map[string]string) { files["files/extra.jpg"] = "x" },
		"the state": func(r *casefile.Record, _ map[string]string) { r.State = "refunded" },
		"a name":    func(r *casefile.Record, _ map[string]string) { r.People["buyer"] = "Somebody else" },
		"its page": func(r *casefile.Record, files map[string]string) {
			files["index.html"] = strings.Replace(files["index.html"], "Ana", "Eve", 1)
			r.Pages["index.html"] = casefile.HashOf(files["index.html"])
		},
		"no signature": func(_ *casefile.Record, files map[string]string) { delete(files, "signature.json") },
		"other kind":   func(r *casefile.Record, _ map[string]string) { r.Form = "another form" },
	} {
		files := unpacked(t, file)
		var r casefile.Record
		if err := json.Unmarshal([]byte(files["record.json"]), &r); err != nil {
			t.Fatal(err)
		}
		change(&r, files)
		text, err := json.MarshalIndent(&r, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		files["record.json"] = string(text)
		if _, err := verify(reseal(t, files)); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it found", name, err)
		}
		// Signed anew with another key it is found by the chain, the page or the files, or it shows who has signed it.
		signed, err := casefile.Sign(otherKey, text)
		if err != nil {
			t.Fatal(err)
		}
		files["signature.json"] = string(signed)
		rep, err := verify(reseal(t, files))
		if !errors.Is(err, casefile.ErrChanged) && (err != nil || rep.SignedBy == casefile.PublicKey(houseKey)) {
			t.Errorf("%s, signed by a forger: got signed by %q, %v", name, rep.SignedBy, err)
		}
	}
	if _, err := verify(reseal(t, unpacked(t, file))); err != nil {
		t.Errorf("sealed anew without a change: %v", err)
	}
}

func photoOf(files map[string]string) string {
	for name := range files {
		if strings.HasPrefix(name, "files/") {
			return name
		}
	}
	return ""
}

// reseal is what a forger does: packs files and puts a fitting seal behind them.
func reseal(t *testing.T, files map[string]string, more ...func(*zip.Writer) error) []byte {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, content := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	for _, add := range more {
		if err := add(z); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.SetComment(strings.Repeat("0", 64)), z.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := casefile.SealUp(f); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// An archive that names a file twice, or unpacks to more than it is, is refused before anything of it is read.
func TestArchiveThatUnpacksToMore(t *testing.T) {
	h := open(t)
	files := unpacked(t, h.seal(h.long(1, 300), bot.Buyer))
	twice := func(z *zip.Writer) error {
		_, err := z.CreateHeader(&zip.FileHeader{Name: "record.json", Method: zip.Store})
		return err
	}
	packed := func(z *zip.Writer) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "files/large.jpg", Method: zip.Deflate})
		if err == nil {
			_, err = io.CopyN(w, zeros{}, 64<<20)
		}
		return err
	}
	for name, more := range map[string]func(*zip.Writer) error{"twice": twice, "packed": packed} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := verify(reseal(t, files, more))
		runtime.ReadMemStats(&after)
		if !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
			t.Errorf("%s: %d bytes were used to look at it", name, used)
		}
	}
}

// zeros is a file without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A file that a version before signed nothing of can still be checked, and says that nobody has signed it.
func TestUnsignedForm(t *testing.T) {
	h := open(t)
	files := unpacked(t, h.seal(h.long(1, 300), bot.Buyer))
	var r casefile.Record
	h.must(json.Unmarshal([]byte(files["record.json"]), &r))
	r.Form, r.Template = "nevermind case file 1", ""
	text, err := json.MarshalIndent(&r, "", " ")
	h.must(err)
	files["record.json"] = string(text)
	delete(files, "signature.json")
	rep, err := verify(reseal(t, files))
	if err != nil || rep.SignedBy != "" {
		t.Errorf("got signed by %q, %v", rep.SignedBy, err)
	}
}

// A photo that is no longer kept is said to be missing, and the rest still stands.
func TestMissingFile(t *testing.T) {
	h := open(t)
	key := h.long(2, 300)
	lost := h.photo(0, 300)
	h.must(h.blobs.Remove(t.Context(), lost.Hash))
	rep, err := verify(h.seal(key, bot.Seller))
	if err != nil || rep.Files != 1 || !slices.Equal(rep.Record.Missing, []string{lost.Hash}) {
		t.Errorf("got %d files, missing %v, %v", rep.Files, rep.Record.Missing, err)
	}
}

// The same case in the same state has the same last line however often, and later than a further line another.
func TestLastLine(t *testing.T) {
	h := open(t)
	key := h.long(1, 300)
	head := func() string {
		rep, err := verify(h.seal(key, bot.Buyer))
		h.must(err)
		return rep.Record.Head
	}
	first := head()
	h.now = h.now.Add(time.Hour)
	if again := head(); again != first {
		t.Errorf("the last line moved by itself: %s, then %s", first, again)
	}
	h.says("Ana: [A person, please]")
	if later := head(); later == first {
		t.Error("a further line leaves the last line as it was")
	}
}

func TestNoSuchCase(t *testing.T) {
	h := open(t)
	o, err := h.maker().Seal(t.Context(), bot.Task{Facts: bot.Facts{"case_key": "case/0/0", "viewer": "buyer"}})
	if err != nil || o.Dead == "" {
		t.Errorf("got %+v, %v", o, err)
	}
}
