package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// page is the demo's page in a real browser, used as a person would: by what is written on it.
type page struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	faults []string
}

// parts are where to look, in a person's words.
var parts = map[string]string{
	"buyer": "#buyer", "seller": "#seller", "support": "#support", "case": "#case", "flow": "#flow", "shop": "#shop",
	"clock": ".clock", "hint": "#hint", "page": "body", "situations": "#situations", "board": "#board", "rules": "#rules",
	"laboratory": "#laboratory", "report": "#report",
}

const (
	patience = 2 * time.Minute  // for what must come, however busy the machine is
	whole    = 10 * time.Minute // for a walk
)

// browsers are open at once.
var browsers = make(chan struct{}, 2)

// browse opens the demo's page in a browser of its own, or skips the test where there is none.
func browse(t *testing.T, url string) *page {
	t.Helper()
	p := visit(t, url)
	p.sees("buyer", "Ana Torres")
	return p
}

// visit opens any page.
func visit(t *testing.T, url string) *page {
	t.Helper()
	browsers <- struct{}{}
	t.Cleanup(func() { <-browsers })
	ctx, cancel := context.WithTimeout(t.Context(), whole)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(findBrowser(t)), chromedp.DisableGPU, chromedp.WindowSize(1600, 1000),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
	)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx}
	p.do(chromedp.EmulateViewport(1600, 1000))
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	p.do(call(log.Enable, cdp.Empty{}), call(emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: "en-GB"}),
		call(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Madrid"}), chromedp.Navigate(url))
	t.Cleanup(p.check)
	return p
}

// reads has the browser speak a language, and loads the page anew.
func (p *page) reads(language string) {
	p.t.Helper()
	agent, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`navigator.userAgent`))
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(call(emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: language}),
		chromedp.Reload())
	if p.wait(`(language) => document.documentElement.lang === language && document.querySelector("#buyer-who option") !== null`,
		language) == "" { // it says that it is English before it speaks anything
		p.t.Fatalf("the page does not speak %s", language)
	}
}

// findBrowser looks for a browser where a system keeps it.
func findBrowser(t *testing.T) string {
	t.Helper()
	if os.Getenv("NEVERMIND_BROWSER") == "" {
		t.Skip("make browser looks at the page in a browser")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no browser is installed (chromium, chromium-browser or google-chrome): the page was not looked at")
	return ""
}

// call makes a step of a command of the browser's protocol.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("the browser: %v", err)
	}
}

// hear keeps what the browser complains of.
func (p *page) hear(event any) {
	fault := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		fault = (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error()
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			fault = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if fault != "" {
		p.mu.Lock()
		p.faults = append(p.faults, fault)
		p.mu.Unlock()
	}
}

// check fails the test where a script failed, a file was missing or the page asked for something it may not have. A
// server that is away is none of that, nor one that refuses a file.
func (p *page) check() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		if !strings.Contains(f, "net::ERR_") && !strings.Contains(f, "415 (Unsupported Media Type)") {
			p.t.Errorf("the browser complains: %s", f)
		}
	}
}

// wait looks at the page until a function of JavaScript returns something true there, and returns that as a text; nothing
// when patience ends.
func (p *page) wait(look string, args ...any) string {
	p.t.Helper()
	given, err := json.Marshal(append([]any{}, args...))
	if err != nil {
		p.t.Fatal(err)
	}
	script := fmt.Sprintf(`(async (look, args, end) => {
		for (;;) {
			const found = look(...args);
			if (found) return String(found);
			if (performance.now() > end) return "";
			await new Promise((soon) => setTimeout(soon, 25));
		}
	})(%s, %s, performance.now() + %d)`, look, given, patience.Milliseconds())
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("the browser: %v", err)
	}
	return found
}

// sees waits until texts can be read in a part of the page.
func (p *page) sees(part string, texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		if p.wait(
			`(part, text) => document.querySelector(part)?.innerText.replace(/\s+/g, " ").includes(text)`,
			parts[part],
			text,
		) == "" {
			p.t.Fatalf("%s: nothing says %q in\n%s", part, text, p.text(part))
		}
	}
}

// text is what can be read in a part of the page now.
func (p *page) text(part string) string {
	return p.wait(`(part) => document.querySelector(part)?.innerText || "(nothing)"`, parts[part])
}

// press waits for a button with a label, or one that begins so, that can really be reached, and presses the newest.
func (p *page) press(part, label string) {
	p.t.Helper()
	if p.wait(`(part, label) => {
		const all = [...document.querySelectorAll(part + " button")]
			.map((b) => [b, (b.getAttribute("aria-label") ?? b.innerText).trim()]).filter(([b]) => b.offsetParent);
		const [b] = all.findLast(([, l]) => l === label) ?? all.findLast(([, l]) => l.startsWith(label)) ?? [];
		const [more] = all.findLast(([, l]) => l === "More") ?? [];
		if (!b && more && !more.dataset.pressed) {
			more.dataset.pressed = true;
			more.click();
		}
		if (!b || b.disabled || b.closest(".busy")) return false;
		b.scrollIntoView({ block: "nearest" });
		const { x, y, width, height } = b.getBoundingClientRect();
		if (!width || !b.contains(document.elementFromPoint(x + width / 2, y + height / 2))) return false;
		b.click();
		return true;
	}`, parts[part], label) == "" {
		p.t.Fatalf("%s: there is no button %q to press in\n%s", part, label, p.text(part))
	}
}

