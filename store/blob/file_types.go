package blob

import (
	"bytes"
	"path"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"nevermind/bot"
)

// headSize is how many bytes of a file's beginning its type is detected by.
const headSize = 3072

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

// detectType names a file's media type by how it begins. bot.ErrUnwanted: it is of no kind that is
// kept.
func detectType(head []byte) (string, error) {
	if len(head) == 0 || bytes.HasPrefix(head, []byte("#!")) {
		return "", bot.ErrUnwanted
	}
	found, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	kind, ok := allowedTypes[found]
	if !ok || kind == "text/plain" && looksLikeMarkup(head) {
		return "", bot.ErrUnwanted
	}
	return kind, nil
}

// looksLikeMarkup says whether a text begins like a page, which a careless reader might render.
func looksLikeMarkup(head []byte) bool {
	head = bytes.TrimLeft(head, "\ufeff \t\r\n")
	return bytes.HasPrefix(head, []byte("<"))
}

// maxNameRunes is how many characters of a file's name are kept.
const maxNameRunes = 80

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
