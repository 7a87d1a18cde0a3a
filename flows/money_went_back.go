package flows

import "nevermind/bot"

// wentBack is what a closed case has given back: what was sent before, and what it was settled with.
func wentBack(c *bot.Conversation) bot.Money {
	back, _ := bot.ReadMoney(c.Facts["sent"])
	if c.State != "refunded" {
		return back
	}
	amount, _ := bot.ReadMoney(c.Facts["amount"])
	if back.IsZero() {
		return amount
	}
	return back.Plus(amount)
}
