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

// chatMenus are the command menus of single chats: of those whose person has other commands than everybody (Config.MenuFor).
//
// Send marks a chat as due, since what was said may be that an account has just been linked or unlinked. One goroutine of Run
// (runChatMenus) compares each due chat's menu with the one Telegram shows there, and sets it where they differ. Which menu is
// shown where is stored, so that a restart makes no calls.
type chatMenus struct {
	wake chan struct{} // holds one signal: some chat is due

	mu    sync.Mutex
	due   map[int64]bool
	shown map[int64]string // menuHash by chat; absent where everybody's is shown. Used by runChatMenus alone.
}

const (
	chatMenusName = "telegram.menus" // under which shown is stored, as JSON
	menusDebounce = time.Second      // chats that fall due within it are compared together
)

func newChatMenus() *chatMenus {
	return &chatMenus{wake: make(chan struct{}, 1), due: map[int64]bool{}, shown: map[int64]string{}}
}

// markDue has a chat's menu compared soon. A group, whose id is negative, has none of its own.
func (cm *chatMenus) markDue(chat int64) {
	if chat < 0 {
		return
	}
	cm.mu.Lock()
	cm.due[chat] = true
	cm.mu.Unlock()
	select {
	case cm.wake <- struct{}{}:
	default:
	}
}

// drainDue returns the chats that are due, and leaves none. One that falls due meanwhile is in the next.
func (cm *chatMenus) drainDue() map[int64]bool {
	cm.mu.Lock()
	defer cm.mu.Unlock()
	due := cm.due
	cm.due = map[int64]bool{}
	return due
}

// runChatMenus sets the menus of single chats until ctx ends. It debounces them: a chat that is due several times within a
// second is compared once. One that fails is due again with the next message in its chat.
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

// syncChatMenu shows a chat the menu of its person, where it is not shown yet. A private chat has the id of its account.
func (a *Adapter) syncChatMenu(ctx context.Context, chat int64) error {
	menu, err := a.cfg.MenuFor(ctx, accountOf(chat))
	if err != nil {
		return err
	}
	hash := menuHash(menu)
	if a.chatMenus.shown[chat] == hash {
		return nil
	}
	if err := a.setChatMenu(ctx, chat, menu); err != nil || ctx.Err() != nil {
		return err
	}
	if a.chatMenus.shown[chat] = hash; hash == "" {
		delete(a.chatMenus.shown, chat)
	}
	return a.saveChatMenus(ctx)
}

// setChatMenu sets a chat's menu, or removes it where it is nil, retrying until Telegram answers. The error is a refusal:
// asking again would not help.
func (a *Adapter) setChatMenu(ctx context.Context, chat int64, menu *Menu) (refusal error) {
	scope := &models.BotCommandScopeChat{ChatID: chat}
	a.retry(ctx, "menus", func(ctx context.Context) error {
		var err error
		if menu == nil {
			_, err = a.api.DeleteMyCommands(ctx, &tg.DeleteMyCommandsParams{Scope: scope})
		} else {
			_, err = a.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Scope: scope, Commands: botCommands(menu)})
		}
		var refused *apiError
		if errors.As(err, &refused) && (refused.Code == http.StatusBadRequest || refused.Code == http.StatusForbidden) {
			refusal, err = refused, nil
		}
		return err
	})
	return refusal
}

// menuHash tells menus apart by their commands; empty is the hash of none.
func menuHash(m *Menu) string {
	if m == nil {
		return ""
	}
	raw, _ := json.Marshal(m.Commands) // strings always marshal
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:6])
}

// loadChatMenus reads which menu is shown where. What cannot be read is shown once more.
func (a *Adapter) loadChatMenus(ctx context.Context) {
	if a.cfg.Values == nil {
		return
	}
	raw, err := a.cfg.Values.Value(ctx, chatMenusName)
	if err == nil {
		err = json.Unmarshal(raw, &a.chatMenus.shown)
	}
	if err != nil && !errors.Is(err, bot.ErrNone) {
		a.cfg.Log.Warn("which chat has which menu is not known any more", slog.Any("why", err))
	}
}

// saveChatMenus stores which menu is shown where.
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
