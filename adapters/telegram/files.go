package telegram

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// Fetching a file: how long one try may take, how often it is tried before the message goes on without it, and how long
// all that came with a message may take. Telegram waits a minute for a webhook's answer.
const (
	fetchTime  = 15 * time.Second
	fetchTries = 3
	filesTime  = 45 * time.Second
)

// files are what came with a message, the largest picture of several sizes.
func (s *said) files() (files []attached) {
	if n := len(s.Photo); n > 0 {
		p := s.Photo[n-1]
		files = append(files, attached{ID: p.FileID, UniqueID: p.FileUniqueID, Name: "photo.jpg", Size: int64(p.FileSize)})
	}
	for fallback, f := range map[string]*attached{"video.mp4": s.Video, "video-note.mp4": s.VideoNote, "voice.ogg": s.Voice, "audio.mp3": s.Audio} {
		if f != nil {
			files = append(files, f.named(fallback))
		}
	}
	if s.Document != nil && s.Animation == nil { // a GIF comes as both
		files = append(files, s.Document.named("file"))
	}
	return files
}

func (f attached) named(fallback string) attached {
	if f.Name == "" {
		f.Name = fallback
	}
	return f
}

// collect fetches what came with a message and keeps it. What cannot be kept, for its size or kind or since Telegram
// does not hand it out, makes the message an odd one: the person is told, and nothing else of it is lost.
func (a *Adapter) collect(ctx context.Context, s *said, m *bot.Message) error {
	within, cancel := context.WithTimeout(ctx, filesTime)
	defer cancel()
	for _, f := range s.files() {
		kept, err := a.fetch(within, f)
		switch {
		case err == nil:
			m.Files = append(m.Files, kept)
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			a.cfg.Log.Warn("a file is not kept", "message", m.ID, "why", plainly(err))
			a.cfg.Meter.Count("files_not_kept", name, 1)
			if m.Unsupported != bot.Forwarded { // somebody else's words stay that
				m.Unsupported = bot.Lost(err)
			}
		}
	}
	return nil
}

// plainly is why a file was not kept, without anything of its address.
func plainly(err error) string {
	var no *refusal
	switch {
	case errors.Is(err, bot.ErrTooLarge):
		return "too large"
	case errors.Is(err, bot.ErrUnwanted):
		return "of no kind that is kept"
	case errors.As(err, &no):
		return no.Error()
	default:
		return "it could not be fetched"
	}
}

// fetch fetches one file, trying again where the way there fails.
func (a *Adapter) fetch(ctx context.Context, f attached) (kept bot.File, err error) {
	if a.cfg.Blobs == nil {
		return kept, bot.ErrUnwanted
	}
	if f.Size > bot.LargestFile {
		return kept, bot.ErrTooLarge
	}
	for try := 1; ; try++ {
		kept, err = a.fetchOnce(ctx, f)
		var no *refusal
		final := errors.Is(err, bot.ErrTooLarge) || errors.Is(err, bot.ErrUnwanted) || errors.As(err, &no) && no.Code == http.StatusBadRequest
		if err == nil || final || try == fetchTries || !sleep(ctx, max(pause(try), waitOf(err))) {
			return kept, err
		}
	}
}

func waitOf(err error) time.Duration {
	after, _ := laterOf(err)
	return min(after, fetchTime)
}

func (a *Adapter) fetchOnce(ctx context.Context, f attached) (bot.File, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
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
		return bot.File{}, bare(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return bot.File{}, fmt.Errorf("status %d for a file", resp.StatusCode)
	}
	return a.cfg.Blobs.Put(ctx, fileName(f, file), resp.Body)
}

// fileName is what the person named it, with the ending that Telegram knows where they gave none.
func fileName(f attached, file *models.File) string {
	if f.Name == "file" {
		if u, err := url.Parse(file.FilePath); err == nil {
			return "file" + path.Ext(u.Path)
		}
	}
	return f.Name
}

// passOn sends a file we keep: a picture as one, anything else as a document, without a name that could be a link.
func (a *Adapter) passOn(f bot.File, quiet bool) step {
	return func(ctx context.Context, chat int64) error {
		if a.cfg.Blobs == nil {
			return nil
		}
		r, err := a.cfg.Blobs.Open(ctx, f.Hash)
		if errors.Is(err, bot.ErrNone) {
			return nil // swept away, or erased: the words say what it was
		}
		if err != nil {
			return &lost{why: err}
		}
		defer r.Close()
		upload := &models.InputFileUpload{Filename: safeName(f.Name), Data: bufio.NewReader(r)} // the library panics at a reader that is no pointer
		if strings.HasPrefix(f.Type, "image/") && f.Type != "image/gif" && f.Type != "image/heic" && f.Size <= largestPhoto {
			_, err = a.api.SendPhoto(ctx, &tg.SendPhotoParams{ChatID: chat, Photo: upload, DisableNotification: quiet})
			if !pictureRefused(err) {
				return err
			}
			return a.passOn(bot.File{Name: f.Name, Hash: f.Hash, Size: f.Size}, quiet)(ctx, chat) // as a document, whatever its shape
		}
		_, err = a.api.SendDocument(ctx, &tg.SendDocumentParams{ChatID: chat, Document: upload, DisableNotification: quiet, DisableContentTypeDetection: true})
		return err
	}
}

const largestPhoto = 10 << 20

func pictureRefused(err error) bool {
	var no *refusal
	return errors.As(err, &no) && no.says("photo_", "image_process", "photo")
}

// safeName is a file's name with nothing in it that could be taken for more.
func safeName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"\\/:*?<>|\n", r) {
			return '_'
		}
		return r
	}, cutTo(oneLine(visible(s)), 60))
	if s == "" {
		return "file"
	}
	return s
}
