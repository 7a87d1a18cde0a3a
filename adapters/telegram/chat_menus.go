package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

// ownMenus are the menus of single chats: of those whose person has use for other commands than everybody is shown.
type chatMenus struct {
	wake chan struct{} // is told when a chat is to be looked at

	mu    sync.Mutex
	due   map[int64]bool   // to be looked at
	shown map[int64]string // the mark of the menu that each chat has; none where it is everybody's
}

const (
	chatMenusName = "telegram.menus" // what is kept of them in the store
	menusDebounce = time.Second      // chats are looked at together
)

func newChatMenus() *chatMenus {
	return &chatMenus{wake: make(chan struct{}, 1), due: map[int64]bool{}, shown: map[int64]string{}}
}

// look has a chat looked at soon: something was said there, perhaps that it belongs to somebody now, or to nobody.
func (o *chatMenus) markDue(chat int64) {
	if chat < 0 {
		return // a group has no menu of its own
	}
	o.mu.Lock()
	o.due[chat] = true
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *chatMenus) drainDue() map[int64]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	chats := o.due
	o.due = map[int64]bool{}
	return chats
}

// runMenus keeps the menus of single chats until ctx ends. What fails is looked at again when something is said there.
func (a *Adapter) runChatMenus(ctx context.Context) {
	if a.cfg.MenuFor == nil {
		return
	}
	a.loadChatMenus(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.chatMenus.wake:
		}
		if !sleep(ctx, menusDebounce) {
			return
		}
		for chat := range a.chatMenus.drainDue() {
			if err := a.syncChatMenu(ctx, chat); err != nil && ctx.Err() == nil {
				a.cfg.Log.Warn("a chat has not the menu it should have", slog.Any("why", err))
			}
		}
	}
}

// suit shows a chat the menu of whoever it belongs to, where it does not have it yet.
func (a *Adapter) syncChatMenu(ctx context.Context, chat int64) error {
	menu, err := a.cfg.MenuFor(ctx, accountOf(chat))
	if err != nil {
		return err
	}
	mark := menuHash(menu)
	if a.chatMenus.shown[chat] == mark {
		return nil
	}
	scope := &models.BotCommandScopeChat{ChatID: chat}
	var refused error
	a.retry(ctx, func(ctx context.Context) error {
		var err error
		if menu == nil {
			_, err = a.api.DeleteMyCommands(ctx, &tg.DeleteMyCommandsParams{Scope: scope})
		} else {
			_, err = a.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Scope: scope, Commands: botCommands(menu)})
		}
		var no *apiError
		if errors.As(err, &no) && (no.Code == http.StatusBadRequest || no.Code == http.StatusForbidden) {
			refused, err = no, nil // asking again would not help
		}
		return err
	})
	if refused != nil || ctx.Err() != nil {
		return refused
	}
	if a.chatMenus.shown[chat] = mark; mark == "" {
		delete(a.chatMenus.shown, chat)
	}
	return a.saveChatMenus(ctx)
}

func botCommands(m *Menu) []models.BotCommand {
	commands := make([]models.BotCommand, len(m.Commands))
	for i, c := range m.Commands {
		commands[i] = models.BotCommand{Command: c.Name, Description: truncateRunes(oneLine(c.Words), 256)}
	}
	return commands
}

// markOf tells menus apart; none has none.
func menuHash(m *Menu) string {
	if m == nil {
		return ""
	}
	raw, _ := json.Marshal(m.Commands) // plain words
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:6])
}

func (a *Adapter) loadChatMenus(ctx context.Context) {
	if a.cfg.Values == nil {
		return
	}
	raw, err := a.cfg.Values.Value(ctx, chatMenusName)
	if err == nil {
		err = json.Unmarshal(raw, &a.chatMenus.shown)
	}
	if err != nil && !errors.Is(err, bot.ErrNone) {
		a.cfg.Log.Warn("which chat has which menu is not known any more", slog.Any("why", err)) // each is shown its own once more
	}
}

func (a *Adapter) saveChatMenus(ctx context.Context) error {
	if a.cfg.Values == nil {
		return nil
	}
	raw, err := json.Marshal(a.chatMenus.shown)
	if err != nil {
		return err
	}
	return a.cfg.Values.SetValue(ctx, chatMenusName, raw)
}
