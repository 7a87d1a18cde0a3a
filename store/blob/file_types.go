package blob

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"nevermind/bot"
)

// headSize is how many bytes of a file's beginning its type is detected by.
const headSize = 3072

// tailSize is how many bytes of a file's end are looked at: an archive's list of files ends within them.
const tailSize = 1<<16 + 22

// allowedTypes are the media types that evidence comes as, detected by content and not by name, and
// what each is called here. Whatever else a file is, is not kept: programs, pages, drawings that
// can carry scripts, archives.
var allowedTypes = map[string]string{
	"image/jpeg": "image/jpeg", "image/png": "image/png", "image/webp": "image/webp", "image/gif": "image/gif",
	"image/heic": "image/heic", "image/heic-sequence": "image/heic", "image/heif": "image/heif", "image/heif-sequence": "image/heif",
	"video/mp4": "video/mp4", "video/webm": "video/webm", "video/quicktime": "video/quicktime", "video/x-m4v": "video/mp4",
	"video/3gpp": "video/3gpp",
	"audio/ogg":  "audio/ogg", "application/ogg": "audio/ogg", "audio/mpeg": "audio/mpeg", "audio/mp4": "audio/mp4",
	"audio/x-m4a": "audio/mp4", "audio/aac": "audio/aac", "audio/amr": "audio/amr", "audio/wav": "audio/wav",
	"application/pdf": "application/pdf",
	"text/plain":      "text/plain", "text/csv": "text/plain", "text/tab-separated-values": "text/plain",
}

// beginnings are how a file of each kind begins, at its very first byte: a reader that looks further on for another beginning
// must not find one. "?" is any byte; a video's and some sounds' and photos' begin with the length of a box, then its name.
var beginnings = map[string][]string{
	"image/jpeg": {"\xff\xd8\xff"}, "image/png": {"\x89PNG\r\n\x1a\n"}, "image/gif": {"GIF87a", "GIF89a"},
	"image/webp": {"RIFF????WEBP"}, "image/heic": {"????ftyp"}, "image/heif": {"????ftyp"},
	"video/mp4": {"????ftyp"}, "video/3gpp": {"????ftyp"}, "video/webm": {"\x1a\x45\xdf\xa3"},
	"video/quicktime": {"????ftyp", "????moov", "????mdat", "????wide", "????free", "????skip", "????pnot"},
	"audio/ogg":       {"OggS"}, "audio/mpeg": {"ID3", "\xff\xfb", "\xff\xfa", "\xff\xf3", "\xff\xf2", "\xff\xe3"},
	"audio/mp4": {"????ftyp"}, "audio/aac": {"ID3", "ADIF", "\xff\xf1", "\xff\xf9"},
	"audio/amr": {"#!AMR"}, "audio/wav": {"RIFF????WAVE"},
	"application/pdf": {"%PDF-"},
	"text/plain":      {""},
}

// beginsLike says whether a file begins like one of its kind.
func beginsLike(kind string, head []byte) bool {
	return slices.ContainsFunc(beginnings[kind], func(pattern string) bool {
		if len(head) < len(pattern) {
			return false
		}
		for i := range len(pattern) {
			if pattern[i] != '?' && pattern[i] != head[i] {
				return false
			}
		}
		return true
	})
}

// kindOf is detectType of what has passed. bot.ErrUnwanted also where an archive stands anywhere in it.
func kindOf(e *endsBuffer) (string, error) {
	if e.archive {
		return "", bot.ErrUnwanted
	}
	return detectType(e.head, e.lastBytes())
}

// archiveMarks are what programs that unpack look for wherever it stands: WinRAR, 7-Zip and the installers of Windows and macOS
// find an archive behind a photo, or a disk image whose own marks stand far in. Each is so long that no photo has it by chance.
var archiveMarks = [][]byte{
	[]byte("Rar!\x1a\x07"), []byte("7z\xbc\xaf\x27\x1c"), []byte("MSCF\x00\x00\x00\x00"),
	[]byte("PK\x05\x06\x00\x00\x00\x00"), []byte("PK\x06\x06\x2c\x00\x00\x00\x00\x00\x00\x00"),
	[]byte("xar!\x00\x1c\x00\x01"), []byte("**ACE**\x14"),
	[]byte("\x01CD001\x01"), []byte("\x00BEA01\x01"), []byte("conectix\x00\x00\x00"), []byte("koly\x00\x00\x00\x04\x00\x00\x02\x00"),
}

// longestMark is how many bytes the longest of them has.
const longestMark = 12

// lookForArchive looks for a mark in what is written and across its seam with what was written before.
func (e *endsBuffer) lookForArchive(p []byte) {
	e.seam = append(e.seam, p[:min(len(p), longestMark)]...)
	for _, mark := range archiveMarks {
		e.archive = e.archive || bytes.Contains(p, mark) || bytes.Contains(e.seam, mark)
	}
	if len(p) >= longestMark {
		e.seam = append(e.seam[:0], p[len(p)-longestMark:]...)
	} else if over := len(e.seam) - longestMark; over > 0 {
		e.seam = append(e.seam[:0], e.seam[over:]...)
	}
}

