package main

import (
	"context"
	"encoding/json"
	"fmt"

	"nevermind/adapters/shop"
	"nevermind/adapters/shop/hook"
	"nevermind/bot"
)

// openHook makes the shop behind its webhook: the tasks that go to it, with their signatures and
// retries.
func openHook(_ context.Context, s *site) (map[string]bot.Hand, error) {
	h, err := hook.New(hook.Config{URL: s.Shop.WebhookURL, Secret: s.Shop.WebhookSecret.text(), Now: s.now, Meter: s.metrics,
		Log: s.log})
	if err != nil {
		return nil, fmt.Errorf("NEVERMIND_SHOP_WEBHOOK_URL and _SECRET: %w", err)
	}
	s.hook = h
	return h.Hands(), nil
}

// caseWebhook writes a case for the shop as GET shows it; nil where no shop listens.
func (s *site) caseWebhook() func(*bot.Conversation, []bot.Entry, *bot.Order) string {
	if s.hook == nil {
		return nil
	}
	return func(c *bot.Conversation, journal []bot.Entry, o *bot.Order) string {
		text, err := json.Marshal(shop.NewCase(s.engine.Leads, s.engine.Policies().Of(c), c, journal, o))
		if err != nil {
			panic(err) // strings and times alone; the turn is made again later
		}
		return string(text)
	}
}
