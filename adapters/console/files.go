package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"nevermind/bot"
)

// file describes a stored file on its way between the console's halves; Size is in bytes.
type file struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Hash string `json:"hash"`
}

// botFiles are files as the engine knows them.
func botFiles(sent []file) []bot.File {
	var all []bot.File
	for _, f := range sent {
		all = append(all, bot.File{Name: f.Name, Type: f.Type, Size: f.Size, Hash: f.Hash})
	}
	return all
}

// wireFiles are files as they go between the halves.
func wireFiles(all []bot.File) []file {
	var sent []file
	for _, f := range all {
		sent = append(sent, file{f.Name, f.Type, f.Size, f.Hash})
	}
	return sent
}

// putFile stores the file in the request's body and answers with its description, by which a message names it.
func (a *Adapter) putFile(w http.ResponseWriter, r *http.Request) {
	if a.engine.Blobs() == nil {
		http.Error(w, "no files are kept here", http.StatusNotImplemented)
		return
	}
	f, err := a.engine.Blobs().Put(r.Context(), r.URL.Query().Get("name"), r.Body)
	switch {
	case errors.Is(err, bot.ErrTooLarge):
		http.Error(w, "a file may have 20 MB at most", http.StatusRequestEntityTooLarge)
	case errors.Is(err, bot.ErrUnwanted):
		http.Error(w, "only photos, videos, voice, PDF and plain text are kept", http.StatusUnsupportedMediaType)
	case err != nil:
		http.Error(w, "the file could not be kept; send it again", http.StatusServiceUnavailable)
	default:
		writeJSON(w, file{f.Name, f.Type, f.Size, f.Hash})
	}
}

// attach sends the file of a line "PATH", or "PATH words" where such a file is there; the words are its caption. It is
// stored before the message that names it is sent.
func (t *Terminal) attach(ctx context.Context, line string) (f file, caption string, err error) {
	path, caption := line, ""
	// A path may hold blanks, so the whole line is tried as a path first.
	if _, err := os.Stat(path); err != nil {
		if before, after, ok := strings.Cut(line, " "); ok {
			path, caption = before, strings.TrimSpace(after)
		}
	}
	content, err := os.Open(path)
	if err != nil {
		return file{}, "", err
	}
	defer content.Close() //nolint:errcheck // it was only read
	to := serverURL + "/console/files?name=" + url.QueryEscape(filepath.Base(path))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, content)
	if err != nil {
		return file{}, "", err
	}
	answer, err := t.Client.Do(r)
	if err != nil {
		return file{}, "", fmt.Errorf("%w: %w", ErrOver, err)
	}
	if answer.StatusCode != http.StatusOK {
		return file{}, "", answerError(answer)
	}
	defer answer.Body.Close()
	return f, caption, json.NewDecoder(answer.Body).Decode(&f)
}

// fileLabel names a file in a line: "[photo lamp.jpg, 240 kB]".
func fileLabel(f file) string {
	kind := "document"
	switch major, _, _ := strings.Cut(f.Type, "/"); major {
	case "image":
		kind = "photo"
	case "video":
		kind = "video"
	case "audio":
		kind = "voice"
	}
	return fmt.Sprintf("[%s %s, %s]", kind, sanitize(f.Name), fileSize(f.Size))
}

// fileLabels names several files in one line.
func fileLabels(files []file) string {
	var words []string
	for _, f := range files {
		words = append(words, fileLabel(f))
	}
	return strings.Join(words, " ")
}

// fileSize is a number of bytes for people: kilobytes below a megabyte, at least 1.
func fileSize(n int64) string {
	if n < 1e6 {
		return fmt.Sprint(max(1, (n+500)/1000), " kB")
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
