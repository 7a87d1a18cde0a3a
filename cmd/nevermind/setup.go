package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// setupCommand makes a file of settings by asking for what a server needs.
type setupCommand struct {
	File    string `default:"nevermind.env" help:"The file that is written." placeholder:"FILE"`
	Replace bool   `help:"Write over the file where it is there."`

	Serving serveSettings `embed:""`
}

// Run asks, tries each answer, writes the file, and says what comes next.
func (c *setupCommand) Run(ctx context.Context, p *program, line *kong.Context) error {
	if _, err := os.Stat(c.File); err == nil && !c.Replace {
		return usageError{fmt.Errorf("%s is there already; name another with --file, or say --replace", c.File)}
	}
	fmt.Fprintln(p.out, "Each answer is tried as you give it. Enter alone leaves a thing out; what a flag sets is not asked for.")
	q := &questions{in: bufio.NewReader(p.in), raw: p.in, out: p.out}
	for _, chapter := range []func(context.Context, *program, *questions) error{c.telegram, c.slack, c.shop} {
		err := chapter(ctx, p, q)
		if ctx.Err() != nil {
			return errors.New("stopped; nothing was written")
		}
		if err != nil {
			return err
		}
	}
	if !c.Serving.APIKey.set() {
		setSecret(&c.Serving.APIKey, hex.EncodeToString(random(leastSecret)))
		fmt.Fprintln(p.out, "A key for the shop's API was made: NEVERMIND_API_KEY in the file.")
	}
	if faults := append(p.set.faults(), c.Serving.faults()...); len(faults) > 0 {
		return usageError{errors.Join(faults...)}
	}
	if err := writeSettings(c.File, line); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\n%s is written; only you can read it.\nNext: nevermind serve --config %[1]s\n"+
		"At any time: nevermind check --live --config %[1]s\n", c.File)
	return nil
}

// telegram asks for the bot, and how its updates come.
func (c *setupCommand) telegram(ctx context.Context, p *program, q *questions) error {
	s := &c.Serving.Telegram
	ofTelegram := func(f *faultList) { s.inspect(f, c.Serving.PublicURL) }
	err := q.settle(ctx, question{
		asks: "Telegram bot's token, from @BotFather (Enter: no Telegram)", hidden: true, get: s.Token.text, set: setter(&s.Token),
		faults: ofTelegram,
		trial:  trial{"telegram", func(ctx context.Context) (string, error) { return c.Serving.tryTelegram(ctx, p.now) }},
	})
	if err != nil || !s.Token.set() || s.Mode == pollMode {
		return err
	}
	return q.settle(ctx, question{
		asks: "Public https:// address that Telegram sends to (Enter: updates are fetched, no address is needed)",
		get:  func() string { return c.Serving.PublicURL },
		set: func(to string) {
			c.Serving.PublicURL, s.Mode = to, webhookMode
			if to == "" {
				s.Mode = pollMode
			}
		},
		faults: func(f *faultList) { f.url("NEVERMIND_PUBLIC_URL", c.Serving.PublicURL); ofTelegram(f) },
		trial:  trial{"public url", c.Serving.tryPublicURLIfUsed},
	})
}

// slack asks for the app's tokens, one of the two ways in, and the support channel.
func (c *setupCommand) slack(ctx context.Context, _ *program, q *questions) error {
	s := &c.Serving.Slack
	slack := trial{"slack", c.Serving.trySlack}
	err := q.settle(ctx, question{
		asks: "Slack bot token, xoxb-…, of an app made from docs/slack-manifest.yaml (Enter: no Slack)", hidden: true,
		get: s.BotToken.text, set: setter(&s.BotToken),
		faults: func(f *faultList) { f.token("NEVERMIND_SLACK_BOT_TOKEN", s.BotToken, "xoxb-") },
		trial: trial{"slack", func(ctx context.Context) (string, error) {
			only := serveSettings{Slack: slackSettings{BotToken: s.BotToken, API: s.API}}
			return only.trySlack(ctx)
		}},
	})
	if err != nil || !s.BotToken.set() {
		return err
	}
	channel := s.Channel
	s.Channel = "" // it has a question of its own, after the tokens
	if !s.SigningSecret.set() {
		err = q.settle(ctx, question{
			asks: "Slack app-level token, xapp-… (Enter: HTTP, with the signing secret)", hidden: true, get: s.AppToken.text,
			set: setter(&s.AppToken), faults: func(f *faultList) { f.token("NEVERMIND_SLACK_APP_TOKEN", s.AppToken, "xapp-") },
			trial: slack,
		})
	}
	if err == nil && !s.AppToken.set() {
		err = c.slackByHTTP(ctx, q)
	}
	if s.Channel = channel; err != nil || !s.AppToken.set() && !s.SigningSecret.set() {
		return err // what is missing is told at the end
	}
	return q.settle(ctx, question{
		asks: "Id of the support channel, C0123ABCDEF (Enter: no support desk)", get: func() string { return s.Channel },
		set: func(id string) { s.Channel = id }, faults: s.inspect, trial: slack,
	})
}

