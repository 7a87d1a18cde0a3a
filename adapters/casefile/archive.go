package casefile

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"nevermind/bot"
)

// Entries of an archive besides the files of people, which are named "files/<hash><ending>".
const (
	recordName = "record.json"
	pageName   = "index.html"
	checkName  = "verify.html"
	filesName  = "files/"
)

// sealSize is how long the seal is: the hash, in hex, of all bytes before it. It is the archive's comment, at its very
// end, so no byte of the archive is outside of it.
const sealSize = 2 * sha256.Size

// sealedArchive is an archive that was written: its file name and its seal.
type sealedArchive struct{ name, seal string }

// writeArchive writes the sealed file of a case for a viewer. The record is written last, because it names the hashes of
// all the rest; the place of the seal is filled with zeros first.
func (m *Maker) writeArchive(
	ctx context.Context,
	key bot.Key,
	viewer bot.Party,
	language string,
	out *os.File,
) (sealedArchive, error) {
	r, err := m.gather(ctx, key, viewer)
	if err != nil {
		return sealedArchive{}, err
	}
	if err := m.putWords(ctx, r, language); err != nil {
		return sealedArchive{}, err
	}
	z := zip.NewWriter(out)
	if err := m.encloseFiles(ctx, z, r); err != nil {
		return sealedArchive{}, err
	}
	// The record names the pages' hashes, so it comes after them, and is itself signed and covered by the seal.
	page, err := r.renderPage()
	if err != nil {
		return sealedArchive{}, err
	}
	check := m.checkPage()
	r.Pages = map[string]string{pageName: hashOf(string(page)), checkName: hashOf(string(check))}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return sealedArchive{}, err
	}
	signed, err := sign(m.cfg.Key, text)
	if err != nil {
		return sealedArchive{}, err
	}
	for _, f := range []struct {
		name    string
		content []byte
	}{{pageName, page}, {checkName, check}, {recordName, text}, {signatureName, signed}} {
		if err := addEntry(z, f.name, strings.NewReader(string(f.content))); err != nil {
			return sealedArchive{}, err
		}
	}
	// Zeros hold the place of the seal, which covers every byte before it.
	if err := errors.Join(z.SetComment(strings.Repeat("0", sealSize)), z.Close()); err != nil {
		return sealedArchive{}, err
	}
	seal, err := seal(out)
	return sealedArchive{"case-" + r.Case + ".zip", seal}, err
}

// encloseFiles adds the files that the viewer may see, each once; those that are no longer stored are listed as missing.
func (m *Maker) encloseFiles(ctx context.Context, z *zip.Writer, r *Record) error {
	done := map[string]bool{}
	for _, f := range r.files() {
		if done[f.Hash] {
			continue
		}
		done[f.Hash] = true
		content, err := m.cfg.Blobs.Open(ctx, f.Hash)
		// The file is gone from the store; the record still names it.
		if errors.Is(err, bot.ErrNone) {
			r.Missing = append(r.Missing, f.Hash)
			continue
		}
		if err != nil {
			return err
		}
		err = errors.Join(addEntry(z, f.Path(), content), content.Close())
		if err != nil {
			return fmt.Errorf("enclose file %s: %w", f.Hash, err)
		}
	}
	return nil
}

// extensions are the endings of files by their types, so that a double click opens them.
var extensions = map[string]string{
	"image/jpeg":      ".jpg",
	"image/png":       ".png",
	"image/webp":      ".webp",
	"image/gif":       ".gif",
	"image/heic":      ".heic",
	"video/mp4":       ".mp4",
	"video/webm":      ".webm",
	"video/quicktime": ".mov",
	"video/3gpp":      ".3gp",
	"audio/ogg":       ".ogg",
	"audio/mpeg":      ".mp3",
	"audio/mp4":       ".m4a",
	"audio/aac":       ".aac",
	"audio/amr":       ".amr",
	"audio/wav":       ".wav",
	"application/pdf": ".pdf",
	"text/plain":      ".txt",
}

// Path is the name of the file in the archive.
func (f enclosed) Path() string { return filesName + f.Hash + extensions[f.Type] }

// addEntry adds a file without compressing it: photos do not shrink, and a checker need not unpack.
func addEntry(z *zip.Writer, name string, content io.Reader) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	return err
}

// seal writes the hash of everything before it over the archive's comment, and returns it.
func seal(f *os.File) (string, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, size-sealSize)); err != nil {
		return "", err
	}
	seal := hex.EncodeToString(h.Sum(nil))
	_, err = f.WriteAt([]byte(seal), size-sealSize)
	return seal, err
}
