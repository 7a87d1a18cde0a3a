package flows

import (
	"testing"

	"nevermind/bot"
)

// TestS06ReturnAddressOfTheOrder: goods go back to where the shop's order says, line by line, unless the seller names
// another address in the case.
func TestS06ReturnAddressOfTheOrder(t *testing.T) {
	v := &bot.View{
		Conv:     &bot.Conversation{},
		Frame:    &bot.Frame{Facts: bot.Facts{}},
		Order:    &bot.Order{ReturnAddress: "Lumen Home Store\n12 Mill Lane\n\nLeeds LS1 4AP\n"},
		Renderer: plainWordsRenderer{},
	}
	if got, want := returnTo(v, &bot.Person{}), "Please send it to:\nLumen Home Store\n12 Mill Lane\nLeeds LS1 4AP"; got != want {
		t.Errorf("by the order: got %q, want %q", got, want)
	}
	v.Frame.Facts["return_address"] = "Depot 3, Leeds"
	if got, want := returnTo(v, &bot.Person{}), "Please send it to:\nDepot 3, Leeds"; got != want {
		t.Errorf("by the seller: got %q, want %q", got, want)
	}
}

// plainWordsRenderer says words as they stand.
type plainWordsRenderer struct{ bot.Renderer }

func (plainWordsRenderer) Say(_ *bot.View, _ *bot.Person, words string) string { return words }