// detectType names a file's media type by how it begins and ends. bot.ErrUnwanted: it is of no kind that is kept, or of two at
// once.
func detectType(head, tail []byte) (string, error) {
	if len(head) == 0 {
		return "", bot.ErrUnwanted
	}
	found, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	kind, ok := allowedTypes[found]
	switch {
	case !ok, !beginsLike(kind, head), polyglot(kind, head, tail):
		return "", bot.ErrUnwanted
	case kind == "text/plain" && !harmlessText(head):
		return "", bot.ErrUnwanted
	}
	return kind, nil
}

// polyglot says whether a file is also of another kind to a reader that looks elsewhere than at its beginning: a document, which
// some look for up to where a kilobyte ends, a tape archive, or one that is found from its end.
func polyglot(kind string, head, tail []byte) bool {
	return kind != "application/pdf" && bytes.Contains(head[:min(len(head), latestPDF)], []byte("%PDF-")) ||
		len(head) > tapeMark && bytes.HasPrefix(head[tapeMark:], []byte("ustar")) ||
		bytes.Contains(tail, []byte("PK\x05\x06"))
}

// latestPDF is the end of the last place where a document may begin, and tapeMark where the mark of a tape archive stands, behind
// the name of its first file, which may be a photo's beginning.
const (
	latestPDF = 1024 + len("%PDF-")
	tapeMark  = 257
)

// harmlessText says whether a text neither begins like a page, which a careless reader might render, nor like a program. One
// in UTF-16 or UTF-32 is looked at as what it says.
func harmlessText(head []byte) bool {
	if text, ok := narrow(head); ok {
		head = text
	}
	text := strings.TrimLeftFunc(string(head), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError
	})
	return !strings.HasPrefix(text, "<") && !strings.HasPrefix(text, "#!")
}

// narrow leaves the zeros out of a text that is written in two or four bytes a letter; false where it is not.
func narrow(head []byte) ([]byte, bool) {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) ||
		bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")) {
		return bytes.ReplaceAll(bytes.TrimLeft(head, "\xff\xfe\x00"), []byte{0}, nil), true
	}
	return nil, false
}

// maxNameRunes is how many characters of a file's name are kept.
const maxNameRunes = 80

// endings are how names of each kind may end; the first is given to a name that ends otherwise, so that nothing opens a file as
// something that it is not. A script is a text like any other.
var endings = map[string][]string{
	"image/jpeg": {".jpg", ".jpeg"}, "image/png": {".png"}, "image/webp": {".webp"}, "image/gif": {".gif"},
	"image/heic": {".heic", ".heif"}, "image/heif": {".heif", ".heic"},
	"video/mp4": {".mp4", ".m4v"}, "video/webm": {".webm"}, "video/quicktime": {".mov"}, "video/3gpp": {".3gp"},
	"audio/ogg": {".ogg", ".oga", ".opus"}, "audio/mpeg": {".mp3"}, "audio/mp4": {".m4a"}, "audio/aac": {".aac"},
	"audio/amr": {".amr"}, "audio/wav": {".wav"},
	"application/pdf": {".pdf"},
	"text/plain":      {".txt"},
}

// nameOfKind gives a harmless name the ending of its kind: "label.exe" that is a document is "label.pdf".
func nameOfKind(name, kind string) string {
	known := endings[kind]
	ending := path.Ext(name)
	if len(known) == 0 || slices.Contains(known, strings.ToLower(ending)) {
		return name
	}
	if looksLikeEnding.MatchString(ending) && ending != name {
		name = strings.TrimSuffix(name, ending)
	}
	return name + known[0]
}

var looksLikeEnding = regexp.MustCompile(`^\.[A-Za-z0-9]{1,5}$`)

// notInNames are characters that some system gives a meaning: of other data of a file, of a pattern, of quotes, of a line.
const notInNames = ":*?\"<>|`$\u2028\u2029"

// devices are names that Windows takes for a device, whatever their ending.
var devices = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ ]*(\.|$)`)

// sanitizeName makes a person's name for a file harmless: no folders, no control characters, none
// that turn the direction of writing, none that a system gives a meaning, no device's name, no beginning of an option or a
// hidden file. A long one keeps its beginning and its ending.
func sanitizeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		case strings.ContainsRune(notInNames, r):
			return '_'
		case unicode.IsSpace(r): // wide ones would push an ending out of sight
			return ' '
		}
		return r
	}, path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/")))
	name = strings.TrimLeft(strings.Trim(strings.Join(strings.Fields(name), " "), " ."), "-~ .")
	if devices.MatchString(name) {
		name = "_" + name
	}
	if runes := []rune(name); len(runes) > maxNameRunes {
		name = string(runes[:maxNameRunes-10]) + "…" + string(runes[len(runes)-9:]) // the ending says what it is
	}
	if strings.Trim(name, "/.") == "" {
		return "file"
	}
	return name
}
