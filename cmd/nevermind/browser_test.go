package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ask has Ana ask to cancel her lamp.
func (p *page) ask() {
	p.t.Helper()
	p.press("buyer", "My orders")
	p.press("buyer", "Bamboo desk lamp")
	p.press("buyer", "Cancel this order")
	p.press("buyer", "I don't need it any more")
	p.press("buyer", "Yes, ask the seller")
	p.stands("awaiting seller")
	p.sees("buyer", "I've asked Lumen Home Store")
	p.sees("seller", "Ana Torres would like to cancel the whole order")
	p.sees("case", "The order is still open → the seller has to answer", "Now. If nobody does anything:",
		"The seller's time to answer ends → being cancelled")
}

// TestBrowserRefund: the seller agrees, and the shop pays.
func TestBrowserRefund(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.sees("hint", "Press Situations for a story", "press +1 day", "decide as support")
	p.sees("buyer", "Press a button below, or type what you want.")
	p.sees("case", "No case yet.")
	p.ask()
	p.sees("clock", "If nobody does anything:", "The seller is reminded")
	p.offers("seller", "Cancel and refund 33.70 USD", "Say no", "Make an offer", "It has shipped already", "More")
	p.press("seller", "Cancel and refund 33.70 USD")
	p.stands("refunding")
	p.offers("seller")
	p.sees("buyer", "Lumen Home Store agreed.", "I've asked the shop to send 33.70 USD to your card")
	p.sees("shop", "Refund of 33.70 USD: on its way")
	p.press("shop", "Send the money, order 8224375529841401")
	p.stands("refunded")
	p.sees("buyer", "The shop has sent 33.70 USD to your card.")
	p.sees("seller", "This case is closed.")
	p.sees("shop", "Refund of 33.70 USD: sent")
	p.sees("case", "Agreed → being cancelled", "The order is cancelled → the money is being sent", "The money was sent → refunded")
}

// TestBrowserSilence: the seller does not answer, and a day later silence has decided.
func TestBrowserSilence(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.press("hint", "Close this hint")
	p.press("clock", "+1 hour")
	p.ask()
	p.press("clock", "+1 hour")
	p.sees("clock", "2 hours ahead")
	p.press("buyer", "A person, please")
	p.sees("support", "Ana Torres asks for a person about case")
	p.picture("demo.png", 1600, 1000, "light")

	p.press("clock", "Next deadline")
	p.sees("clock", "13 hours ahead")
	p.sees("seller", "A reminder: Ana Torres is still waiting for your answer")
	p.stands("awaiting seller")
	p.press("clock", "+1 day")
	p.sees("clock", "1 day 13 hours ahead")
	p.stands("refunding")
	p.sees("seller", "You didn't answer in time")
	p.sees("buyer", "Lumen Home Store didn't answer in time, so your request is approved.")
	p.sees("case", "The seller was reminded", "The seller did not answer in time → being cancelled", "the clock")
	p.sees("shop", "Refund of 33.70 USD: on its way")
	p.offers("seller")
	p.offers("buyer", "What happens next?", "A person, please")
}

// TestBrowserDispute: the seller says no, both write, and support gives a part back.
func TestBrowserDispute(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir(), "--policy", atOnce(t)).url)
	p.press("hint", "Close this hint")
	p.ask()
	p.press("seller", "Say no")
	p.sees("seller", "Why not?")
	p.says("seller", "It is packed already.")
	p.stands("negotiating")
	p.sees("buyer", "Lumen Home Store said no: “It is packed already.”")

	p.press("buyer", "Write to the seller")
	p.sees("buyer", "What would you like to tell Lumen Home Store?")
	p.says("buyer", "Could you unpack it? It has not left yet.")
	p.sees("seller", "Ana Torres writes about this order: Could you unpack it? It has not left yet.")
	p.press("seller", "Answer")
	p.sees("seller", "What's your answer?")
	p.says("seller", "Unpacking costs us work.")
	p.sees("buyer", "Lumen Home Store writes about this order: Unpacking costs us work.")

	p.press("buyer", "Let support decide")
	p.stands("with support")
	p.press("case", "All steps")
	p.walked(
		"opening--order_open--awaiting_seller",
		"awaiting_seller--seller_rejected--negotiating",
		"negotiating--support_asked--with_support",
	)
	p.legible()
	p.press("case", "All steps")
	p.sees("support", "asks you to decide", "Reason I don't need it any more", "33.70 USD by card. All of it can go back")
	p.picture("demo-dark.png", 1600, 1000, "dark")
	p.press("buyer", "A person, please")
	p.sees("support", "Ana Torres asks for a person about case")
	p.press("support", "as in Slack")
	p.sees(
		"support",
		"Nevermind APP",
		"Order 8224375529841401",
		"asks you to decide",
		"1 reply",
		"Ana Torres asks for a person",
	)
	if p.wait(
		`() => document.querySelectorAll("#support .s-actions button.primary").length === 1 &&
			!document.querySelector("#support .s-odd")`,
	) == "" {
		t.Errorf("the card as in Slack:\n%s", p.text("support"))
	}
	p.picture("desk.png", 1600, 1400, "light")
	p.press("support", "as in Slack")

	p.press("support", "Partial refund")
	p.sees("support", "How much goes back?")
	p.says("support", "25")
	p.press("support", "Cancel it too")
	p.sees("support", "What are your reasons? The buyer and the seller will read them.")
	p.says("support", "It was packed in good faith.")
	p.press("support", "Yes, decide this")
	p.stands("refunding")
	p.sees("buyer", "It was packed in good faith.", "25.00 USD")
	p.sees("seller", "It was packed in good faith.", "25.00 USD")
	p.press("shop", "Send the money, order 8224375529841401")
	p.stands("refunded")
	p.sees("buyer", "The shop has sent 25.00 USD to your card.")
}

