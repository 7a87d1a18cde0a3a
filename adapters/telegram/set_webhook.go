package telegram

import (
	"context"
	"errors"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Menu is what Telegram shows of us in one language, besides what we say.
type Menu struct {
	Language    string // base language, "en"
	Description string // in an empty chat, before Start; at most 512 characters
	Short       string // on the bot's page; at most 120
	Commands    []Command
}

// Command is a word after a slash, in lower case, with what it does in a few words.
type Command struct{ Name, Words string }

// asked is what we ask Telegram for: what we read, and no more.
var asked = []string{models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage, models.AllowedUpdateCallbackQuery, models.AllowedUpdateMyChatMember}

// slips is how many calls in a row may get no answer before the operator is told: connections break now and then.
const slips = 3

// callTime is what a call that is not a message may take.
const callTime = 15 * time.Second

// introduce asks Telegram who we are, until it tells; false where ctx ended first.
func (a *Adapter) introduce(ctx context.Context) bool {
	return a.insist(ctx, func(ctx context.Context) error {
		u, err := a.api.GetMe(ctx)
		if err != nil {
			return err
		}
		a.mu.Lock()
		a.who = me{id: u.ID, name: u.Username}
		a.mu.Unlock()
		a.once.Do(func() { close(a.known) })
		a.works("start")
		return nil
	})
}

// insist does something until it works, with growing pauses; false where ctx ended first.
func (a *Adapter) insist(ctx context.Context, do func(context.Context) error) bool {
	for tries := 1; ; tries++ {
		within, cancel := context.WithTimeout(ctx, callTime)
		err := do(within)
		cancel()
		if err == nil {
			a.works("poll")
			a.works("token")
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if !sleep(ctx, a.setback(err, tries)) {
			return false
		}
	}
}

// setback tells the operator of a failed call and says how long to wait before the next.
func (a *Adapter) setback(err error, tries int) time.Duration {
	var gone *lost
	if where, words := a.sentence(err); words != "" && (tries >= slips || !errors.As(err, &gone)) {
		a.failing(where, words)
	}
	if after, ok := laterOf(err); ok {
		return after
	}
	return pause(tries)
}

// hang tells Telegram where to send updates.
func (a *Adapter) hang(ctx context.Context) {
	ok := a.insist(ctx, func(ctx context.Context) error {
		_, err := a.api.SetWebhook(ctx, &tg.SetWebhookParams{URL: a.cfg.Webhook, SecretToken: a.cfg.Secret, AllowedUpdates: asked, MaxConnections: 100})
		return err
	})
	if ok {
		a.works("webhook")
	}
}

// unhang takes away a webhook that stands in the way of polling.
func (a *Adapter) unhang(ctx context.Context) bool {
	return a.insist(ctx, func(ctx context.Context) error {
		info, err := a.api.GetWebhookInfo(ctx)
		if err != nil || info.URL == "" {
			return err
		}
		a.cfg.Log.Warn("a webhook was set for this bot and stood in the way of polling: it is removed, nothing that waits is lost")
		_, err = a.api.DeleteWebhook(ctx, &tg.DeleteWebhookParams{})
		return err
	})
}

// showMenus tells Telegram our commands and what we are, in each scope and language. What fails is tried again, and
// stands in nobody's way.
func (a *Adapter) showMenus(ctx context.Context) {
	for i, m := range a.cfg.Menus {
		language := m.Language
		if i == 0 {
			language = "" // whoever speaks a language we do not
		}
		for _, do := range a.showing(m, language) {
			if !a.insist(ctx, do) {
				return
			}
		}
	}
}

func (a *Adapter) showing(m Menu, language string) []func(context.Context) error {
	commands := commandsOf(&m)
	in := func(s models.BotCommandScope, commands []models.BotCommand) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := a.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: commands, Scope: s, LanguageCode: language})
			return refusedOnly(a, err)
		}
	}
	return []func(context.Context) error{
		in(&models.BotCommandScopeAllPrivateChats{}, commands),
		in(&models.BotCommandScopeAllGroupChats{}, helpOnly(commands)),
		func(ctx context.Context) error {
			_, err := a.api.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: cutTo(m.Description, 512), LanguageCode: language})
			return refusedOnly(a, err)
		},
		func(ctx context.Context) error {
			_, err := a.api.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: cutTo(oneLine(m.Short), 120), LanguageCode: language})
			return refusedOnly(a, err)
		},
	}
}

// helpOnly is what a group is shown: there is nothing else to do there.
func helpOnly(all []models.BotCommand) []models.BotCommand {
	for _, c := range all {
		if c.Command == "help" {
			return []models.BotCommand{c}
		}
	}
	return all[:min(len(all), 1)]
}
