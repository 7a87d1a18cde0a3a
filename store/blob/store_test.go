package blob

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"nevermind/bot"
)

// jpeg is the shortest thing that is taken for a photo.
var jpeg = []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a lamp, broken")

// eachShelf runs a check on every kind of store.
func eachShelf(t *testing.T, check func(t *testing.T, s *Store)) {
	t.Run("folder", func(t *testing.T) {
		s, err := Open("file:" + t.TempDir())
		must(t, err)
		check(t, s)
	})
	t.Run("s3", func(t *testing.T) { check(t, openFake(t)) })
}

func TestPutAndOpen(t *testing.T) {
	eachShelf(t, func(t *testing.T, s *Store) {
		got, err := s.Put(t.Context(), "../../lamp\u202e.jpg", bytes.NewReader(jpeg))
		must(t, err)
		want := bot.File{Name: "lamp.jpg", Type: "image/jpeg", Size: int64(len(jpeg)), Hash: got.Hash}
		if got != want || len(got.Hash) != 64 {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if again, err := s.Put(t.Context(), "lamp.jpg", bytes.NewReader(jpeg)); err != nil || again != want {
			t.Errorf("the same again: got %+v, %v", again, err)
		}
		r, err := s.Open(t.Context(), got.Hash)
		must(t, err)
		content, err := io.ReadAll(r)
		must(t, err)
		must(t, r.Close())
		if !bytes.Equal(content, jpeg) {
			t.Errorf("got %q back", content)
		}
	})
}

func TestOpenUnknown(t *testing.T) {
	eachShelf(t, func(t *testing.T, s *Store) {
		for _, hash := range []string{"", "../../etc/passwd", strings.Repeat("0", 64), strings.Repeat("A", 64)} {
			if _, err := s.Open(t.Context(), hash); !errors.Is(err, bot.ErrNone) {
				t.Errorf("%.10q: got %v, want none", hash, err)
			}
		}
	})
}

func TestPutRefuses(t *testing.T) {
	eachShelf(t, func(t *testing.T, s *Store) {
		large := io.MultiReader(bytes.NewReader(jpeg), io.LimitReader(zeros{}, bot.LargestFile))
		if _, err := s.Put(t.Context(), "a.jpg", large); !errors.Is(err, bot.ErrTooLarge) {
			t.Errorf("too large: got %v", err)
		}
		if _, err := s.Put(t.Context(), "a.jpg", iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut off: got %v", err)
		}
		if n, err := s.Sweep(t.Context(), -time.Hour, nobody); n != 0 || err != nil {
			t.Errorf("%d files were left of it, %v", n, err)
		}
	})
}

func TestLargestFileFits(t *testing.T) {
	s, err := Folder(t.TempDir())
	must(t, err)
	f, err := s.Put(t.Context(), "a.jpg", io.LimitReader(io.MultiReader(bytes.NewReader(jpeg), zeros{}), bot.LargestFile))
	if err != nil || f.Size != bot.LargestFile {
		t.Errorf("got %+v, %v", f, err)
	}
}

// What a file is called says nothing: only what is in it counts.
func TestKinds(t *testing.T) {
	for _, c := range []struct{ content, want string }{
		{string(jpeg), "image/jpeg"},
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"},
		{"GIF89a\x01\x00\x01\x00", "image/gif"},
		{"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"},
		{"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"},
		{"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "video/mp4"},
		{"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "video/quicktime"},
		{"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm", "video/webm"},
		{"OggS\x00\x02" + strings.Repeat("\x00", 22) + "OpusHead\x01", "audio/ogg"},
		{"%PDF-1.7\n", "application/pdf"},
		{"It came broken, and the box was wet.", "text/plain"},
		{"Ana, 10:32, hello\nLumen, 10:33, hello\n", "text/plain"},
		{"<!doctype html><script>alert(1)</script>", ""},
		{"  <b>hello</b>", ""},
		{`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, ""},
		{`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, ""},
		{"MZ\x90\x00\x03\x00\x00\x00", ""},
		{"\x7fELF\x02\x01\x01\x00", ""},
		{"#!/bin/sh\nrm -rf /\n", ""},
		{"PK\x03\x04\x14\x00\x00\x00", ""},
		{"\xca\xfe\xba\xbe\x00\x00\x00\x34", ""},
		{"\x00\x01\x02\x03\x04", ""},
		{"#!AMR\n\x3c", "audio/amr"},
		{"ID3\x03\x00\x00\x00\x00\x00\x21TIT2", "audio/mpeg"},
		{"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"},
		// What is two things at once, or begins later than at its first byte (finding A3).
		{"MZ\x90\x00\x03\x00\x00\x00\x00%PDF-1.7\n", ""},
		{"\x00\x00\x00\x00\x00\x00\x00\x00\x00%PDF-1.7\n", ""},
		{" %PDF-1.7\n", ""},
		{string(jpeg) + "%PDF-1.7\n", ""},
		{"%PDF-1.7\n" + "PK\x03\x04" + strings.Repeat("x", 200) + "PK\x05\x06" + strings.Repeat("\x00", 18), ""},
		{string(jpeg) + "PK\x05\x06" + strings.Repeat("\x00", 18), ""},
		{"GIF89a\x01\x00\x01\x00" + "PK\x05\x06" + strings.Repeat("\x00", 18), ""},
		{"", ""},
		// Pages and scripts in other encodings, or behind what a careless reader skips.
		{"\xff\xfe<\x00s\x00c\x00r\x00i\x00p\x00t\x00>\x00", ""},
		{"\xfe\xff\x00<\x00h\x00t\x00m\x00l\x00>", ""},
		{"\xff\xfe#\x00!\x00/\x00b\x00i\x00n\x00", ""},
		{"\xef\xbb\xbf<script>alert(1)</script>", ""},
		{"\u00a0\u3000<script>alert(1)</script>", ""},
		{"\u200b\u200e<b>", ""},
		{"\xef\xbb\xbf#!/bin/sh\nrm -rf /\n", ""},
		{"\xff\xfeh\x00e\x00l\x00l\x00o\x00", "text/plain"},
	} {
		got, err := detectType([]byte(c.content), []byte(c.content))
		if got != c.want || (err == nil) == (c.want == "") || err != nil && !errors.Is(err, bot.ErrUnwanted) {
			t.Errorf("%.20q: got %q, %v, want %q", c.content, got, err, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"lamp.jpg": "lamp.jpg", "": "file", "..": "file", "/": "file", `C:\Users\ana\lamp.jpg`: "lamp.jpg", "a\nb\x00.jpg": "ab.jpg",
		"gpj.\u202eexe": "gpj.exe", strings.Repeat("é", 200) + ".jpeg": strings.Repeat("é", 70) + "…ééé" + "é.jpeg",
		"CON.jpg": "_CON.jpg", "nul": "_nul", "lpt1 .pdf": "_lpt1 .pdf", "contract.pdf": "contract.pdf", "COM¹.txt": "_COM¹.txt",
		"label.txt:evil.exe": "label.txt_evil.exe", "a\u2028b\u2029.jpg": "a_b_.jpg", "-rf.txt": "rf.txt", "~$x.pdf": "_x.pdf",
		"label.pdf\u3000\u3000\u3000\u3000.exe": "label.pdf .exe", "a\xff\xfe.jpg": "a.jpg", "$(id).jpg": "_(id).jpg",
	} {
		if got := sanitizeName(name); got != want {
			t.Errorf("%.20q: got %q, want %q", name, got, want)
		}
	}
}

// A name ends as the file's kind does, so that nothing opens it as a program.
func TestNamesEndAsTheyAre(t *testing.T) {
	for _, c := range []struct{ name, kind, want string }{
		{"label.exe", "application/pdf", "label.pdf"}, {"invoice.bat", "text/plain", "invoice.txt"},
		{"lamp.jpeg", "image/jpeg", "lamp.jpeg"}, {"lamp.JPG", "image/jpeg", "lamp.JPG"}, {"lamp", "image/png", "lamp.png"},
		{"lamp.pdf.scr", "application/pdf", "lamp.pdf.pdf"}, {"report v1.2 final", "application/pdf", "report v1.2 final.pdf"},
		{"chat.html", "text/plain", "chat.txt"}, {"run.ps1", "text/plain", "run.txt"}, {"table.csv", "text/plain", "table.txt"},
		{".bashrc", "text/plain", ".bashrc.txt"}, {"case.zip", "application/zip", "case.zip"},
	} {
		if got := nameOfKind(c.name, c.kind); got != c.want {
			t.Errorf("%s as %s: got %q, want %q", c.name, c.kind, got, c.want)
		}
	}
}

// An archive behind a photo is found however long the photo is.
func TestPolyglotsAreRefused(t *testing.T) {
	eachShelf(t, func(t *testing.T, s *Store) {
		both := append(append(slices.Clone(jpeg), make([]byte, 1<<20)...), "PK\x05\x06"+strings.Repeat("\x00", 18)...)
		if _, err := s.Put(t.Context(), "lamp.jpg", bytes.NewReader(both)); !errors.Is(err, bot.ErrUnwanted) {
			t.Errorf("got %v, want it refused", err)
		}
		// What programs that unpack find far from either end, also where the reader's pieces break the mark.
		for _, mark := range []string{"Rar!\x1a\x07\x01\x00", "7z\xbc\xaf\x27\x1c\x00\x04", "MSCF\x00\x00\x00\x00\x2c",
			"PK\x05\x06" + strings.Repeat("\x00", 18), "PK\x06\x06\x2c" + strings.Repeat("\x00", 11)} {
			hidden := append(append(slices.Clone(jpeg), make([]byte, 70_000)...), mark...)
			hidden = append(hidden, make([]byte, 70_000)...)
			for name, r := range map[string]io.Reader{"whole": bytes.NewReader(hidden),
				"a byte at a time": iotest.OneByteReader(bytes.NewReader(hidden))} {
				if _, err := s.Put(t.Context(), "lamp.jpg", r); !errors.Is(err, bot.ErrUnwanted) {
					t.Errorf("%q in the middle, %s: got %v, want it refused", mark[:6], name, err)
				}
			}
		}
	})
}

// What nobody names is forgotten after a time, and nothing else.
func TestSweep(t *testing.T) {
	eachShelf(t, func(t *testing.T, s *Store) {
		kept, err := s.Put(t.Context(), "a.jpg", bytes.NewReader(jpeg))
		must(t, err)
		lost, err := s.Put(t.Context(), "b.txt", strings.NewReader("nobody has named me"))
		must(t, err)
		named := func(hash string) (bool, error) { return hash == kept.Hash, nil }
		if n, err := s.Sweep(t.Context(), time.Hour, named); n != 0 || err != nil {
			t.Errorf("just put: got %d, %v", n, err)
		}
		if n, err := s.Sweep(t.Context(), -time.Hour, named); n != 1 || err != nil {
			t.Errorf("old: got %d, %v", n, err)
		}
		if _, err := s.Open(t.Context(), lost.Hash); !errors.Is(err, bot.ErrNone) {
			t.Errorf("what nobody names is still there: %v", err)
		}
		r, err := s.Open(t.Context(), kept.Hash)
		must(t, err)
		must(t, r.Close())
		must(t, s.Remove(t.Context(), kept.Hash))
		must(t, s.Remove(t.Context(), kept.Hash))
		if _, err := s.Open(t.Context(), kept.Hash); !errors.Is(err, bot.ErrNone) {
			t.Errorf("what was removed is still there: %v", err)
		}
	})
}

// A process that ends while a file comes in leaves nothing under a hash, and what it leaves is swept.
func TestCrashLeavesNoHalfFile(t *testing.T) {
	dir := t.TempDir()
	s, err := Folder(dir)
	must(t, err)
	half, err := os.CreateTemp(s.backend.spool(), "incoming-*") // what a killed process leaves
	must(t, err)
	_, err = half.Write(jpeg[:10])
	must(t, errors.Join(err, half.Close()))
	if n, err := s.Sweep(t.Context(), -time.Hour, nobody); n != 0 || err != nil {
		t.Errorf("half a file counts as one: %d, %v", n, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, spoolName, "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestDamageIsSeen(t *testing.T) {
	dir := t.TempDir()
	s, err := Folder(dir)
	must(t, err)
	f, err := s.Put(t.Context(), "a.jpg", bytes.NewReader(jpeg))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, f.Hash[:2], f.Hash), append(jpeg[:len(jpeg)-1:len(jpeg)-1], '!'), 0o600))
	r, err := s.Open(t.Context(), f.Hash)
	must(t, err)
	defer r.Close()
	if _, err := io.ReadAll(r); !errors.Is(err, bot.ErrBroken) {
		t.Errorf("got %v, want broken", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	s, err := Folder(t.TempDir())
	must(t, err)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := s.Put(t.Context(), "a.jpg", bytes.NewReader(jpeg)); err != nil {
				t.Error(err)
			}
			if _, err := s.Sweep(t.Context(), time.Hour, nobody); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestFolderIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "files")
	s, err := Folder(dir)
	must(t, err)
	f, err := s.Put(t.Context(), "a.jpg", bytes.NewReader(jpeg))
	must(t, err)
	for name, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, f.Hash[:2]): 0o700,
		filepath.Join(dir, f.Hash[:2], f.Hash): 0o600} {
		info, err := os.Stat(name)
		must(t, err)
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: got %o, want %o", name, got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	for setting, fine := range map[string]bool{
		"s3://files/nevermind?endpoint=https://minio.example:9000&region=eu": true, "s3://files": true,
		"": false, "files": false, "file:": false, "s3://": false, "s3://key:secret@files": false, "s3://files?endpoint=minio": false,
		"ftp://files": false,
	} {
		if _, err := Open(setting); (err == nil) != fine {
			t.Errorf("%q: got %v, fine is %v", setting, err, fine)
		}
	}
}

func nobody(string) (bool, error) { return false, nil }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestReserve: files are refused once only the disk's reserve is left, a fifth of it or a gibibyte; what is there can be read.
func TestReserve(t *testing.T) {
	eachShelf(t, func(t *testing.T, s *Store) {
		kept, err := s.Put(t.Context(), "a.jpg", bytes.NewReader(jpeg))
		must(t, err)
		for _, c := range []struct {
			free, size uint64
			known      bool
			want       error
		}{
			{39 << 20, 200 << 20, true, bot.ErrFull},
			{41 << 20, 200 << 20, true, nil},
			{1<<30 - 1, 100 << 30, true, bot.ErrFull},
			{1 << 30, 100 << 30, true, nil},
			{0, 0, false, nil},
		} {
			s.disk = func(string) (uint64, uint64, bool) { return c.free, c.size, c.known }
			if _, err := s.Put(t.Context(), "b.jpg", bytes.NewReader(jpeg)); !errors.Is(err, c.want) {
				t.Errorf("%d of %d free: got %v, want %v", c.free, c.size, err, c.want)
			}
			r, err := s.Open(t.Context(), kept.Hash)
			must(t, err)
			must(t, r.Close())
		}
	})
}

// TestReserveOfManyAtOnce: files that come at the same time, each of which found room, take nothing of the reserve together.
func TestReserveOfManyAtOnce(t *testing.T) {
	s, err := Folder(t.TempDir())
	must(t, err)
	const size, reserve = 200 << 20, 40 << 20
	s.disk = func(folder string) (uint64, uint64, bool) { // a small disk with 30 MB to spare
		used := uint64(0)
		entries, err := os.ReadDir(folder)
		must(t, err)
		for _, e := range entries {
			if info, err := e.Info(); err == nil {
				used += uint64(info.Size())
			}
		}
		return reserve + 30<<20 - used, size, true
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	refused, least := 0, uint64(size)
	look := s.disk
	s.disk = func(folder string) (uint64, uint64, bool) {
		free, size, known := look(folder)
		mu.Lock()
		defer mu.Unlock()
		least = min(least, free)
		return free, size, known
	}
	for range 6 {
		all.Go(func() {
			_, err := s.Put(t.Context(), "a.jpg", io.MultiReader(bytes.NewReader(jpeg), io.LimitReader(zeros{}, 19<<20)))
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, bot.ErrFull) {
				refused++
			}
		})
	}
	all.Wait()
	if refused == 0 || least < reserve-6*lookEvery {
		t.Errorf("%d of 6 refused, at worst %d MB free of a reserve of %d", refused, least>>20, reserve>>20)
	}
}