// TestBrowserFiles: a photo and a paper come along, are asked about, and are seen by the other side and support.
func TestBrowserFiles(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.ask()
	p.brings("buyer", "lamp.png", "bill.txt")
	p.sees("buyer", "lamp.png", "bill.txt")
	p.says("buyer", "It came like this.")
	p.sees("buyer", "I have 1 photo and 1 document.")
	p.press("buyer", "Yes, add it")
	p.sees("buyer", "received on", "You have sent 2 files for this case.")
	p.sees("seller", "Ana Torres adds to case", "It came like this.", "bill.txt")
	p.sees("case", "Added files")
	if p.wait(`() => document.querySelector("#seller .files img")?.naturalWidth > 0`) == "" {
		t.Error("the seller does not see the photo")
	}
	p.brings("seller", "page.html")
	p.sees("page", "Only photos, videos, voice messages, PDF and plain text can be sent.")

	p.says("buyer", "8224375529841401")
	p.press("buyer", "Send me the case file")
	p.sees("buyer", "its seal", "case-C-")
	link := p.wait(`() => [...document.querySelectorAll("#buyer .files a")].findLast((a) => a.title.includes("case-C-"))?.href`)
	_, archive := fetch(t, link)
	file := filepath.Join(t.TempDir(), "case.zip")
	write(t, file, archive)
	later(
		t,
		0,
		"",
		"verify",
		file,
	).want(t, exitDone, "nothing was changed since it was sealed", "files      2 enclosed", `for the "buyer"`)
	write(t, file, strings.Replace(archive, "It came like this.", "It came as it was.", 1))
	later(t, 0, "", "verify", file).want(t, exitFailed, "not as it was sealed")
}

// TestBrowserKeyboard: an order is asked about without a mouse.
func TestBrowserKeyboard(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.keys(kb.Tab)
	p.focused("Skip to the buyer’s message box")
	p.keys(kb.Enter)
	p.focused("Message as the buyer")
	p.keys("cancel" + kb.Enter)
	p.sees("buyer", "Which order would you like to cancel?")
	p.keys(kb.ArrowUp)
	p.focused("Bamboo desk lamp")
	p.keys(kb.Enter)
	p.focused("I don't need it any more")
	p.keys(kb.Enter)
	p.focused("Yes, ask the seller")
	p.keys(kb.Enter)
	p.stands("awaiting seller")
}

// TestBrowserPhone: everything has its place on a narrow screen, and nothing sticks out.
func TestBrowserPhone(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	phone := []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)}
	p.do(chromedp.EmulateViewport(390, 844, phone...))
	p.press("hint", "Close this hint")
	p.press("buyer", "My orders")
	p.press("buyer", "Bamboo desk lamp")
	p.press("buyer", "Cancel this order")
	p.press("buyer", "I don't need it any more")
	p.press("buyer", "Yes, ask the seller")
	p.sees("buyer", "I've asked Lumen Home Store")
	if p.wait(`() => document.querySelector("#tab-seller").matches(".news")`) == "" {
		t.Error("the seller's tab does not tell that there is news")
	}
	p.picture("demo-phone.png", 390, 844, "light", phone...)
	for _, tab := range []string{"Case", "Shop", "Support", "Buyer", "Seller"} {
		p.press("page", tab)
		if out := p.wait(`() => document.documentElement.scrollWidth <= innerWidth`); out == "" {
			t.Errorf("%s: the page is wider than the phone", tab)
		}
	}
	p.press("seller", "Cancel and refund 33.70 USD")
	p.press("page", "Case")
	p.stands("refunding")
	p.press("case", "All steps")
	p.legible()
}

// TestBrowserRestart: the server goes and comes back while the page is open, and the page goes on.
func TestBrowserRestart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := demo(t, data)
	p := browse(t, first.url)
	p.ask()
	first.stop().want(t, exitDone)
	p.sees("page", "Nevermind is away. This page comes back by itself.")
	if again := demo(t, data, "--listen", strings.TrimPrefix(first.url, "http://")); again.url != first.url {
		t.Fatalf("started again on %s, want %s", again.url, first.url)
	}
	if p.wait(`() => document.querySelector("#lost").hidden`) == "" {
		t.Error("the page still says that the server is away")
	}
	p.stands("awaiting seller")
	p.press("seller", "Cancel and refund 33.70 USD")
	p.stands("refunding")
	p.sees("buyer", "Lumen Home Store agreed.")
}
