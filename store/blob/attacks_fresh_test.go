package blob

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"nevermind/bot"
)

// behind is a photo with something far behind its beginning.
func behind(mark string) string {
	return string(jpeg) + strings.Repeat("\x00", 40_000) + mark + strings.Repeat("\x00", 70_000)
}

// at is a photo in which something stands at a place that a reader of another kind looks at.
func at(place int, mark string) string {
	return string(jpeg) + strings.Repeat("\x00", place-len(jpeg)) + mark + strings.Repeat("\x00", 2048)
}

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// Ten more ways to bring a program, a page or an archive under a harmless name (A3).
func TestFreshDisguises(t *testing.T) {
	for name, content := range map[string]string{
		"a document that begins at byte 1022": strings.Repeat("x", 1022) + "%PDF-1.7\n",
		"a document that begins at byte 1024": strings.Repeat("x", 1024) + "%PDF-1.7\n",
		"a disk image behind a photo":         at(0x8000, "\x01CD001\x01"),
		"a newer disk image behind a photo":   at(0x8000, "\x00BEA01\x01"),
		"a tape archive named by a photo":     at(257, "ustar\x0000"),
		"an older tape archive":               at(257, "ustar  \x00"),
		"an archive of the other byte order":  behind("xar!\x00\x1c\x00\x01"),
		"an archive of WinACE":                behind("**ACE**\x14"),
		"a disk of Apple's":                   behind("koly\x00\x00\x00\x04\x00\x00\x02\x00"),
		"a virtual disk":                      behind("") + "conectix\x00\x00\x00\x02" + strings.Repeat("\x00", 500),
		"a page in UTF-16 without a mark":     utf16le("<script>alert(1)</script>"),
		"a page behind an end of text":        "\x04\x1a<script>",
		"a page behind soft hyphens":          strings.Repeat("\u00ad", 900) + "<script>alert(1)</script>",
		"a rich text":                         `{\rtf1\ansi{\object\objdata 0105}}`,
		"a shortcut of Windows":               "L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F",
		"a program for phones":                "dex\n035\x00",
		"a program for browsers":              "\x00asm\x01\x00\x00\x00",
		"a help file of Windows":              "ITSF\x03\x00\x00\x00\x60\x00\x00\x00",
		"an old office document":              "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600),
	} {
		eachShelf(t, func(t *testing.T, s *Store) {
			f, err := s.Put(t.Context(), "lamp.jpg", bytes.NewReader([]byte(content)))
			if !errors.Is(err, bot.ErrUnwanted) {
				t.Errorf("%s: got %+v, %v, want it refused", name, f, err)
			}
		})
	}
}

// And ten names by which one is opened as something that it is not.
func TestFreshNames(t *testing.T) {
	s, err := Folder(t.TempDir())
	must(t, err)
	for _, name := range []string{
		"lamp.exe ", "lamp.exe.", "lamp.jpg.lnk", "lamp.jpg\u2024exe", "lamp.hta\x00.jpg", "lamp.cmd\u00a0", "lamp.pif\u0085",
		"lamp.{645FF040-5081-101B-9F08-00AA002F954E}", "desktop.ini", "autorun.inf", ".htaccess", "lamp.url", "lamp.Ýexe", "lamp.exé",
		"..\u2215..\u2215x.sh", "\u202dlamp.jpg.exe", "lamp.jpg;.exe", strings.Repeat("a", 300) + ".jpg.vbs", "CLOCK$.exe",
		"lamp.JPG.scr\t",
	} {
		f, err := s.Put(t.Context(), name, bytes.NewReader(jpeg))
		must(t, err)
		i := strings.LastIndexByte(f.Name, '.')
		photo := i >= 0 && slices.Contains([]string{".jpg", ".jpeg"}, strings.ToLower(f.Name[i:]))
		if !photo || strings.ContainsAny(f.Name, "/\\\x00:") ||
			strings.HasPrefix(f.Name, ".") && f.Name != ".htaccess.jpg" || len([]rune(f.Name)) > 90 {
			t.Errorf("%q is called %q", name, f.Name)
		}
	}
}
