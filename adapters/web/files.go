package web

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"nevermind/bot"
)

// attachment is a file as a chat shows it.
type attachment struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Hash string `json:"hash"`
}

// attachments are files as a chat shows them.
func attachments(files []bot.File) []attachment {
	var all []attachment
	for _, f := range files {
		all = append(all, attachment{f.Name, f.Type, f.Size, f.Hash})
	}
	return all
}

// uploads remembers the files that pages have put and not yet sent. A message names files by their hash alone, so that it
// cannot give one another name or type than the one that was judged.
type uploads struct {
	mu    sync.Mutex
	files []bot.File
}

// maxUploads is how many files are remembered; the oldest are forgotten first and have to be put again.
const maxUploads = 1000

// put remembers a file.
func (t *uploads) put(f bot.File) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.files = append(t.files, f)
	t.files = t.files[max(0, len(t.files)-maxUploads):]
}

// find returns the files with these hashes; the error is a fault where one was not put before.
func (t *uploads) find(hashes []string) ([]bot.File, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found []bot.File
	for _, hash := range hashes {
		i := slices.IndexFunc(t.files, func(f bot.File) bool { return f.Hash == hash })
		if i < 0 {
			return nil, fault{http.StatusBadRequest, wordsFileGone}
		}
		found = append(found, t.files[i])
	}
	return found, nil
}

// putFile stores the file in the request's body and answers with its hash.
func (d *Demo) putFile(w http.ResponseWriter, r *http.Request) error {
	if d.engine.Blobs() == nil {
		return fault{http.StatusNotImplemented, wordsNoFiles}
	}
	f, err := d.engine.Blobs().Put(r.Context(), r.FormValue("name"), r.Body)
	switch {
	case errors.Is(err, bot.ErrTooLarge):
		return fault{http.StatusRequestEntityTooLarge, wordsLargeFile}
	case errors.Is(err, bot.ErrUnwanted):
		return fault{http.StatusUnsupportedMediaType, wordsFileKind}
	case err != nil:
		return err
	}
	d.uploads.put(f)
	return writeJSON(w, attachments([]bot.File{f})[0])
}

// inlineTypes are the kinds of file that a browser shows in place; all else is only ever downloaded.
var inlineTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// file serves a stored file by its hash, under the type that its content has. Whatever is in it, the browser runs none of
// it.
func (d *Demo) file(w http.ResponseWriter, r *http.Request) error {
	if d.engine.Blobs() == nil {
		return bot.ErrNone
	}
	content, err := d.engine.Blobs().Open(r.Context(), r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer content.Close()
	in := bufio.NewReader(content)
	head, _ := in.Peek(512) // what is shorter is judged by what there is
	kind, place := http.DetectContentType(head), "inline"
	// The type is judged by the content, whatever the file was called.
	if !slices.Contains(inlineTypes, kind) {
		kind, place = "application/octet-stream", "attachment"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	h.Set("Content-Disposition", place+"; filename*=UTF-8''"+strings.ReplaceAll(url.QueryEscape(r.FormValue("name")), "+", "%20"))
	_, err = io.Copy(w, in)
	if err != nil {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
	return nil
}
