package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// evidenceDraft is a message of the support channel that an agent is about to make evidence, as it was when they used the
// shortcut. What it holds is stored in the background while they fill in the form, since Slack wants an answer to the form
// within three seconds. A restart forgets drafts; a form that is sent after one says so.
type evidenceDraft struct {
	by      string // the author's name
	at      time.Time
	text    string
	files   []file
	fetched chan struct{} // closed once stored and err are final
	stored  []bot.File
	err     error
}

// draftWait is how long a form that is sent waits for what is still being fetched.
const draftWait = 2 * time.Second

// draftOf makes a draft of the message that a shortcut was used on, and begins to store what it holds.
func (in *intake) draftOf(ctx context.Context, p *interaction) *evidenceDraft {
	d := &evidenceDraft{by: in.authorOf(ctx, p), at: timeOf(p.Message.TS), text: plainText(p.Message.Text), files: p.Message.Files,
		fetched: make(chan struct{})}
	in.inBackgroundFor(fileTimeout, func(ctx context.Context) {
		defer close(d.fetched)
		if d.stored, d.err = in.storeDraft(ctx, d); d.err != nil {
			in.cfg.Meter.Count("files_not_kept", adapterName, 1)
			in.cfg.Log.Warn("slack: what was to be evidence is not kept", slog.Any("why", sanitizeError(d.err)))
		}
	})
	return d
}

// authorOf is the name of whoever has written the message that a shortcut was used on; their id where Slack does not tell
// the name in time.
func (in *intake) authorOf(ctx context.Context, p *interaction) string {
	if p.Message.User != "" {
		ctx, cancel := context.WithTimeout(ctx, memberTimeout/2)
		defer cancel()
		if author, err := in.profileOf(ctx, in.session, p.Message.User); err == nil && author.name != "" {
			return author.name
		}
		return p.Message.User
	}
	if p.Message.Username != "" {
		return p.Message.Username
	}
	return "Slack"
}

// storeDraft stores a draft's words as a text file that says whose they are and of when, and its files as they are.
func (a *Adapter) storeDraft(ctx context.Context, d *evidenceDraft) ([]bot.File, error) {
	if a.cfg.Blobs == nil {
		return nil, bot.ErrUnwanted
	}
	var all []bot.File
	if d.text != "" {
		words := fmt.Sprintf("%s wrote on Slack, %s:\n\n%s\n", d.by, d.at.Format("2006-01-02 15:04:05 UTC"), d.text)
		f, err := a.cfg.Blobs.Put(ctx, "message-"+d.at.Format("2006-01-02-150405")+".txt", strings.NewReader(words))
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	for i := range d.files {
		f, err := a.fetchFile(ctx, &d.files[i])
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// await waits until a draft is stored. why is empty then, else the sentence that says what is missing.
func (d *evidenceDraft) await(ctx context.Context) (why string) {
	ctx, cancel := context.WithTimeout(ctx, draftWait)
	defer cancel()
	select {
	case <-d.fetched:
	case <-ctx.Done():
		return wordsFetching
	}
	switch {
	case errors.Is(d.err, bot.ErrTooLarge):
		return wordsTooLarge
	case errors.Is(d.err, bot.ErrUnwanted):
		return wordsUnwanted
	case d.err != nil:
		return wordsUnfetched
	}
	return ""
}

// blocks are a draft as its form shows it: who has written it and when, the words, and the files' names.
func (d *evidenceDraft) blocks(say translator) []slack.Block {
	rich := []slack.RichTextElement{
		section(bot.Fill(say(wordsSaidBy), bot.Facts{"who": d.by, "when": d.at.Format("2 Jan 2006, 15:04 UTC")}), false),
	}
	if d.text != "" {
		rich = append(rich, quote(truncate(d.text, maxLineText)))
	}
	for i := range d.files {
		rich = append(rich, section("+ "+truncate(fileName(bot.File{Name: d.files[i].Name}), maxLineTitle), false))
	}
	return []slack.Block{slack.NewRichTextBlock("", rich...)}
}
