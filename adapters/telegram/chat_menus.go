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
type ownMenus struct {
	due chan struct{} // is told when a chat is to be looked at

	mu    sync.Mutex
	chats map[int64]bool   // to be looked at
	shown map[int64]string // the mark of the menu that each chat has; none where it is everybody's
}

const (
	menusName = "telegram.menus" // what is kept of them in the store
	menusWait = time.Second      // chats are looked at together
)

func newOwnMenus() *ownMenus {
	return &ownMenus{due: make(chan struct{}, 1), chats: map[int64]bool{}, shown: map[int64]string{}}
}

// look has a chat looked at soon: something was said there, perhaps that it belongs to somebody now, or to nobody.
func (o *ownMenus) look(chat int64) {
	if chat < 0 {
		return // a group has no menu of its own
	}
	o.mu.Lock()
	o.chats[chat] = true
	o.mu.Unlock()
	select {
	case o.due <- struct{}{}:
	default:
	}
}

func (o *ownMenus) take() map[int64]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	chats := o.chats
	o.chats = map[int64]bool{}
	return chats
}

// runMenus keeps the menus of single chats until ctx ends. What fails is looked at again when something is said there.
func (a *Adapter) runMenus(ctx context.Context) {
	if a.cfg.Own == nil {
		return
	}
	a.recallMenus(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.menus.due:
		}
		if !sleep(ctx, menusWait) {
			return
		}
		for chat := range a.menus.take() {
			if err := a.suit(ctx, chat); err != nil && ctx.Err() == nil {
				a.cfg.Log.Warn("a chat has not the menu it should have", slog.Any("why", err))
			}
		}
	}
}

// suit shows a chat the menu of whoever it belongs to, where it does not have it yet.
func (a *Adapter) suit(ctx context.Context, chat int64) error {
	menu, err := a.cfg.Own(ctx, accountOf(chat))
	if err != nil {
		return err
	}
	mark := markOf(menu)
	if a.menus.shown[chat] == mark {
		return nil
	}
	scope := &models.BotCommandScopeChat{ChatID: chat}
	var refused error
	a.insist(ctx, func(ctx context.Context) error {
		var err error
		if menu == nil {
			_, err = a.api.DeleteMyCommands(ctx, &tg.DeleteMyCommandsParams{Scope: scope})
		} else {
			_, err = a.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Scope: scope, Commands: commandsOf(menu)})
		}
		var no *refusal
		if errors.As(err, &no) && (no.Code == http.StatusBadRequest || no.Code == http.StatusForbidden) {
			refused, err = no, nil // asking again would not help
		}
		return err
	})
	if refused != nil || ctx.Err() != nil {
		return refused
	}
	if a.menus.shown[chat] = mark; mark == "" {
		delete(a.menus.shown, chat)
	}
	return a.storeMenus(ctx)
}

func commandsOf(m *Menu) []models.BotCommand {
	commands := make([]models.BotCommand, len(m.Commands))
	for i, c := range m.Commands {
		commands[i] = models.BotCommand{Command: c.Name, Description: cutTo(oneLine(c.Words), 256)}
	}
	return commands
}

// markOf tells menus apart; none has none.
func markOf(m *Menu) string {
	if m == nil {
		return ""
	}
	raw, _ := json.Marshal(m.Commands) // plain words
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:6])
}

func (a *Adapter) recallMenus(ctx context.Context) {
	if a.cfg.Keep == nil {
		return
	}
	raw, err := a.cfg.Keep.Value(ctx, menusName)
	if err == nil {
		err = json.Unmarshal(raw, &a.menus.shown)
	}
	if err != nil && !errors.Is(err, bot.ErrNone) {
		a.cfg.Log.Warn("which chat has which menu is not known any more", slog.Any("why", err)) // each is shown its own once more
	}
}

func (a *Adapter) storeMenus(ctx context.Context) error {
	if a.cfg.Keep == nil {
		return nil
	}
	raw, err := json.Marshal(a.menus.shown)
	if err != nil {
		return err
	}
	return a.cfg.Keep.SetValue(ctx, menusName, raw)
}
