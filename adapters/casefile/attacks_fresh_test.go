package casefile_test

import (
	"archive/zip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/casefile"
	"nevermind/bot"
)

// relink makes the hashes of a changed record anew, as a forger does.
func relink(r *casefile.Record) {
	r.Head = r.Start
	for n := range r.Items {
		r.Items[n].N, r.Items[n].Prev = n+1, r.Head
		r.Items[n].Hash = casefile.ItemHash(r.Items[n])
		r.Head = r.Items[n].Hash
	}
}

// Ten more forgeries of a case file (A5), each sealed and signed anew with a forger's key. Whoever compares the last line with
// the other side's must see each of them: it is refused, or has another last line.
func TestFreshForgeriesOfTheChain(t *testing.T) {
	h := open(t)
	file := h.seal(h.long(1, 300), bot.Buyer)
	whole, err := verify(file)
	h.must(err)
	mine := func(r *casefile.Record) (item, part int) {
		for n := range r.Items {
			for k, p := range r.Items[n].Parts {
				if p.Name == "words" && strings.Contains(p.Text, "Could you unpack it?") {
					return n, k
				}
			}
		}
		t.Fatal("the words are not there")
		return 0, 0
	}
	for name, forge := range map[string]func(r *casefile.Record){
		"words withheld by their readers": func(r *casefile.Record) {
			n, k := mine(r)
			p := &r.Items[n].Parts[k]
			p.For, p.Text, p.Salt = strings.ReplaceAll(p.For, " ", "+"), "", ""
		},
		"words within a part's name": func(r *casefile.Record) {
			n, k := mine(r)
			parts := r.Items[n].Parts
			first, second := parts[k-1], parts[k]
			second.Name = first.Name + " " + strings.ReplaceAll(first.For, " ", "+") + " " + first.Hash + "\n" + second.Name
			r.Items[n].Parts = slices.Concat(parts[:k-1], []casefile.Part{second}, parts[k+1:])
		},
		"all withheld from nobody": func(r *casefile.Record) {
			r.Viewer = "nobody"
			for n := range r.Items {
				for k := range r.Items[n].Parts {
					r.Items[n].Parts[k].Text, r.Items[n].Parts[k].Salt = "", ""
				}
			}
		},
		"words where some were withheld": func(r *casefile.Record) {
			for n := range r.Items {
				for k := range r.Items[n].Parts {
					if p := &r.Items[n].Parts[k]; !strings.Contains(p.For, "buyer") {
						p.Text = `{"text":"forged"}`
						return
					}
				}
			}
			t.Fatal("nothing is withheld")
		},
		"a part called otherwise": func(r *casefile.Record) { n, k := mine(r); r.Items[n].Parts[k].Name = "note" },
		"no items":                func(r *casefile.Record) { r.Items = nil },
		"a line doubled":          func(r *casefile.Record) { r.Items = append(r.Items, r.Items[len(r.Items)-1]); relink(r) },
		"words moved into the salt": func(r *casefile.Record) {
			n, k := mine(r)
			p := &r.Items[n].Parts[k]
			p.Salt, p.Text = p.Salt+"\n"+p.Text[:8], p.Text[8:]
		},
		"a part too many": func(r *casefile.Record) {
			r.Items[0].Parts = append(r.Items[0].Parts, casefile.Part{Name: "words", For: "buyer", Text: `{"text":"forged"}`})
			p := &r.Items[0].Parts[len(r.Items[0].Parts)-1]
			p.Hash = casefile.PartHash(*p)
			relink(r)
		},
		"the parts in another order": func(r *casefile.Record) { n, _ := mine(r); slices.Reverse(r.Items[n].Parts); relink(r) },
		"another case's start":       func(r *casefile.Record) { r.Key = "case/99/0"; r.Start = casefile.ChainStart(r.Key); relink(r) },
	} {
		files := unpacked(t, file)
		var r casefile.Record
		h.must(json.Unmarshal([]byte(files["record.json"]), &r))
		if forge(&r); r.Viewer == "nobody" {
			delete(files, photoOf(files))
		}
		r.Template = "" // so that no page is made again
		text, err := json.MarshalIndent(&r, "", " ")
		h.must(err)
		signed, err := casefile.Sign(otherKey, text)
		h.must(err)
		files["record.json"], files["signature.json"] = string(text), string(signed)
		rep, err := verify(reseal(t, files))
		if !errors.Is(err, casefile.ErrChanged) && (err != nil || rep.Record.Head == whole.Record.Head) {
			t.Errorf("%s: got %v, with the last line of the true file", name, err)
		}
	}
}

