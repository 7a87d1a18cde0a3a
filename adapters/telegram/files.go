package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// A file is fetched once its message is stored, when the engine asks for it. A message names it by a file id; getFile exchanges
// that for a path, which is good for an hour, and the bytes come from a URL with the token in it.

// Fetch makes one attempt to fetch a file into Config.Blobs, as bot.Fetcher. It is refused where Telegram says so with a 400:
// that would end the same.
func (a *Adapter) Fetch(ctx context.Context, f bot.PendingFile) (bot.File, error) {
	switch {
	case a.cfg.Blobs == nil:
		return bot.File{}, bot.ErrUnwanted
	case f.Size > bot.LargestFile:
		return bot.File{}, bot.ErrTooLarge
	}
	file, err := a.fetchOnce(ctx, f)
	after, wait := retryAfterOf(err)
	var refused *apiError
	switch {
	case wait:
		return file, fmt.Errorf("%w: %w", bot.Later{After: min(after, longestFetchWait)}, errNotFetched)
	case errors.As(err, &refused) && refused.Code == http.StatusBadRequest:
		return file, fmt.Errorf("%w: %w", bot.ErrRefused, refused)
	case err == nil, errors.Is(err, bot.ErrTooLarge), errors.Is(err, bot.ErrUnwanted):
		return file, err
	}
	return file, errNotFetched
}

// longestFetchWait is how long a 429 is heeded at most: the person waits too.
const longestFetchWait = 15 * time.Second

// errNotFetched is the error of a fetch that may end otherwise next time, without anything of the file's address, which holds the
// token.
var errNotFetched = errors.New("it could not be fetched")

// fetchOnce asks Telegram where a file is, and streams it from there into the blobs.
func (a *Adapter) fetchOnce(ctx context.Context, f bot.PendingFile) (bot.File, error) {
	file, err := a.api.GetFile(ctx, &tg.GetFileParams{FileID: f.Ref})
	if err != nil {
		return bot.File{}, err
	}
	if file.FileSize > bot.LargestFile {
		return bot.File{}, bot.ErrTooLarge
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.api.FileDownloadLink(file), nil)
	if err != nil {
		return bot.File{}, errors.New("telegram names no place for the file")
	}
	resp, err := a.http.Do(r)
	if err != nil {
		return bot.File{}, withoutURL(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return bot.File{}, fmt.Errorf("status %d for a file", resp.StatusCode)
	}
	return a.cfg.Blobs.Put(ctx, fileName(f, file), resp.Body)
}

// fileName is the name that the person gave a file; where they gave none, one with the extension that Telegram knows.
func fileName(f bot.PendingFile, file *models.File) string {
	if f.Name == "file" {
		if u, err := url.Parse(file.FilePath); err == nil {
			return "file" + path.Ext(u.Path)
		}
	}
	return f.Name
}
