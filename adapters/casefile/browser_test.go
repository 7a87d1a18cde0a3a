package casefile_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"nevermind/bot"
)

// TestBrowserVerifies checks a long case with twenty photos on the page of the archive itself, from disk, without any
// server, and shows what it takes. The page finds changes as the command does.
func TestBrowserVerifies(t *testing.T) {
	ctx := browser(t)
	h := open(t)
	file := h.seal(h.long(20, 2<<20), bot.Buyer)
	dir := t.TempDir()
	for name, text := range unpacked(t, file) {
		h.must(os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700))
		h.must(os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	bad := slices.Clone(file)
	bad[len(bad)/2] ^= 1
	archive, changed, more := filepath.Join(dir, "case.zip"), filepath.Join(dir, "changed.zip"), filepath.Join(dir, "more.zip")
	h.must(os.WriteFile(archive, file, 0o600))
	h.must(os.WriteFile(changed, bad, 0o600))
	h.must(os.WriteFile(more, moved(file, 0, localEntry("index.html", "<p>The seller agreed.</p>")), 0o600))
	page := "file://" + dir + "/verify.html"

	h.must(chromedp.Do(ctx, chromedp.Navigate(page)))
	began := time.Now()
	h.must(chromedp.Do(ctx, chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{archive})))
	if got := evaluate(t, ctx, until+`("whole")`); got != "whole" {
		t.Fatalf("the page says %s: %s", got, evaluate(t, ctx, `document.querySelector("#said").innerText`))
	}
	took := time.Since(began)
	inside, err := strconv.ParseFloat(evaluate(t, ctx, `document.querySelector("#said").dataset.took`), 64)
	h.must(err)
	t.Logf("%.1f MB with 20 photos: checked in %.0f ms, %d ms with all around it", float64(len(file))/1e6, inside,
		took.Milliseconds())
	if seal := evaluate(t, ctx, `document.querySelector(".seal").innerText`); seal == "" {
		t.Error("the page shows no seal to compare")
	}
	h.must(chromedp.Do(ctx, chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{changed})))
	if got := evaluate(t, ctx, until+`("changed")`); got != "changed" {
		t.Errorf("one bit is changed, and the page says %s", got)
	}
	h.must(chromedp.Do(ctx, chromedp.Navigate(page), chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{more})))
	if got := evaluate(t, ctx, until+`("changed")`); got != "changed" {
		t.Errorf("another page is hidden in it, and the page says %s", got)
	}
	if same := evaluate(t, ctx, `(async () => { const b = new Uint8Array(100003).map((_, i) => i * 7);
		return String(hex(plainSha256(b)) === await sha256(b)); })()`); same != "true" {
		t.Error("the page's own SHA-256 is another than the browser's")
	}

	h.must(chromedp.Do(ctx, chromedp.Navigate("file://"+dir+"/index.html")))
	if got := evaluate(t, ctx, `(async () => {
		const all = [...document.images];
		await Promise.all(all.map((i) => i.complete || new Promise((done) => { i.onload = i.onerror = done; })));
		return String(all.length);
	})()`); got != "20" {
		t.Errorf("the page shows %s photos, want 20", got)
	}
}

// until waits until the page has made up its mind.
const until = `(async (want) => {
	const said = document.querySelector("#said");
	for (const end = performance.now() + 20000; performance.now() < end && said.dataset.done !== want; )
		await new Promise((soon) => setTimeout(soon, 10));
	return said.dataset.done ?? "nothing";
})`

func evaluate(t *testing.T, ctx context.Context, script string) string {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("the browser: %v", err)
	}
	return got
}

// browser opens a headless one, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	if os.Getenv("NEVERMIND_BROWSER") == "" {
		t.Skip("make browser looks at the page in a browser")
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		t.Skip("no browser is installed (chromium, chromium-browser or google-chrome): the page was not looked at")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx,
		append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}
