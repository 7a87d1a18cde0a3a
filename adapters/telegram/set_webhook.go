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
var allowedUpdates = []string{models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage, models.AllowedUpdateCallbackQuery, models.AllowedUpdateMyChatMember}

// slips is how many calls in a row may get no answer before the operator is told: connections break now and then.
const toleratedLosses = 3

// callTime is what a call that is not a message may take.
const callTimeout = 15 * time.Second

// introduce asks Telegram who we are, until it tells; false where ctx ended first.
func (a *Adapter) identify(ctx context.Context) bool {
	return a.retry(ctx, func(ctx context.Context) error {
		u, err := a.api.GetMe(ctx)
		if err != nil {
			return err
		}
		a.mu.Lock()
		a.identity = identity{id: u.ID, name: u.Username}
		a.mu.Unlock()
		a.identifyOnce.Do(func() { close(a.identified) })
		a.clearProblem("start")
		return nil
	})
}

// insist does something until it works, with growing pauses; false where ctx ended first.
func (a *Adapter) retry(ctx context.Context, do func(context.Context) error) bool {
	for tries := 1; ; tries++ {
		within, cancel := context.WithTimeout(ctx, callTimeout)
		err := do(within)
		cancel()
		if err == nil {
			a.clearProblem("poll")
			a.clearProblem("token")
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if !sleep(ctx, a.backoffAfter(err, tries)) {
			return false
		}
	}
}

// setback tells the operator of a failed call and says how long to wait before the next.
func (a *Adapter) backoffAfter(err error, tries int) time.Duration {
	var gone *noResponse
	if where, words := a.describeProblem(err); words != "" && (tries >= toleratedLosses || !errors.As(err, &gone)) {
		a.reportProblem(where, words)
	}
	if after, ok := retryAfterOf(err); ok {
		return after
	}
	return backoff(tries)
}

// hang tells Telegram where to send updates.
func (a *Adapter) setWebhook(ctx context.Context) {
	ok := a.retry(ctx, func(ctx context.Context) error {
		_, err := a.api.SetWebhook(ctx, &tg.SetWebhookParams{URL: a.cfg.Webhook, SecretToken: a.cfg.Secret, AllowedUpdates: allowedUpdates, MaxConnections: 100})
		return err
	})
	if ok {
		a.clearProblem("webhook")
	}
}

// unhang takes away a webhook that stands in the way of polling.
func (a *Adapter) deleteWebhook(ctx context.Context) bool {
	return a.retry(ctx, func(ctx context.Context) error {
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
func (a *Adapter) setMenus(ctx context.Context) {
	for i, m := range a.cfg.Menus {
		language := m.Language
		if i == 0 {
			language = "" // whoever speaks a language we do not
		}
		for _, do := range a.menuCalls(m, language) {
			if !a.retry(ctx, do) {
				return
			}
		}
	}
}

func (a *Adapter) menuCalls(m Menu, language string) []func(context.Context) error {
	commands := botCommands(&m)
	in := func(s models.BotCommandScope, commands []models.BotCommand) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := a.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: commands, Scope: s, LanguageCode: language})
			return ignoreBadRequest(a, err)
		}
	}
	return []func(context.Context) error{
		in(&models.BotCommandScopeAllPrivateChats{}, commands),
		in(&models.BotCommandScopeAllGroupChats{}, helpOnly(commands)),
		func(ctx context.Context) error {
			_, err := a.api.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: truncateRunes(m.Description, 512), LanguageCode: language})
			return ignoreBadRequest(a, err)
		},
		func(ctx context.Context) error {
			_, err := a.api.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: truncateRunes(oneLine(m.Short), 120), LanguageCode: language})
			return ignoreBadRequest(a, err)
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