// And what pretends to be the house's: signatures made to fit, records and archives that readers understand differently.
func TestFreshForgeriesOfTheSignature(t *testing.T) {
	h := open(t)
	file := h.seal(h.long(1, 300), bot.Buyer)
	house := casefile.PublicKey(houseKey)
	quoted := func(key, made []byte) string {
		text, err := json.MarshalIndent(map[string]string{"key": base64.StdEncoding.EncodeToString(key),
			"signature": base64.StdEncoding.EncodeToString(made)}, "", " ")
		h.must(err)
		return string(text)
	}
	of := func(files map[string]string) (key, made []byte) {
		var s struct{ Key, Signature string }
		h.must(json.Unmarshal([]byte(files["signature.json"]), &s))
		key, err := base64.StdEncoding.DecodeString(s.Key)
		h.must(err)
		made, err = base64.StdEncoding.DecodeString(s.Signature)
		h.must(err)
		return key, made
	}
	for name, forge := range map[string]func(files map[string]string){
		"a signature with the order of the curve added": func(files map[string]string) {
			key, made := of(files)
			order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
			half := slices.Clone(made[32:])
			slices.Reverse(half)
			sum := new(big.Int).Add(new(big.Int).SetBytes(half), order).FillBytes(make([]byte, 32))
			slices.Reverse(sum)
			files["signature.json"] = quoted(key, append(made[:32:32], sum...))
		},
		"the signature of another record": func(files map[string]string) {
			files["record.json"] = strings.Replace(files["record.json"], `"state": "`, `"state": "x`, 1)
		},
		"a key of the smallest order": func(files map[string]string) {
			key, made := make([]byte, 32), make([]byte, 64)
			key[0], made[0] = 1, 1
			files["record.json"] = strings.Replace(files["record.json"], `"state": "`, `"state": "x`, 1)
			files["signature.json"] = quoted(key, made)
		},
		"no signature": func(files map[string]string) {
			older := strings.Replace(files["record.json"], "file 2", "file 1", 1)
			files["record.json"] = strings.Replace(older, `"state": "`, `"state": "x`, 1)
			delete(files, "signature.json")
		},
		"a second value for a name in escapes": func(files map[string]string) {
			files["record.json"] = strings.Replace(files["record.json"], `"state":`, `"\u0073tate": "forged", "state":`, 1)
		},
		"a name that only folds to another": func(files map[string]string) {
			files["record.json"] = strings.Replace(files["record.json"], `"case":`, `"ca\u017fe": "forged", "case":`, 1)
		},
		"something behind the record": func(files map[string]string) { files["record.json"] += "{}" },
		"a mark before the record":    func(files map[string]string) { files["record.json"] = "\ufeff" + files["record.json"] },
		"a file on a way out":         func(files map[string]string) { files["files/../../x.sh"] = "x" },
		"a name twice but for case":   func(files map[string]string) { files["Record.json"] = files["record.json"] },
		"a page of ours in a folder":  func(files map[string]string) { files["files/index.html"] = files["index.html"] },
	} {
		files := unpacked(t, file)
		forge(files)
		rep, err := verify(reseal(t, files))
		if !errors.Is(err, casefile.ErrChanged) && (err != nil || rep.SignedBy == house) {
			t.Errorf("%s: got signed by %q, %v", name, rep.SignedBy, err)
		}
	}
}

// What is small and takes much to look at (A8) is refused, within a second.
func TestFreshBombs(t *testing.T) {
	h := open(t)
	files := unpacked(t, h.seal(h.long(1, 300), bot.Buyer))
	forged := func(text string) []byte {
		signed, err := casefile.Sign(otherKey, []byte(text))
		h.must(err)
		return reseal(t, map[string]string{"record.json": text, "signature.json": string(signed), "index.html": "", "verify.html": ""})
	}
	form := `{"form":"nevermind case file 2",`
	lists := strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000)
	part := `"viewer":"buyer","items":[{"n":1,"parts":[{"name":"words","for":"buyer support","text":"` + lists[:100_000] + `"}]}]}`
	for name, file := range map[string][]byte{
		"a million lists in a list":       forged(form + `"items":` + lists + "}"),
		"objects in objects":              forged(form + strings.Repeat(`"x":{`, 500_000) + strings.Repeat("}", 500_001)),
		"a million empty items":           forged(form + `"items":[` + strings.Repeat("{},", 1_000_000) + "{}]}"),
		"a million names":                 forged(form + `"people":{` + strings.Repeat(`"":"",`, 1_000_000) + `"":""}}`),
		"a number of a million digits":    forged(form + `"items":[{"n":1` + strings.Repeat("0", 1_000_000) + `}]}`),
		"a string of escapes":             forged(form + `"case":"` + strings.Repeat(`\u0000`, 500_000) + `"}`),
		"a record that never ends":        forged(form + `"case":"`),
		"a backslash at the end":          forged(`{"a\`),
		"a time far off":                  forged(form + `"opened":"9999999-01-01T00:00:00Z"}`),
		"a part with lists in its text":   forged(form + part),
		"many files without content":      reseal(t, files, func(z *zip.Writer) error { return many(z, 30_000) }),
		"a folder in place of the record": reseal(t, map[string]string{"record.json/": ""}),
	} {
		begun := time.Now()
		if _, err := verify(file); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
		if took := time.Since(begun); took > time.Minute { // what does not end in time takes hours, a busy machine seconds
			t.Errorf("%s: it took %v", name, took)
		}
	}
}

// many adds so many files without content.
func many(z *zip.Writer, n int) error {
	for range n {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: "files/" + strings.Repeat("a", 8), Method: zip.Store}); err != nil {
			return err
		}
	}
	return nil
}
