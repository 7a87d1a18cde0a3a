package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// How long one file may take, and how often it is tried before a message goes without it.
const (
	fileTime  = time.Minute
	fileTries = 3
)

// collect fetches what came with a message and keeps it. What cannot be kept makes the message an odd one: the person is
// told, and nothing else of it is lost.
func (in *intake) collect(ctx context.Context, files []file, m *bot.Message) error {
	for i := range files {
		kept, err := in.fetch(ctx, &files[i])
		switch {
		case err == nil:
			m.Files = append(m.Files, kept)
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			in.cfg.Meter.Count("files_not_kept", name, 1)
			in.cfg.Log.Warn("slack: a file is not kept", slog.Any("why", plainError(err)))
			m.Unsupported = bot.Lost(err)
		}
	}
	return nil
}

// fetch reads one file into the blobs as it comes.
func (a *Adapter) fetch(ctx context.Context, f *file) (bot.File, error) {
	switch {
	case a.cfg.Blobs == nil || f.URL == "":
		return bot.File{}, bot.ErrUnwanted
	case f.Size > bot.LargestFile:
		return bot.File{}, bot.ErrTooLarge
	}
	r, w := io.Pipe()
	defer r.Close() //nolint:errcheck // a pipe's end has nothing to say
	go func() { w.CloseWithError(a.files.GetFileContext(ctx, f.URL, w)) }()
	return a.cfg.Blobs.Put(ctx, f.Name, r)
}

// bring shows a reply's files below it.
func (a *Adapter) bring(ctx context.Context, d *bot.Delivery, channel string, thread bot.Ref) error {
	for _, f := range d.Reply.Files {
		key := d.ID + " " + f.Hash
		if a.brought(key) {
			continue
		}
		err := a.upload(ctx, f, channel, thread)
		switch {
		case err == nil:
			a.bringing(key)
		case d.Attempt < fileTries && !errors.Is(err, bot.ErrGone) && !errors.Is(err, bot.ErrRefused) && !errors.Is(err, bot.ErrNone):
			return fmt.Errorf("%w: a file: %w", bot.ErrNotSent, err) // what stands there is found again
		default:
			a.cfg.Meter.Count("files_not_sent", name, 1)
			a.cfg.Log.Warn("slack: a file cannot be shown", "task", d.ID, slog.Any("why", err))
		}
	}
	return nil
}

func (a *Adapter) brought(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sent[key]
}

func (a *Adapter) bringing(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.sent) >= mostTwins {
		clear(a.sent)
	}
	a.sent[key] = true
}

// upload shows one file in a channel or thread.
func (a *Adapter) upload(ctx context.Context, f bot.File, channel string, thread bot.Ref) error {
	if a.cfg.Blobs == nil {
		return bot.ErrNone
	}
	r, err := a.cfg.Blobs.Open(ctx, f.Hash)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := a.pace.wait(ctx, channel, tierPost); err != nil {
		return err
	}
	_, err = a.files.UploadFileContext(ctx, slack.UploadFileParameters{Reader: r, FileSize: int(f.Size), Filename: fileName(f), Title: fileName(f),
		Channel: channel, ThreadTimestamp: string(thread)})
	return a.learn(channel, err)
}

// fileName is a file's name as it is shown.
func fileName(f bot.File) string {
	if n := bot.Clean(f.Name); n != "" {
		return short(n, 200)
	}
	return "file"
}
