package shop

import (
	"context"

	"nevermind/bot"
)

// TellShop notes in the order that its seller could not be reached, where the shop's people see it.
func (b *Book) TellShop(ctx context.Context, t bot.Task) (bot.Outcome, error) {
	return b.post(ctx, t, "tell_shop", func(*bot.Order) bot.Posting {
		return bot.Posting{State: "done", Detail: "the seller cannot be reached by chat"}
	})
}
