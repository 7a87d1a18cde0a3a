package casefile_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/casefile"
	"nevermind/bot"
)

// TestContainerThatSaysMore: a case file whose record is untouched, in an archive that other programs would unpack to something
// else: what is beside the listed files, or is listed under two names, is found.
func TestContainerThatSaysMore(t *testing.T) {
	h := open(t)
	honest := h.seal(h.long(1, 300), bot.Buyer)
	files := unpacked(t, honest)
	forged := localEntry("index.html", "<p>The seller agreed.</p>")
	entry := func(change func(*zip.FileHeader)) []byte {
		kept := strings.Clone(files["index.html"])
		rest := map[string]string{}
		for name, text := range files {
			if name != "index.html" {
				rest[name] = text
			}
		}
		return reseal(t, rest, func(z *zip.Writer) error {
			head := &zip.FileHeader{Name: "index.html", Method: zip.Store}
			change(head)
			w, err := z.CreateHeader(head)
			if err == nil {
				_, err = io.WriteString(w, kept)
			}
			return err
		})
	}
	for name, bad := range map[string][]byte{
		"a file before the first":         moved(honest, 0, forged),
		"a file behind the last":          moved(honest, directory(honest), forged),
		"a page before the archive":       moved(honest, 0, []byte("<html>All is well</html>")),
		"a file in front, not counted":    sealed(append(slices.Clone(forged), honest...)),
		"another name in front of a file": renamed(honest, "index.html", "index.htm!"),
		"another case in front of a file": renamed(honest, "index.html", "INDEX.html"),
		"a link":                          entry(func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }),
		"a program":                       entry(func(h *zip.FileHeader) { h.SetMode(0o4755) }),
		"a second name in Unicode":        entry(func(h *zip.FileHeader) { h.Extra = unicodePath("index.html", "fake.html") }),
		"a comment beside a file":         entry(func(h *zip.FileHeader) { h.Comment = "the seller agreed" }),
		"a file that wants a password":    flagged(honest, 0x1),
		"two names for the same bytes":    entry(func(h *zip.FileHeader) { h.Name = "INDEX.HTML" }),
	} {
		if _, err := verify(bad); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it found", name, err)
		}
	}
	if _, err := verify(honest); err != nil {
		t.Errorf("the honest one: %v", err)
	}
	if _, err := verify(entry(func(*zip.FileHeader) {})); err != nil {
		t.Errorf("packed again in another order: %v", err)
	}
}

// TestRecordLargerThanItLooks: a record that is small and takes much memory to read is refused before it is read.
func TestRecordLargerThanItLooks(t *testing.T) {
	const n = 300_000
	start := casefile.ChainStart("case/1/0")
	inPart, err := json.Marshal(`{"files":[` + strings.Repeat("{},", n) + `{}]}`)
	if err != nil {
		t.Fatal(err)
	}
	part := casefile.Part{Name: "move", For: "buyer", Text: `{"files":[` + strings.Repeat("{},", n) + `{}]}`}
	for name, text := range map[string]string{
		"items": `{"form":"nevermind case file 1","items":[` + strings.Repeat("{},", n) + `{}]}`,
		"parts": `{"form":"nevermind case file 1","items":[{"parts":[` + strings.Repeat("{},", n) + `{}]}]}`,
		"names": `{"form":"nevermind case file 1","missing":[` + strings.Repeat(`"",`, n) + `""]}`,
		"deep":  `{"form":"nevermind case file 1","items":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}`,
		"within a part": fmt.Sprintf(`{"form":"nevermind case file 1","key":"case/1/0","opened":"0001-01-01T00:00:00Z",`+
			`"viewer":"buyer","start":%q,"items":[{"n":1,"prev":%q,"hash":%q,`+
			`"parts":[{"name":"move","for":"buyer","hash":%q,"text":%s}]}],"head":%[3]q}`,
			start, start, casefile.ItemHash(casefile.Item{N: 1, Prev: start, Parts: []casefile.Part{{Name: "move", For: "buyer",
				Hash: casefile.PartHash(part)}}}), casefile.PartHash(part), inPart),
	} {
		file := reseal(t, map[string]string{"record.json": text})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := verify(file)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) / uint64(len(file)); used > 8 {
			t.Errorf("%s: %d times its size was used to look at it", name, used)
		}
	}
}

