package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// How long one file may take, and at which attempt a message goes without its file.
const (
	fileTimeout     = time.Minute
	maxFileAttempts = 3
)

// pendingFiles names the files of a message, to be fetched once it is stored.
func pendingFiles(files []file) (all []bot.PendingFile, err error) {
	for i := range files {
		ref, err := json.Marshal(&files[i])
		if err != nil {
			return nil, err
		}
		all = append(all, bot.PendingFile{Ref: string(ref), Name: files[i].Name, Size: files[i].Size})
	}
	return all, nil
}

// Fetch makes one attempt to fetch a file that a message has named, as bot.Fetcher.
func (a *Adapter) Fetch(ctx context.Context, f bot.PendingFile) (bot.File, error) {
	var named file
	if err := json.Unmarshal([]byte(f.Ref), &named); err != nil {
		return bot.File{}, fmt.Errorf("%w: %w", bot.ErrRefused, err)
	}
	stored, err := a.fetchFile(ctx, &named)
	switch {
	case err == nil, errors.Is(err, bot.ErrTooLarge), errors.Is(err, bot.ErrUnwanted):
		return stored, err
	case errors.Is(err, errNotHandedOver):
		return stored, fmt.Errorf("%w: %w", bot.ErrRefused, errNotHandedOver)
	}
	return stored, sanitizeError(err)
}

// fetchFile streams one file into the blobs, after asking what it is where it came by reference. bot.ErrUnwanted or
// bot.ErrTooLarge where it can never be stored; any other error says that Slack did not hand it over.
func (a *Adapter) fetchFile(ctx context.Context, f *file) (bot.File, error) {
	if a.cfg.Blobs == nil {
		return bot.File{}, bot.ErrUnwanted
	}
	if f.byReference() {
		known, err := a.fileInfo(ctx, f.ID)
		if err != nil {
			return bot.File{}, err
		}
		f = known
	}
	address, err := f.download()
	if err != nil {
		return bot.File{}, err
	}
	if !a.atSlack(address) {
		return bot.File{}, fmt.Errorf("%w: its address is not Slack's", errNotHandedOver)
	}
	// The file is never held in memory: what is downloaded goes through a pipe into the blobs, which check its size and kind.
	r, w := io.Pipe()
	defer r.Close() //nolint:errcheck // closing a pipe cannot fail
	go func() { w.CloseWithError(a.fileAPI.GetFileContext(ctx, address, w)) }()
	return a.cfg.Blobs.Put(ctx, f.Name, r)
}

// slackFiles is the host that Slack keeps files on.
const slackFiles = "files.slack.com"

// atSlack says whether an address is one that may be shown the bot's token: of the Web API's own host, or by https of Slack's
// files.
func (a *Adapter) atSlack(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	api, err := url.Parse(a.cfg.API)
	if err != nil {
		return false
	}
	if u.Scheme == api.Scheme && u.Host == api.Host {
		return true
	}
	return u.Scheme == "https" && (u.Host == slackFiles || u.Host == "files."+api.Host)
}

// errNotHandedOver is the error of a file that Slack has and does not give us, or has no more.
var errNotHandedOver = errors.New("slack does not hand the file over")

// byReference says whether a file's description is left out, so that files.info has to be asked.
func (f *file) byReference() bool {
	return f.ID != "" && (f.Access == "check_file_info" || f.URL == "" && f.View == "" && f.Mode == "" && f.Access == "")
}

// download is where a file can be fetched. bot.ErrUnwanted for what is no file of Slack's, bot.ErrTooLarge by its size,
// errNotHandedOver for one that was deleted, is hidden by the team's plan, or that we may not see.
func (f *file) download() (address string, err error) {
	switch {
	case f.External || f.Mode == "external":
		return "", fmt.Errorf("%w: a link to another service", bot.ErrUnwanted)
	case f.Size > bot.LargestFile:
		return "", bot.ErrTooLarge
	case f.Mode == "tombstone" || f.Mode == "hidden_by_limit":
		return "", fmt.Errorf("%w: %s", errNotHandedOver, f.Mode)
	case f.URL != "":
		return f.URL, nil
	case f.View != "":
		return f.View, nil
	case f.Access != "" && f.Access != "visible":
		return "", fmt.Errorf("%w: %s", errNotHandedOver, truncate(f.Access, 40))
	}
	return "", fmt.Errorf("%w: it has no address", errNotHandedOver)
}

// How often files.info is asked for one file, and how long apart. Whoever sent the file waits meanwhile, and so does Slack.
const (
	fileInfoTries = 2
	fileInfoPause = 500 * time.Millisecond
)

// fileInfo asks Slack for a file's description. It is asked again where that could end otherwise.
func (a *Adapter) fileInfo(ctx context.Context, id string) (*file, error) {
	for try := 1; ; try++ {
		if err := a.pace.wait(ctx, "", tierFileInfo); err != nil {
			return nil, err
		}
		f, _, _, err := a.api.GetFileInfoContext(ctx, id, 1, 1)
		if err == nil {
			return &file{ID: f.ID, Mode: f.Mode, Access: f.FileAccess, External: f.IsExternal, Name: f.Name, Size: int64(f.Size),
				URL: f.URLPrivateDownload, View: f.URLPrivate}, nil
		}
		// What Slack calls by a name of files alone, file_not_found or access_denied, stays so.
		var refused slack.SlackErrorResponse
		final := errors.As(err, &refused) && errorClasses[refused.Err] == nil
		err = a.callError(tierFileInfo, err)
		if final || try == fileInfoTries || !sleep(ctx, fileInfoPause) {
			return nil, fmt.Errorf("%w: %w", errNotHandedOver, err)
		}
	}
}

// uploadFiles uploads a reply's files below it, each once as far as this process remembers. An upload that fails makes the
// whole delivery be tried again, up to maxFileAttempts; the message itself is found again then.
func (a *Adapter) uploadFiles(ctx context.Context, d *bot.Delivery, channel string, thread bot.Ref) error {
	for _, f := range d.Reply.Files {
		key := d.ID + " " + f.Hash
		if done, _ := a.uploaded.get(key); done {
			continue
		}
		// An upload has no id by which it could be found again; after a restart a file may be shown twice.
		err := a.uploadFile(ctx, f, channel, thread)
		final := errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrNone)
		switch {
		case err == nil:
			a.uploaded.put(key, true)
		case d.Attempt < maxFileAttempts && !final:
			return fmt.Errorf("%w: a file: %w", bot.ErrNotSent, err)
		default:
			a.cfg.Meter.Count("files_not_sent", adapterName, 1)
			a.cfg.Log.Warn("slack: a file cannot be shown", "task", d.ID, slog.Any("why", err))
		}
	}
	return nil
}

// uploadFile uploads one file to a channel or thread; bot.ErrNone where the blobs do not have it.
func (a *Adapter) uploadFile(ctx context.Context, f bot.File, channel string, thread bot.Ref) error {
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
	_, err = a.fileAPI.UploadFileContext(ctx, slack.UploadFileParameters{
		Reader: r, FileSize: int(f.Size), Filename: fileName(f), Title: fileName(f), Channel: channel, ThreadTimestamp: string(thread)})
	return a.callError(channel, err)
}

// fileName is a file's name as it is shown, sanitized.
func fileName(f bot.File) string {
	if n := bot.Clean(f.Name); n != "" {
		return truncate(n, 200)
	}
	return "file"
}
