package main

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"nevermind/bot"
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
	p.press("buyer", "Keep it and get all the money back")
	p.sees("buyer", "Please describe it in one message")
	p.says("buyer", "The shade is cracked.")
	p.sees("buyer", "Please check before I send it")
	p.press("buyer", "Yes, send it")
	p.stands("awaiting seller")
	p.sees("seller", "it came damaged", "24.90 USD")

	p.begin("“It has shipped”, says the seller")
	p.sees("hint", "Doubt it as the buyer")
	p.sees("buyer", "Tom Becker")
	p.stands("checking tracking")
	p.sees("buyer", "LP123456780CN", "Its check digit is wrong.")
	p.press("buyer", "I doubt it, ask support")
	p.stands("with support")
	p.sees("support", "The tracking code fails 1 of")

	p.begin("Not wanted, never collected")
	p.sees("buyer", "stored")
	p.says("buyer", "I have changed my mind.")
	p.sees("buyer", "Please check before I send it")
	p.press("buyer", "Yes, send it")
	p.stands("awaiting seller")
	p.sees("seller", "They don't want to collect the parcel")

	p.begin("What about the coupon?")
	p.sees("buyer", "coupon")
	p.press("buyer", "Yes, ask the seller")
	p.stands("awaiting seller")

	p.begin("The refund does not arrive")
	p.stands("refunded")
	p.sees("shop", "Refund of 24.90 USD: sent")
}

// TestBrowserDeadlines: a seller is silent; the board says what happens then, by keyboard too, and the clock brings it.
func TestBrowserDeadlines(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.begin("It never came, and the seller is silent")
	p.stands("awaiting seller")
	p.press("case", "All deadlines")
	p.sees("board", "The seller's time to answer → the money is being sent", "The seller can act", "in 5 days",
		"It runs 5 days, from")
	p.picture("demo-deadlines.png", 1600, 1000, "light")
	p.do(chromedp.SendKeys(chromedp.CSS("#board-pick"), "support"))
	p.sees("board", "No deadline is running.")
	p.keys(kb.Escape)
	if p.wait(`() => !document.querySelector("#board").open`) == "" {
		t.Error("Escape leaves the board open")
	}
	p.press("clock", "Next deadline")
	p.sees("seller", "A reminder:")
	p.press("clock", "Next deadline")
	p.stands("refunding")
}

// TestBrowserStartOver: who begins anew sees fresh people, none of their old messages, and orders enough.
func TestBrowserStartOver(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.press("buyer", "My orders")
	p.sees("buyer", "Bamboo desk lamp")
	p.press("page", "Situations")
	p.press("situations", "Start over")
	p.sees("buyer", "You are the buyer.", "Ana Torres")
	p.press("buyer", "My orders")
	p.sees("buyer", "Bamboo desk lamp")
	if p.wait(`() => document.querySelectorAll("#buyer-who option").length === 8`) == "" {
		t.Errorf("not eight buyers to choose from: %s", p.text("buyer"))
	}
}

// TestBrowserRules: a rule's tag opens its sentence, and a day's step stops at each deadline on its way.
func TestBrowserRules(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.ask()
	if p.wait(`() => [...document.querySelectorAll("#case .rules a")].at(-1)?.click() ?? true`) == "" {
		t.Fatal("the case shows no rule")
	}
	p.sees("rules", "S41 The seller has twenty-four hours.")
	p.press("rules", "Close the rules")
	p.press("clock", "+1 day")
	p.press("clock", "+1 hour")
	p.stands("refunding")
	p.sees("case", "The seller was reminded", "The seller did not answer in time → being cancelled")
	if text := p.text("case"); strings.Contains(text, "changed nothing") {
		t.Errorf("something was not heard:\n%s", text)
	}
}

// TestBrowserZoom: at 200 % there is room to read, and the page scrolls.
func TestBrowserZoom(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.do(chromedp.EmulateViewport(720, 450))
	if p.wait(`() => document.querySelector("#buyer .log").clientHeight >= 200 &&
		document.documentElement.scrollHeight > innerHeight && document.documentElement.scrollWidth <= innerWidth`) == "" {
		t.Errorf("the chat is %s px high", p.wait(`() => document.querySelector("#buyer .log").clientHeight`))
	}
}

