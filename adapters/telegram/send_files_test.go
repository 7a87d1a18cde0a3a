package telegram

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestSlowFileIsLeftOut holds that the words behind a file which does not get through come without it after a few attempts, and
// that a file is not given up where there is no connection at all.
func TestSlowFileIsLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
		meter := &countingMeter{}
		a := newTestAdapter(t, fake, func(c *Config) { c.Blobs, c.Meter = &memoryBlobs{}, meter })
		d := newDelivery("The seller shows this.")
		d.Reply.Files = []bot.File{{Name: "film.mp4", Type: "video/mp4", Size: 9, Hash: "x"}}
		fake.Fault = func(call telegramtest.Call) telegramtest.Fault {
			return telegramtest.Fault{Hole: call.Method == "sendDocument"}
		}
		for d.Attempt = 1; d.Attempt < 9; d.Attempt++ {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			_, err := a.Send(ctx, d)
			cancel()
			if err == nil {
				break
			}
		}
		if got := chat.Texts(); d.Attempt != maxFileAttempts+1 || strings.Count(got, "The seller shows this.") != 1 {
			t.Errorf("after %d attempts Ana reads %q", d.Attempt, got)
		}
		if n := meter.of("files_not_sent"); n != 1 {
			t.Errorf("%d files are counted as not sent", n)
		}
		if tooSlow(&noResponse{cause: context.DeadlineExceeded}) {
			t.Error("without a connection a file is taken for too slow")
		}
	})
}

// TestFilesSent holds that files go before the words, each once.
func TestFilesSent(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, func(c *Config) { c.Blobs = &memoryBlobs{} })
	d := newDelivery("The seller shows this.")
	d.Reply.Quiet = true
	d.Reply.Files = []bot.File{
		{Name: "lamp.jpg", Type: "image/jpeg", Size: 9, Hash: "x"},
		{Name: "bill\u202efdp.exe", Type: "application/pdf", Size: 9, Hash: "y"},
	}
	if _, err := a.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range chat.Heard() {
		kinds = append(kinds, m.Kind)
		if !m.Quiet {
			t.Errorf("%q makes a sound", m.Kind)
		}
	}
	if !slices.Equal(kinds, []string{"photo", "document", ""}) {
		t.Errorf("got %q", kinds)
	}
}
