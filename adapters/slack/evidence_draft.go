package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"nevermind/bot"
)

// clip is a message of the support channel that somebody is about to make evidence. What it holds is fetched while they
// fill in the form.
type evidenceDraft struct {
	by      string // who has said it, as they are called
	at      time.Time
	text    string
	files   []file
	fetched chan struct{} // closed once all of it is kept, or cannot be
	stored  []bot.File
	err     error
}

// clips are those whose forms are open; a new life knows none of them, and says so.
type evidenceDrafts struct {
	mu    sync.Mutex
	open  map[string]*evidenceDraft
	order []string // oldest first
}

// How many forms for evidence are open at once, and how long sending one waits for what is still being fetched: Slack
// gives an answer three seconds.
const (
	maxDrafts = 256
	draftWait = 2 * time.Second
)

// keepCall is the shortcut's name in the manifest.
const evidenceCallback = "make_evidence"

func (c *evidenceDrafts) add(id string, one *evidenceDraft) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[string]*evidenceDraft{}
	}
	if c.open[id] == nil {
		c.order = append(c.order, id)
	}
	c.open[id] = one
	for len(c.order) > maxDrafts {
		delete(c.open, c.order[0])
		c.order = c.order[1:]
	}
}

func (c *evidenceDrafts) find(id string) *evidenceDraft {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open[id]
}

// clipOf takes a message as it stands now, and begins to keep what it holds.
func (in *intake) draftOf(ctx context.Context, p *interaction) *evidenceDraft {
	c := &evidenceDraft{by: in.authorOf(ctx, p), at: timeOf(p.Message.TS), text: plainText(p.Message.Text), files: p.Message.Files, fetched: make(chan struct{})}
	in.inBackgroundFor(fileTimeout, func(ctx context.Context) {
		defer close(c.fetched)
		if c.stored, c.err = in.storeDraft(ctx, c); c.err != nil {
			in.cfg.Meter.Count("files_not_kept", name, 1)
			in.cfg.Log.Warn("slack: what was to be evidence is not kept", slog.Any("why", sanitizeError(c.err)))
		}
	})
	return c
}

// authorOf is what whoever has said a message is called.
func (in *intake) authorOf(ctx context.Context, p *interaction) string {
	if p.Message.User != "" {
		ctx, cancel := context.WithTimeout(ctx, memberTimeout/2)
		defer cancel()
		if k, err := in.profileOf(ctx, in.self, p.Message.User); err == nil && k.name != "" {
			return k.name
		}
		return p.Message.User
	}
	if p.Message.Username != "" {
		return p.Message.Username
	}
	return "Slack"
}

// momentOf is when a message was said, by its name.
func timeOf(ts string) time.Time {
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// preserve keeps a clip's words as a file that says whose they are, and its files as they are.
func (a *Adapter) storeDraft(ctx context.Context, c *evidenceDraft) ([]bot.File, error) {
	if a.cfg.Blobs == nil {
		return nil, bot.ErrUnwanted
	}
	var all []bot.File
	if c.text != "" {
		said := fmt.Sprintf("%s wrote on Slack, %s:\n\n%s\n", c.by, c.at.Format("2006-01-02 15:04:05 UTC"), c.text)
		f, err := a.cfg.Blobs.Put(ctx, "message-"+c.at.Format("2006-01-02-150405")+".txt", strings.NewReader(said))
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	for i := range c.files {
		f, err := a.fetchFile(ctx, &c.files[i])
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// ready waits a moment for what a clip holds, and says in words why it is not there.
func (c *evidenceDraft) await(ctx context.Context) (why string) {
	ctx, cancel := context.WithTimeout(ctx, draftWait)
	defer cancel()
	select {
	case <-c.fetched:
	case <-ctx.Done():
		return wordsFetching
	}
	switch {
	case errors.Is(c.err, bot.ErrTooLarge):
		return wordsTooLarge
	case errors.Is(c.err, bot.ErrUnwanted):
		return wordsUnwanted
	case c.err != nil:
		return wordsUnfetched
	}
	return ""
}

// shown is a clip as its form shows it.
func (c *evidenceDraft) blocks(say translator) []slack.Block {
	rich := []slack.RichTextElement{section(fmt.Sprintf(say(wordsSaidBy), c.by, c.at.Format("2 Jan 2006, 15:04 UTC")), false)}
	if c.text != "" {
		rich = append(rich, quote(truncate(c.text, maxLineText)))
	}
	for i := range c.files {
		rich = append(rich, section("+ "+truncate(bot.Clean(c.files[i].Name), maxLineTitle), false))
	}
	return []slack.Block{slack.NewRichTextBlock("", rich...)}
}
