package telegram

import (
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// TestMenus holds that commands and descriptions are set in each scope and language.
func TestMenus(t *testing.T) {
	fake := telegramtest.Open(t)
	a := newTestAdapter(t, fake, func(c *Config) {
		c.Menus = []Menu{
			{Language: "en", Description: "I help with orders.", Short: "Orders",
				Commands: []Command{{"orders", "Your orders"}, {"help", "What I can do"}}},
			{Language: "es", Description: "Ayudo con pedidos.", Short: "Pedidos",
				Commands: []Command{{"orders", "Tus pedidos"}, {"help", "Ayuda"}}},
		}
	})
	runAdapter(t, a, &recordingInbox{})
	for menu, want := range map[string]string{
		"setMyCommands all_private_chats/":   `"Your orders"`,
		"setMyCommands all_private_chats/es": `"Tus pedidos"`,
		"setMyCommands all_group_chats/es":   `"Ayuda"`,
		"setMyDescription default/es":        "Ayudo con pedidos.",
		"setMyShortDescription default/":     "Orders",
	} {
		method, of, _ := strings.Cut(menu, " ")
		if !fake.Until(func() bool { return strings.Contains(fake.Menu(method, of), want) }) {
			t.Errorf("%s: got %s, want %s", menu, fake.Menu(method, of), want)
		}
	}
}
