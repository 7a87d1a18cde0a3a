package casefile_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"nevermind/adapters/casefile"
	"nevermind/bot"
)

// sealAnew puts a fitting seal behind an archive that was changed.
func sealAnew(file []byte) []byte {
	body := file[:len(file)-64]
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), hex.EncodeToString(sum[:])...)
}

// repack writes the same entries anew, as the house has signed them, with other fields.
func repack(t *testing.T, file []byte, change func(f *zip.FileHeader)) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		h := &zip.FileHeader{Name: f.Name, Method: zip.Store}
		change(h)
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.SetComment(strings.Repeat("0", 64)), z.Close()); err != nil {
		t.Fatal(err)
	}
	return sealAnew(out.Bytes())
}

// shifted puts bytes before the list of files, where programs that read an archive from its beginning find them, and has the list
// still be found.
func shifted(file, more []byte) []byte {
	end := len(file) - 64 - 22
	list := int(binary.LittleEndian.Uint32(file[end+16:]))
	out := append(append(bytes.Clone(file[:list]), more...), file[list:]...)
	binary.LittleEndian.PutUint32(out[end+len(more)+16:], uint32(list+len(more)))
	return sealAnew(out)
}

// smuggled is an entry that stands in no list.
func smuggled(name, content string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, _ := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, CompressedSize64: uint64(len(content)),
		UncompressedSize64: uint64(len(content))})
	_, _ = io.WriteString(w, content)
	_ = z.Flush()
	return out.Bytes()
}

// TestTwoReadersFindTheSame: what the house has signed stays as it was, and the archive around it is changed and sealed anew, so
// that some programs that unpack show other files than `verify` has looked at. Each is refused, by Go and, as
// TestCheckPageRefusesWhatVerifyRefuses shows, by verify.html.
func TestTwoReadersFindTheSame(t *testing.T) {
	h := open(t)
	file := h.seal(h.long(2, 300), bot.Buyer)
	if got := repack(t, file, func(*zip.FileHeader) {}); !bytes.Equal(got, file) {
		t.Fatal("the forger's writer does not write as the house's, so nothing is shown by what follows")
	}
	for name, bad := range twoReaders(t, file) {
		if _, err := verify(bad); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it found", name, err)
		}
	}
}

// twoReaders are ways to have another file found beside what is signed.
func twoReaders(t *testing.T, file []byte) map[string][]byte {
	t.Helper()
	page := func(change func(f *zip.FileHeader)) []byte {
		return repack(t, file, func(f *zip.FileHeader) {
			if f.Name == "index.html" {
				change(f)
			}
		})
	}
	extra := func(id uint16, content string) []byte {
		return append(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, id), uint16(len(content))), content...)
	}
	at := bytes.Index(file, []byte("index.html"))
	renamed := bytes.Clone(file)
	copy(renamed[at:], "forged.htm")
	flagged := bytes.Clone(file)
	flagged[at-30+6] ^= 1 // the zip's flag for an encrypted entry, in its local header
	sized := bytes.Clone(file)
	binary.LittleEndian.PutUint32(sized[at-30+18:], 5) // only so long, to them
	behind := append(bytes.Clone(file[:len(file)-64]), make([]byte, 64)...)
	list := len(file) - 64 - 22
	lists := bytes.Clone(file)
	binary.LittleEndian.PutUint16(lists[list+8:], 1) // so many on this disk
	return map[string][]byte{
		"a page before all":              sealAnew(append(smuggled("index.html", "<p>500 USD</p>"), file...)),
		"a program before all":           sealAnew(append([]byte("#!/bin/sh\nrm -rf ~\n"), file...)),
		"a page that is not listed":      shifted(file, smuggled("index.html", "<p>500 USD</p>")),
		"bytes that are no entry":        shifted(file, []byte("hidden")),
		"another name at its place":      sealAnew(renamed),
		"encrypted at its place":         sealAnew(flagged),
		"shorter at its place":           sealAnew(sized),
		"a second name, in Unicode":      page(func(f *zip.FileHeader) { f.Extra = extra(0x7075, "\x01\x00\x00\x00\x00forged.html") }),
		"a field nobody knows":           page(func(f *zip.FileHeader) { f.Extra = extra(0x4141, "x") }),
		"a comment":                      page(func(f *zip.FileHeader) { f.Comment = "Refund of 500 USD" }),
		"a link in place of the page":    page(func(f *zip.FileHeader) { f.SetMode(fs.ModeSymlink | 0o777) }),
		"a page that runs":               page(func(f *zip.FileHeader) { f.SetMode(0o4755) }),
		"another time":                   page(func(f *zip.FileHeader) { f.Modified = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"a name that is not UTF-8":       page(func(f *zip.FileHeader) { f.NonUTF8, f.Comment = true, "é" }),
		"more disks":                     sealAnew(lists),
		"the seal where no comment ends": behind,
	}
}

// TestSignatureSaysNoMore: the signature's own file is covered by no signature. So it holds the key and the signature and nothing
// else, and every JSON parser finds the same key in it.
func TestSignatureSaysNoMore(t *testing.T) {
	h := open(t)
	files := unpacked(t, h.seal(h.long(1, 300), bot.Buyer))
	house := files["signature.json"]
	for name, text := range map[string]string{
		"a note":         strings.Replace(house, "{", `{"note":"500 USD",`, 1),
		"the key twice":  strings.Replace(house, "{", `{"key":"`+casefile.PublicKey(otherKey)+`",`, 1),
		"the key as Key": strings.Replace(house, `"key"`, `"KEY"`, 1),
		"two values":     house + house,
		"blanks":         " " + house,
		"a line in base64": strings.Replace(house, casefile.PublicKey(houseKey), casefile.PublicKey(houseKey)[:8]+`\n`+
			casefile.PublicKey(houseKey)[8:], 1),
	} {
		files["signature.json"] = text
		if rep, err := verify(resealInOrder(t, files)); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got signed by %q, %v, want it found", name, rep.SignedBy, err)
		}
	}
}

