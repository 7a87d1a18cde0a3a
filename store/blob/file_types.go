package blob

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

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
	case kind == "text/plain" && (looksLikeMarkup(head) || bytes.HasPrefix(head, []byte("#!"))):
		return "", bot.ErrUnwanted
	}
	return kind, nil
}

// polyglot says whether a file is also of another kind to a reader that looks elsewhere than at its beginning: a document
// within the first kilobyte, or an archive, which is found from its end.
func polyglot(kind string, head, tail []byte) bool {
	return kind != "application/pdf" && bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) ||
		bytes.Contains(tail, []byte("PK\x05\x06"))
}

// looksLikeMarkup says whether a text begins like a page, which a careless reader might render.
func looksLikeMarkup(head []byte) bool {
	head = bytes.TrimLeft(head, "\ufeff \t\r\n")
	return bytes.HasPrefix(head, []byte("<"))
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

// sanitizeName makes a person's name for a file harmless: no folders, no control characters, none
// that turn the direction of writing. A long one keeps its beginning and its ending.
func sanitizeName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, path.Base(strings.ReplaceAll(name, `\`, "/")))
	name = strings.Trim(name, " .")
	if runes := []rune(name); len(runes) > maxNameRunes {
		name = string(runes[:maxNameRunes-10]) + "…" + string(runes[len(runes)-9:]) // the ending says what it is
	}
	if strings.Trim(name, "/.") == "" {
		return "file"
	}
	return name
}