// TestArchiveOfManyNames: a list of very many files is refused before it is read.
func TestArchiveOfManyNames(t *testing.T) {
	file := reseal(t, map[string]string{}, func(z *zip.Writer) error {
		for n := range 60_000 {
			if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprint(n), Method: zip.Store}); err != nil {
				return err
			}
		}
		return nil
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := verify(file)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, casefile.ErrChanged) {
		t.Errorf("got %v, want it refused", err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > uint64(len(file)) {
		t.Errorf("%d bytes were used to look at a file of %d", used, len(file))
	}
}

// TestPagesOfAForger: a record made anew can name no page but ours, wherever it would be unpacked to.
func TestPagesOfAForger(t *testing.T) {
	h := open(t)
	files := unpacked(t, h.seal(h.long(1, 300), bot.Buyer))
	for _, name := range []string{"../../.profile", "/etc/cron.d/x", `..\..\x.bat`, "Index.html", "CON", "setup.exe",
		"index.html/x"} {
		var r casefile.Record
		h.must(json.Unmarshal([]byte(files["record.json"]), &r))
		r.Form, r.Template = "nevermind case file 1", ""
		r.Pages[name] = casefile.HashOf("x")
		text, err := json.Marshal(&r)
		h.must(err)
		forged := map[string]string{name: "x", "record.json": string(text)}
		for n, content := range files {
			if n != "record.json" && n != "signature.json" {
				forged[n] = content
			}
		}
		if _, err := verify(reseal(t, forged)); !errors.Is(err, casefile.ErrChanged) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
}

// localEntry is a file as it stands in an archive, without a place in its list.
func localEntry(name, text string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, UncompressedSize64: uint64(len(text)),
		CompressedSize64: uint64(len(text))})
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err = errors.Join(err, z.Flush()); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// directory is where the list of files begins.
func directory(file []byte) int {
	end := len(file) - 64 - 22
	return int(binary.LittleEndian.Uint32(file[end+16:]))
}

// moved puts bytes into an archive, with a list that is right again, and seals it.
func moved(file []byte, at int, more []byte) []byte {
	bad, list := slices.Insert(slices.Clone(file), at, more...), directory(file)+len(more)
	end := len(bad) - 64 - 22
	binary.LittleEndian.PutUint32(bad[end+16:], uint32(list))
	for p := list; p < end; {
		if offset := binary.LittleEndian.Uint32(bad[p+42:]); int(offset) >= at {
			binary.LittleEndian.PutUint32(bad[p+42:], offset+uint32(len(more)))
		}
		p += 46 + int(binary.LittleEndian.Uint16(bad[p+28:])) + int(binary.LittleEndian.Uint16(bad[p+30:])) +
			int(binary.LittleEndian.Uint16(bad[p+32:]))
	}
	return sealed(bad)
}

// renamed gives a file another name where it stands, and leaves its name in the list.
func renamed(file []byte, name, other string) []byte {
	bad := slices.Clone(file)
	copy(bad[bytes.Index(bad, []byte(name)):], other)
	return sealed(bad)
}

// flagged sets a flag of every file in the list.
func flagged(file []byte, flag byte) []byte {
	bad := slices.Clone(file)
	for p := directory(bad); bad[p+2] == 1; {
		bad[p+8] |= flag
		p += 46 + int(binary.LittleEndian.Uint16(bad[p+28:])) + int(binary.LittleEndian.Uint16(bad[p+30:])) +
			int(binary.LittleEndian.Uint16(bad[p+32:]))
	}
	return sealed(bad)
}

// unicodePath is the extra field by which some programs give a file another name.
func unicodePath(name, other string) []byte {
	field := []byte{0x75, 0x70}
	field = binary.LittleEndian.AppendUint16(field, uint16(5+len(other)))
	field = append(field, 1)
	field = binary.LittleEndian.AppendUint32(field, casefile.CRC(name))
	return append(field, other...)
}

// sealed puts a fitting seal behind an archive.
func sealed(file []byte) []byte {
	f, err := os.CreateTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	_, err = f.Write(file)
	if err == nil {
		_, err = casefile.SealUp(f)
	}
	if err != nil {
		panic(err)
	}
	text, err := os.ReadFile(f.Name())
	if err != nil {
		panic(err)
	}
	return text
}
