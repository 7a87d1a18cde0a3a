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

// A file is fetched before its message is stored, so that a flow never hears of a file that is not there. A message names it by
// a file id; getFile exchanges that for a path, which is good for an hour, and the bytes come from a URL with the token in it.
// All files of a message are bounded together, since Telegram waits a minute for a webhook's answer.
const (
	fetchTimeout = 15 * time.Second // one attempt
	fetchTries   = 3
	filesTimeout = 45 * time.Second // all files of a message
)

// fetchFiles fetches the files of a message into Config.Blobs. One that cannot be stored, for its size or kind or since
// Telegram does not hand it out, marks the message: the person is told, and nothing else of the message is lost. The error is
// ctx's alone.
func (a *Adapter) fetchFiles(ctx context.Context, s *chatMessage, m *bot.Message) error {
	within, cancel := context.WithTimeout(ctx, filesTimeout)
	defer cancel()
	for _, f := range s.attachments() {
		file, err := a.fetchFile(within, f)
		switch {
		case err == nil:
			m.Files = append(m.Files, file)
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			a.cfg.Log.Warn("a file is not kept", "message", m.ID, "why", fetchFailure(err))
			a.cfg.Meter.Count("files_not_kept", adapterName, 1)
			if m.Unsupported != bot.Forwarded { // that the words are somebody else's matters more
				m.Unsupported = bot.Lost(err)
			}
		}
	}
	return nil
}

// fetchFailure is for the log: why a file was not stored, without anything of its address, which holds the token.
func fetchFailure(err error) string {
	var refused *apiError
	switch {
	case errors.Is(err, bot.ErrTooLarge):
		return "too large"
	case errors.Is(err, bot.ErrUnwanted):
		return "of no kind that is kept"
	case errors.As(err, &refused):
		return refused.Error()
	default:
		return "it could not be fetched"
	}
}

// fetchFile fetches one file, up to fetchTries times where an attempt fails on the way. It is not fetched again where it is too
// large, of no kind that is stored, or refused by Telegram with a 400: that would end the same. Fetching is idempotent, since
// blobs are stored under their hash.
func (a *Adapter) fetchFile(ctx context.Context, f attachment) (file bot.File, err error) {
	if a.cfg.Blobs == nil {
		return file, bot.ErrUnwanted
	}
	if f.Size > bot.LargestFile {
		return file, bot.ErrTooLarge
	}
	for attempt := 1; ; attempt++ {
		file, err = a.fetchOnce(ctx, f)
		var refused *apiError
		final := errors.Is(err, bot.ErrTooLarge) || errors.Is(err, bot.ErrUnwanted) ||
			errors.As(err, &refused) && refused.Code == http.StatusBadRequest
		if err == nil || final || attempt == fetchTries || !sleep(ctx, max(backoff(attempt), fetchRetryAfter(err))) {
			return file, err
		}
	}
}

// fetchRetryAfter is how long a 429 asks to wait, bounded: the person waits too.
func fetchRetryAfter(err error) time.Duration {
	after, _ := retryAfterOf(err)
	return min(after, fetchTimeout)
}

// fetchOnce asks Telegram where a file is, and streams it from there into the blobs.
func (a *Adapter) fetchOnce(ctx context.Context, f attachment) (bot.File, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	file, err := a.api.GetFile(ctx, &tg.GetFileParams{FileID: f.ID})
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
func fileName(f attachment, file *models.File) string {
	if f.Name == "file" {
		if u, err := url.Parse(file.FilePath); err == nil {
			return "file" + path.Ext(u.Path)
		}
	}
	return f.Name
}
