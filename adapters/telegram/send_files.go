package telegram

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// maxPhoto is how many bytes Telegram takes as a photo.
const maxPhoto = 10 << 20

// maxFileAttempts is how many attempts at a delivery its files hold up where they do not get through in time.
const maxFileAttempts = 3

// tooSlow says whether a call has run out of time although there was a connection: a file does not get through.
func tooSlow(err error) bool {
	var silent *noResponse
	return errors.As(err, &silent) && silent.connected && errors.Is(err, context.DeadlineExceeded)
}

// leaveOut leaves out the file that is a delivery's n-th part, from 0: its chat waits no longer. The next attempt goes on with
// what follows.
func (a *Adapter) leaveOut(ctx context.Context, d bot.Delivery, n int) error {
	a.cfg.Meter.Count("files_not_sent", adapterName, 1)
	a.cfg.Log.Warn("a file is too slow to be sent, and is left out", "task", d.ID)
	if err := a.sendState.setSentParts(context.WithoutCancel(ctx), d.ID, n+1); err != nil {
		return fmt.Errorf("%w: %w", bot.ErrNotSent, err)
	}
	return bot.Later{After: time.Second}
}

// sendFile is the call that sends a stored file: a picture as a photo, anything else as a document. A picture that Telegram
// refuses as a photo is sent as a document. A file that is no longer stored, swept or erased, is left out: the words that
// follow say what it was.
func (a *Adapter) sendFile(f bot.File, quiet bool) apiCall {
	return func(ctx context.Context, to target) (json.RawMessage, error) {
		if a.cfg.Blobs == nil {
			return nil, nil
		}
		r, err := a.cfg.Blobs.Open(ctx, f.Hash)
		if errors.Is(err, bot.ErrNone) {
			return nil, nil
		}
		if err != nil {
			return nil, &noResponse{cause: err}
		}
		defer r.Close()
		// The library panics at a reader that is no pointer.
		upload := &models.InputFileUpload{Filename: safeName(f.Name), Data: bufio.NewReader(r)}
		if isPhoto(f) {
			result, err := captured(ctx, func(ctx context.Context) error {
				_, err := a.api.SendPhoto(ctx, &tg.SendPhotoParams{
					ChatID: to.chat, MessageThreadID: int(to.topic), Photo: upload, DisableNotification: quiet,
				})
				return err
			})
			if !photoRefused(err) {
				return result, err
			}
			return a.sendFile(bot.File{Name: f.Name, Hash: f.Hash, Size: f.Size}, quiet)(ctx, to) // without a type it is a document
		}
		return captured(ctx, func(ctx context.Context) error {
			_, err := a.api.SendDocument(ctx, &tg.SendDocumentParams{
				ChatID: to.chat, MessageThreadID: int(to.topic), Document: upload, DisableNotification: quiet,
				DisableContentTypeDetection: true,
			})
			return err
		})
	}
}

// isPhoto says whether a file can be sent as a photo, which people see in the chat without opening it. Telegram turns a GIF
// into a film and takes no HEIC.
func isPhoto(f bot.File) bool {
	return strings.HasPrefix(f.Type, "image/") && f.Type != "image/gif" && f.Type != "image/heic" && f.Size <= maxPhoto
}

// safeName is a file's name without anything that could be taken for a path, a link or hidden text.
func safeName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"\\/:*?<>|\n", r) {
			return '_'
		}
		return r
	}, truncateRunes(oneLine(sanitize(s)), 60))
	if s == "" {
		return "file"
	}
	return s
}