// TestBrowserTop: a long message shows its beginning.
func TestBrowserTop(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.do(chromedp.EmulateViewport(1440, 900))
	p.ask()
	p.press("buyer", "What happens next?")
	if p.wait(`() => {
		const log = document.querySelector("#buyer .log"), last = [...log.querySelectorAll(".msg.them")].at(-1);
		const frame = log.getBoundingClientRect(), at = last.getBoundingClientRect();
		return at.top >= frame.top - 1 && at.top < frame.bottom;
	}`) == "" {
		t.Error("the newest message begins out of sight")
	}
}

// TestBrowserLaboratory: silence decides a case; the laboratory says that support would have had to decide it where silence asks
// support, and that nothing would differ by the rules it was decided by.
func TestBrowserLaboratory(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.press("page", "Laboratory")
	p.press("laboratory", "Try it")
	p.sees("laboratory", "No case is closed yet.")
	p.press("laboratory", "Close the laboratory")
	p.ask()
	p.press("clock", "+1 day")
	p.press("clock", "+1 hour")
	p.stands("refunding")
	p.press("shop", "Send the money, order 8224375529841401")
	p.stands("refunded")
	p.press("page", "Laboratory")
	p.press("laboratory", "Try it")
	p.sees("laboratory", "One closed case was tried. One would have gone another way.",
		"“The seller did not answer in time” led to “being cancelled”. It would have led to “with support”.")
	p.picture("lab.png", 1600, 1000, "light")
	p.do(chromedp.SendKeys(chromedp.CSS("#laboratory-pick"), "seller_silence: a"))
	p.press("laboratory", "Try it")
	p.sees("laboratory", "Nothing would differ.")
}

// TestBrowserReport: the report has nothing to say where nobody has asked, then what became of two requests, in numbers that the
// command gives as well; in the reader's language, on a phone and in the dark too.
func TestBrowserReport(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	d := demo(t, data)
	p := browse(t, d.url)
	p.press("page", "Report")
	p.sees("report", "No request has been made yet.")
	p.press("report", "Close the report")
	p.ask()
	p.press("clock", "+1 day")
	p.press("clock", "+1 hour")
	p.stands("refunding")
	p.press("shop", "Send the money, order 8224375529841401")
	p.stands("refunded")
	p.begin("“It has shipped”, says the seller")
	p.stands("checking tracking")
	p.press("page", "Report")
	p.sees("report", "Asked 2 100 %", "Refunded 1 50 %", "No further: the money is on its way 1", "the seller 1 · silence 1",
		"Time ran out 1", "Card 1 0 33.70 USD")
	p.do(chromedp.SendKeys(chromedp.CSS("#report-by"), "sel"))
	p.sees("report", "Lumen Home Store 1 1 1 1 0")
	p.picture("report.png", 1600, 1000, "light")

	var r bot.Report
	asked := command(t, "", "report", "--format", "json", "--data", data)
	asked.want(t, exitDone)
	if err := json.Unmarshal([]byte(asked.out), &r); err != nil {
		t.Fatal(err)
	}
	for step, n := range map[string]int{"asked": r.All.Asked, "answered": r.All.Answered, "agreed": r.All.Agreed,
		"refunded": r.All.Refunded, "arrived": r.All.Arrived} {
		if shown := p.wait("(step) => document.querySelector(`[data-step=${step}]`)?.dataset.n", step); shown != strconv.Itoa(n) {
			t.Errorf("%s: the page shows %s, the command says %d", step, shown, n)
		}
	}

	phone := []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)}
	for language, words := range map[string][]string{
		"de": {"Bericht", "Angefragt 2"}, "ar": {"التقرير", "الطلبات 2"}, "en": {"Report", "Asked 2"},
	} {
		p.do(chromedp.EmulateViewport(390, 844, phone...))
		p.reads(language)
		p.press("page", words[0])
		p.sees("report", words[1])
		for _, theme := range []string{"light", "dark"} {
			p.seen("report-"+language+"-phone-"+theme, 390, 844, theme, phone...)
			if p.wait(`() => document.querySelector("#report").scrollWidth <= document.querySelector("#report").clientWidth`) == "" {
				t.Errorf("%s: the report is wider than the phone", language)
			}
			p.seen("report-"+language+"-"+theme, 1600, 1000, theme)
		}
	}
}