// resealInOrder is reseal; the order of entries is anybody's.
func resealInOrder(t *testing.T, files map[string]string) []byte { return reseal(t, files) }

// TestNamesTwiceInTheRecord: JSON parsers differ in which of two equal names counts (duplicate keys), so a record has none, upper
// and lower case being the same.
func TestNamesTwiceInTheRecord(t *testing.T) {
	h := open(t)
	files := unpacked(t, h.seal(h.long(1, 300), bot.Buyer))
	whole := files["record.json"]
	for name, text := range map[string]string{
		"twice":          strings.Replace(whole, `"state":`, `"state": "refunded", "state":`, 1),
		"in capitals":    strings.Replace(whole, `"state":`, `"STATE": "refunded", "state":`, 1),
		"ſ for s":        strings.Replace(whole, `"state":`, `"ſtate": "refunded", "state":`, 1),
		"escaped":        strings.Replace(whole, `"state":`, `"\u0073tate": "refunded", "state":`, 1),
		"in a line":      strings.Replace(whole, `"hash":`, `"HASH": "", "hash":`, 1),
		"something else": whole + "{}",
	} {
		signed, err := casefile.Sign(otherKey, []byte(text))
		h.must(err)
		files["record.json"], files["signature.json"] = text, string(signed)
		if _, err := verify(reseal(t, files)); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it found", name, err)
		}
	}
}

// TestErrorsPrintPlainly: an error about a forged case file carries no terminal escape sequence from it.
func TestErrorsPrintPlainly(t *testing.T) {
	h := open(t)
	files := unpacked(t, h.seal(h.long(1, 300), bot.Buyer))
	const escape = "\x1b]0;owned\x07\u009b31m\u202e"
	for name, change := range map[string]func(r *casefile.Record){
		"a part's name": func(r *casefile.Record) { r.Items[0].Parts[0].Name, r.Items[0].Parts[0].Text = escape, "{}" },
		"the form":      func(r *casefile.Record) { r.Form = escape },
		"a page":        func(r *casefile.Record) { r.Pages[escape] = "x" },
		"a file":        func(r *casefile.Record) { r.Pages["files/"+escape] = "x" },
	} {
		var r casefile.Record
		h.must(json.Unmarshal([]byte(files["record.json"]), &r))
		change(&r)
		if name == "a part's name" { // its line's own hash fits
			r.Items[0].Hash = casefile.ItemHash(r.Items[0])
		}
		text, err := json.MarshalIndent(&r, "", " ")
		h.must(err)
		signed, err := casefile.Sign(otherKey, text)
		h.must(err)
		files["record.json"], files["signature.json"] = string(text), string(signed)
		_, err = verify(reseal(t, files))
		if err == nil {
			t.Errorf("%s: it passes", name)
			continue
		}
		if strings.ContainsAny(err.Error(), "\x1b\x07\u009b\u202e") {
			t.Errorf("%s: %q reaches the terminal", name, err)
		}
	}
}

// TestCheckPageRefusesWhatVerifyRefuses: the page of the archive finds the same.
func TestCheckPageRefusesWhatVerifyRefuses(t *testing.T) {
	ctx := browser(t)
	h := open(t)
	file := h.seal(h.long(2, 300), bot.Buyer)
	dir := t.TempDir()
	page := filepath.Join(dir, "verify.html")
	h.must(os.WriteFile(page, []byte(unpacked(t, file)["verify.html"]), 0o600))
	h.must(chromedp.Do(ctx, chromedp.Navigate("file://"+page)))
	n := 0
	says := func(archive []byte) string {
		n++
		at := filepath.Join(dir, fmt.Sprintf("case-%d.zip", n))
		h.must(os.WriteFile(at, archive, 0o600))
		h.must(chromedp.Do(ctx, chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{at})))
		return evaluate(t, ctx, `(async () => { const s = document.querySelector("#said");
			for (const end = performance.now() + 20000; performance.now() < end && !s.dataset.done; )
				await new Promise((soon) => setTimeout(soon, 10));
			const done = s.dataset.done ?? "nothing"; delete s.dataset.done; return done; })()`)
	}
	if got := says(file); got != "whole" {
		t.Fatalf("the file as it was sealed: the page says %s: %s", got, evaluate(t, ctx, `document.querySelector("#said").innerText`))
	}
	all := twoReaders(t, file)
	files := unpacked(t, file)
	files["signature.json"] = strings.Replace(files["signature.json"], "{", `{"note":"500 USD",`, 1)
	all["a note beside the signature"] = reseal(t, files)
	for name, bad := range all {
		if got := says(bad); got != "changed" {
			t.Errorf("%s: the page says %s", name, got)
		}
	}
}
