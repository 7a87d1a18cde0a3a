package main

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// begin chooses a prepared situation.
func (p *page) begin(title string) {
	p.t.Helper()
	p.press("page", "Situations")
	p.press("situations", title)
	if p.wait(`() => !document.querySelector("#situations").open`) == "" {
		p.t.Fatalf("the situations stay open: %s", p.text("page"))
	}
}

// TestBrowserSituations: each prepared situation begins, and a visitor goes on at once.
func TestBrowserSituations(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.begin("A lamp came broken")
	p.sees("buyer", "What would put it right?")
	p.press("buyer", "All the money back")
	p.sees("buyer", "Please describe it in one message")
	p.says("buyer", "The shade is cracked.")
	p.sees("buyer", "Please check before I send it")
	p.press("buyer", "Yes, send it")
	p.stands("awaiting seller")
	p.sees("seller", "it is damaged", "24.90 USD")

	p.begin("Shipped, says the seller")
	p.stands("checking tracking")
	p.sees("buyer", "LP123456780CN", "its check digit is wrong")
	p.press("buyer", "I doubt it, ask support")
	p.stands("with support")
	p.sees("support", "The tracking code fails 1 of")

	p.begin("Not wanted, never collected")
	p.sees("buyer", "stored")
	p.says("buyer", "I have changed my mind.")
	p.sees("buyer", "Please check before I send it")
	p.press("buyer", "Yes, send it")
	p.stands("awaiting seller")
	p.sees("seller", "They mean not to collect the parcel")

	p.begin("What about the coupon?")
	p.sees("buyer", "Your coupon is not paid out in money")
	p.press("buyer", "Yes, ask the seller")
	p.stands("awaiting seller")

	p.begin("The refund does not arrive")
	p.stands("refunded")
	p.sees("shop", "Refund 24.90 USD: settled")
}

// TestBrowserDeadlines: a seller is silent; the board says what happens then, by keyboard too, and the clock brings it.
func TestBrowserDeadlines(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.begin("Not received, and the seller is silent")
	p.stands("awaiting seller")
	p.press("case", "All deadlines")
	p.sees("board", "Dispute answer → refunding If ", "gets what they asked for", "seller’s move", "in 5 d")
	p.picture("demo-deadlines.png", 1600, 1000, "light")
	p.do(chromedp.SendKeys(chromedp.CSS("#board-pick"), "support"))
	p.sees("board", "No clock is running.")
	p.keys(kb.Escape)
	if p.wait(`() => !document.querySelector("#board").open`) == "" {
		t.Error("Escape leaves the board open")
	}
	p.press("clock", "Next deadline")
	p.sees("seller", "A reminder:")
	p.press("clock", "Next deadline")
	p.stands("refunding")
}
