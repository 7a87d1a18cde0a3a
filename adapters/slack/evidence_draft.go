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
type clip struct {
	by    string // who has said it, as they are called
	at    time.Time
	text  string
	files []file
	done  chan struct{} // closed once all of it is kept, or cannot be
	kept  []bot.File
	err   error
}

// clips are those whose forms are open; a new life knows none of them, and says so.
type clips struct {
	mu    sync.Mutex
	open  map[string]*clip
	order []string // oldest first
}

// How many forms for evidence are open at once, and how long sending one waits for what is still being fetched: Slack
// gives an answer three seconds.
const (
	mostClips = 256
	clipTime  = 2 * time.Second
)

// keepCall is the shortcut's name in the manifest.
const keepCall = "make_evidence"

func (c *clips) add(id string, one *clip) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[string]*clip{}
	}
	if c.open[id] == nil {
		c.order = append(c.order, id)
	}
	c.open[id] = one
	for len(c.order) > mostClips {
		delete(c.open, c.order[0])
		c.order = c.order[1:]
	}
}

func (c *clips) find(id string) *clip {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open[id]
}

// clipOf takes a message as it stands now, and begins to keep what it holds.
func (in *intake) clipOf(ctx context.Context, p *interaction) *clip {
	c := &clip{by: in.authorOf(ctx, p), at: momentOf(p.Message.TS), text: plain(p.Message.Text), files: p.Message.Files, done: make(chan struct{})}
	in.during(fileTime, func(ctx context.Context) {
		defer close(c.done)
		if c.kept, c.err = in.preserve(ctx, c); c.err != nil {
			in.cfg.Meter.Count("files_not_kept", name, 1)
			in.cfg.Log.Warn("slack: what was to be evidence is not kept", slog.Any("why", plainError(c.err)))
		}
	})
	return c
}

// authorOf is what whoever has said a message is called.
func (in *intake) authorOf(ctx context.Context, p *interaction) string {
	if p.Message.User != "" {
		ctx, cancel := context.WithTimeout(ctx, roleTime/2)
		defer cancel()
		if k, err := in.profile(ctx, in.us, p.Message.User); err == nil && k.name != "" {
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
func momentOf(ts string) time.Time {
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// preserve keeps a clip's words as a file that says whose they are, and its files as they are.
func (a *Adapter) preserve(ctx context.Context, c *clip) ([]bot.File, error) {
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
		f, err := a.fetch(ctx, &c.files[i])
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// ready waits a moment for what a clip holds, and says in words why it is not there.
func (c *clip) ready(ctx context.Context) (why string) {
	ctx, cancel := context.WithTimeout(ctx, clipTime)
	defer cancel()
	select {
	case <-c.done:
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
func (c *clip) shown(say tongue) []slack.Block {
	rich := []slack.RichTextElement{section(fmt.Sprintf(say(wordsSaidBy), c.by, c.at.Format("2 Jan 2006, 15:04 UTC")), false)}
	if c.text != "" {
		rich = append(rich, quote(short(c.text, longAbout)))
	}
	for i := range c.files {
		rich = append(rich, section("+ "+short(bot.Clean(c.files[i].Name), longLine), false))
	}
	return []slack.Block{slack.NewRichTextBlock("", rich...)}
}