// offers waits until the buttons in a chat are exactly these.
func (p *page) offers(part string, labels ...string) {
	p.t.Helper()
	if p.wait(
		`(part, labels) =>
			JSON.stringify([...document.querySelectorAll(part + " .choices button")].map((b) => b.innerText)) === labels`,
		parts[part],
		mustJSON(labels),
	) == "" {
		p.t.Fatalf("%s: want the buttons %q in\n%s", part, labels, p.text(part))
	}
}

func mustJSON(labels []string) string {
	if labels == nil {
		return "[]"
	}
	j, _ := json.Marshal(labels)
	return string(j)
}

// says types words in a chat and sends them, key by key.
func (p *page) says(part, words string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(parts[part]+" textarea"), words+"\r"))
	p.sees(part, words)
}

// brings drops files on a chat: a small drawing where the name says so, else a line of text or a page.
func (p *page) brings(part string, names ...string) {
	p.t.Helper()
	if p.wait(`(part, names) => {
		const png = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ" +
			"RU5ErkJggg=="), (c) => c.charCodeAt(0));
		const dataTransfer = new DataTransfer();
		for (const n of JSON.parse(names)) {
			const content = n.endsWith(".png") ? png : n.endsWith(".html") ? "<!doctype html>" : "one lamp";
			dataTransfer.items.add(new File([content], n));
		}
		const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
		return document.querySelector(part).dispatchEvent(drop) || true;
	}`, parts[part], mustJSON(names)) == "" {
		p.t.Fatal("nothing could be dropped")
	}
	if p.wait(`(part) => !document.querySelector(part + " .tray .busy")`, parts[part]) == "" {
		p.t.Fatal("the files are not kept")
	}
}

// stands waits until case and diagram both say that the case has come to a state.
func (p *page) stands(state string) {
	p.t.Helper()
	if p.wait(`(state) => document.querySelector("#case-state")?.dataset.state.replaceAll("_", " ") === state &&
		[...document.querySelectorAll("#flow .lit.state text, #flow .lit.end text")]
			.map((t) => t.textContent).join(" ") === state`, state) == "" {
		p.t.Fatalf("the case does not come to %q:\n%s\n%s", state, p.text("case"), p.text("flow"))
	}
}

// walked waits until the arrows that the diagram shows as walked are exactly these, each as its class FROM--EVENT--TO.
func (p *page) walked(arrows ...string) {
	p.t.Helper()
	if p.wait(
		`(arrows) => JSON.parse(arrows).every((a) =>
			document.querySelector("#flow .edge.walked." + a)?.getBoundingClientRect().width > 0) &&
		document.querySelectorAll("#flow .edge.walked").length === JSON.parse(arrows).length`,
		mustJSON(arrows),
	) == "" {
		p.t.Fatalf("the way walked is not %q", arrows)
	}
}

// legible fails unless every label of the diagram is at least 12 px high as it is shown.
func (p *page) legible() {
	p.t.Helper()
	if p.wait(
		`() => document.querySelectorAll("#flow .node text").length > 0 &&
			[...document.querySelectorAll("#flow .node text")].every((t) =>
		parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a >= 12)`,
	) == "" {
		p.t.Error("the diagram's labels are too small")
	}
}

// keys presses keys one after the other, as on a keyboard.
func (p *page) keys(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// focused waits until the keyboard is at something with a name, or one that begins so.
func (p *page) focused(name string) {
	p.t.Helper()
	if p.wait(
		`(name) => (document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText).trim().startsWith(name)`,
		name,
	) == "" {
		p.t.Fatalf("the keyboard is not at %q", name)
	}
}

// picture keeps how the page looks, where it is asked for with -update, in docs.
func (p *page) picture(name string, width, height int64, theme string, more ...chromedp.EmulateViewportOption) {
	p.t.Helper()
	if !*update {
		return
	}
	png := p.looks(width, height, theme, more...)
	if err := os.MkdirAll(filepath.Join("..", "..", "docs"), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("..", "..", "docs", name), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// seen keeps how the page looks in the folder NEVERMIND_PICTURES, for whoever wants to look at it.
func (p *page) seen(name string, width, height int64, theme string, more ...chromedp.EmulateViewportOption) {
	p.t.Helper()
	png := p.looks(width, height, theme, more...)
	if folder := os.Getenv("NEVERMIND_PICTURES"); folder != "" {
		write(p.t, filepath.Join(folder, name+".png"), string(png))
	}
}

// looks is how the page looks once everything on it has come to rest, as a PNG.
func (p *page) looks(width, height int64, theme string, more ...chromedp.EmulateViewportOption) []byte {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(width, height, more...), call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: theme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	}))
	p.wait(`() => document.activeElement.blur() ?? true`)
	p.wait(`() => document.querySelectorAll(".typing, .busy").length === 0 && document.getAnimations().length === 0`)
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	return png
}
