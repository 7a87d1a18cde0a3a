package telegram

import (
	"context"
	"errors"
	"net/http"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Menu is what Telegram shows of the bot in one language, besides its messages.
type Menu struct {
	Language    string // ISO 639-1, "en"
	Description string // in an empty chat, before Start; at most 512 characters, what is longer is cut off
	Short       string // on the bot's page; at most 120 characters
	Commands    []Command
}

// Command is a bot command: its name in lower case without the slash, and what it does in at most 256 characters.
type Command struct{ Name, Words string }

// setMenus sets the commands and descriptions of Config.Menus, in each scope and language. Telegram shows a person the menu of
// their app's language, else the one without a language, and the menu of their chat before either (chat_menus.go). The calls
// are idempotent and made at each start: one that fails is retried, one that Telegram refuses is logged and left out.
func (a *Adapter) setMenus(ctx context.Context) {
	for i, m := range a.cfg.Menus {
		language := m.Language
		if i == 0 {
			language = "" // for whoever speaks a language that has no menu
		}
		for _, call := range a.menuCalls(m, language) {
			if !a.retry(ctx, "menus", call) {
				return
			}
		}
	}
}

// menuCalls are the calls that set one menu.
func (a *Adapter) menuCalls(m Menu, language string) []func(context.Context) error {
	commands := botCommands(&m)
	setCommands := func(s models.BotCommandScope, commands []models.BotCommand) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := a.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: commands, Scope: s, LanguageCode: language})
			return a.ignoreBadRequest(err)
		}
	}
	return []func(context.Context) error{
		setCommands(&models.BotCommandScopeAllPrivateChats{}, commands),
		setCommands(&models.BotCommandScopeAllGroupChats{}, helpOnly(commands)),
		func(ctx context.Context) error {
			words := truncateRunes(m.Description, 512)
			_, err := a.api.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: words, LanguageCode: language})
			return a.ignoreBadRequest(err)
		},
		func(ctx context.Context) error {
			words := truncateRunes(oneLine(m.Short), 120)
			_, err := a.api.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: words, LanguageCode: language})
			return a.ignoreBadRequest(err)
		},
	}
}

// botCommands are a menu's commands as the Bot API takes them.
func botCommands(m *Menu) []models.BotCommand {
	commands := make([]models.BotCommand, len(m.Commands))
	for i, c := range m.Commands {
		commands[i] = models.BotCommand{Command: c.Name, Description: truncateRunes(oneLine(c.Words), 256)}
	}
	return commands
}

// helpOnly is the menu of a group, where the bot only says to come to a private chat.
func helpOnly(all []models.BotCommand) []models.BotCommand {
	for _, c := range all {
		if c.Command == "help" {
			return []models.BotCommand{c}
		}
	}
	return all[:min(len(all), 1)]
}

// ignoreBadRequest logs and drops a 400: a menu is optional, and asking again would not help.
func (a *Adapter) ignoreBadRequest(err error) error {
	var refused *apiError
	if errors.As(err, &refused) && refused.Code == http.StatusBadRequest {
		a.cfg.Log.Warn("telegram does not take a menu", "why", refused.Description)
		return nil
	}
	return err
}