// slackByHTTP asks for what Slack signs with, and where it sends to.
func (c *setupCommand) slackByHTTP(ctx context.Context, q *questions) error {
	s := &c.Serving.Slack
	err := q.settle(ctx, question{
		asks: "Slack signing secret", hidden: true, get: s.SigningSecret.text, set: setter(&s.SigningSecret), faults: s.inspect,
	})
	if err != nil || !s.SigningSecret.set() {
		return err
	}
	return q.settle(ctx, question{
		asks: "Public https:// address that Slack sends to", get: func() string { return c.Serving.PublicURL },
		set:    func(to string) { c.Serving.PublicURL = to },
		faults: func(f *faultList) { f.url("NEVERMIND_PUBLIC_URL", c.Serving.PublicURL) },
		trial:  trial{"public url", c.Serving.tryPublicURLIfUsed},
	})
}

// shop asks where commands and news go. A system that a connector knows is given by flags, and tried.
func (c *setupCommand) shop(ctx context.Context, p *program, q *questions) error {
	s := &c.Serving.Shop
	if s.Kind != "" && s.Kind != webhookShop {
		return q.settle(ctx, question{get: func() string { return s.Kind }, faults: s.inspect, trial: trial{"shop", s.try}})
	}
	err := q.settle(ctx, question{
		asks: "Shop's address for signed webhooks (Enter: the order book inside is the shop, and no real money moves)",
		get:  func() string { return s.WebhookURL }, set: func(to string) { s.WebhookURL = to },
		faults: func(f *faultList) { f.url("NEVERMIND_SHOP_WEBHOOK_URL", s.WebhookURL) }, trial: trial{"shop", s.try},
	})
	if err == nil && s.WebhookURL != "" && !s.WebhookSecret.set() {
		setSecret(&s.WebhookSecret, "whsec_"+base64.StdEncoding.EncodeToString(random(32)))
		fmt.Fprintln(p.out, "A secret to sign them with was made: NEVERMIND_SHOP_WEBHOOK_SECRET in the file; the shop needs it too.")
	}
	return err
}

// tryPublicURLIfUsed tries the address where somebody comes in by it.
func (s *serveSettings) tryPublicURLIfUsed(ctx context.Context) (string, error) {
	if s.reachedFrom() == "" {
		return "", nil
	}
	return s.tryPublicURL(ctx)
}

// setter sets a secret.
func setter(s *secret) func(string) { return func(text string) { setSecret(s, text) } }

func setSecret(s *secret, text string) {
	if *s = (secret{}); text != "" {
		s.reveal = func() string { return text }
	}
}

// random is as many bytes that nobody can guess.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return b
}

// writeSettings writes what is set as lines of variables, a file that is whole or not there.
func writeSettings(file string, line *kong.Context) error {
	var text strings.Builder
	text.WriteString("# Written by nevermind setup. What each means, and what else there is: docs/operations.md.\n")
	for _, flag := range line.Flags() {
		if len(flag.Envs) == 0 || !strings.HasPrefix(flag.Envs[0], variablePrefix) {
			continue
		}
		if value := settingText(flag.Target.Interface()); value != "" {
			fmt.Fprintf(&text, "%s=%s\n", flag.Envs[0], quoted(value))
		}
	}
	if err := os.WriteFile(file+".new", []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("write the settings: %w", err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		return fmt.Errorf("write the settings: %w", err)
	}
	return nil
}

// settingText is a setting as it stands in a file.
func settingText(value any) string {
	switch v := value.(type) {
	case secret:
		return v.text()
	case rate:
		return v.text
	case string:
		return v
	}
	return ""
}

// quoted puts a value into quotes where a reader of such files would change it.
func quoted(value string) string {
	if strings.ContainsAny(value, " \t#$\\\"`") {
		return "'" + value + "'"
	}
	return cmp.Or(value, "''")
}
