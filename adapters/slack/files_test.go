package slack_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/slack"
	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
	"nevermind/store/blob"
)

// png is the smallest picture there is.
var png = []byte("\x89PNG\r\n\x1a\n" +
	"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d" +
	"\x00\x00\x00\x00IEND\xaeB`\x82")

// TestFiles: what a seller sends on Slack is evidence, seen in the case's thread; what cannot be kept is said.
func TestFiles(t *testing.T) {
	t.Parallel()
	var blobs bot.Blobs
	h := newHarness(t, false, func(h *harness) {
		kept, err := blob.Folder(t.TempDir())
		h.must(err)
		blobs, h.cfg.Blobs = kept, kept
	})
	h.slack.Person(slacktest.Person{ID: "ULUMEN", Name: "Lumen"})
	dm := h.slack.Direct("ULUMEN")
	h.putPerson(bot.Person{ID: "seller:s-1", Accounts: []string{"slack:T0NEVER/ULUMEN"}, Rooms: []bot.Room{bot.Room("slack:" + dm)}})
	key, card := h.dispute("81000051")
	h.slack.Await(dm, "Our support team now decides")
	own := h.slack.Find(dm, "Our support team now decides")
	h.slack.Until("it is known by name", func() bool {
		_, err := h.store.Sender(t.Context(), bot.Room("slack:"+dm), bot.Ref(own.TS))
		return err == nil
	})
	h.slack.SayWith("ULUMEN", dm, own.TS, "the parcel", map[string][]byte{"parcel.png": png})
	h.slack.Until("the thread shows the picture", func() bool {
		for _, m := range h.slack.Thread(desk, card.TS) {
			if len(m.Files) == 1 && bytes.Equal(m.Files[0].Content, png) {
				return true
			}
		}
		return false
	})
	c, err := h.store.Conversation(t.Context(), key)
	h.must(err)
	if len(c.Exhibits) != 1 || c.Exhibits[0].File.Type != "image/png" {
		t.Fatalf("exhibits: %+v", c.Exhibits)
	}
	r, err := blobs.Open(t.Context(), c.Exhibits[0].File.Hash)
	h.must(err)
	if kept, err := io.ReadAll(r); err != nil || !bytes.Equal(kept, png) {
		t.Errorf("kept: %d bytes, %v", len(kept), err)
	}
	h.slack.SayWith("ULUMEN", dm, own.TS, "", map[string][]byte{"run.exe": []byte("MZ\x90\x00\x03 not a picture")})
	h.slack.Until("what cannot be kept is said", func() bool { return h.whole(dm, "I can't keep that kind of file") == 1 })
	if strings.Contains(h.log.String(), "/file/") {
		t.Errorf("a file's address is in the log: %s", h.log.String())
	}
}

// sellerAtWork gives the seller direct messages and a case before support, and returns them with the case's line in them and
// its card in the channel.
func (h *harness) sellerAtWork(order string) (dm string, own, card *slacktest.Message, key bot.Key) {
	h.t.Helper()
	dm = h.sellerOnSlack("seller:s-1")
	key, card = h.dispute(order)
	own = h.slack.Await(dm, "Our support team now decides")
	h.slack.Until("it is known by name", func() bool {
		_, err := h.store.Sender(h.t.Context(), bot.Room("slack:"+dm), bot.Ref(own.TS))
		return err == nil
	})
	return dm, own, card, key
}

// TestFilesByReference: a file that Slack Connect sends as an id alone is looked up and kept, and where Slack does not hand
// it over the person is told that, and not that its kind is wrong.
func TestFilesByReference(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false, func(h *harness) {
		kept, err := blob.Folder(t.TempDir())
		h.must(err)
		h.cfg.Blobs = kept
	})
	dm, own, card, key := h.sellerAtWork("81000052")
	h.slack.Refer(true)
	h.slack.SayWith("ULUMEN", dm, own.TS, "the parcel", map[string][]byte{"parcel.png": png})
	h.slack.Until("the thread shows the picture", func() bool {
		return slices.ContainsFunc(h.slack.Thread(desk, card.TS), func(m slacktest.Message) bool {
			return len(m.Files) == 1 && m.Files[0].Name == "parcel.png" && bytes.Equal(m.Files[0].Content, png)
		})
	})
	c, err := h.store.Conversation(t.Context(), key)
	h.must(err)
	if len(c.Exhibits) != 1 || c.Exhibits[0].File.Name != "parcel.png" {
		t.Fatalf("exhibits: %+v", c.Exhibits)
	}
	// Whoever has a file's address elsewhere would get the bot's token.
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s was asked for, with %q", r.URL, r.Header.Get("Authorization"))
	}))
	defer thief.Close()
	elsewhere := thief.URL + "/files-pri/T0NEVER-F1/p.png"
	const unwanted, unfetched, tooLarge = "I can't keep that kind of file", "didn't reach me whole", "larger than 20 MB"
	for i, c := range []struct {
		name  string
		said  map[string]any
		fault *slacktest.Fault
		reads string
	}{
		{"gone", nil, &slacktest.Fault{Error: "file_not_found"}, unfetched},
		{"deleted", nil, &slacktest.Fault{Error: "file_deleted"}, unfetched},
		{"denied", nil, &slacktest.Fault{Error: "access_denied"}, unfetched},
		{"tombstone", map[string]any{"mode": "tombstone", "url_private": "", "url_private_download": ""}, nil, unfetched},
		{"hidden", map[string]any{"mode": "hidden_by_limit", "url_private": "", "url_private_download": ""}, nil, unfetched},
		{"still denied", map[string]any{"file_access": "access_denied", "url_private": "", "url_private_download": ""}, nil, unfetched},
		{"a link", map[string]any{"mode": "external", "is_external": true, "external_type": "gdrive",
			"url_private": "https://drive.example/1", "url_private_download": ""}, nil, unwanted},
		{"large", map[string]any{"size": 30 << 20}, nil, tooLarge},
		{"elsewhere", map[string]any{"url_private_download": elsewhere}, nil, unfetched},
		{"elsewhere in a browser", map[string]any{"url_private": elsewhere, "url_private_download": ""}, nil, unfetched},
	} {
		for _, refer := range []bool{true, false} {
			if !refer && c.fault != nil {
				continue
			}
			h.slack.Refer(refer)
			name := fmt.Sprint(c.name, i, refer, ".png")
			h.slack.Describe(name, c.said)
			if c.fault != nil {
				h.slack.Fail("files.info", *c.fault)
			}
			before := h.whole(dm, c.reads)
			h.slack.SayWith("ULUMEN", dm, own.TS, "", map[string][]byte{name: png})
			h.slack.Until(name+" is answered truthfully", func() bool { return h.whole(dm, c.reads) == before+1 })
		}
	}
}

// TestFilesElsewhere: the bot's token goes to Slack's own hosts alone, and by https where Slack's API is reached so.
func TestFilesElsewhere(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://files.slack.com/files-pri/T1-F1/p.png":   true,
		"https://slack.com/files/1":                       true,
		"http://files.slack.com/1":                        false,
		"http://slack.com/1":                              false,
		"https://files.slack.com.evil.example/1":          false,
		"https://files.slack.com@evil.example/1":          false,
		"https://files.slack.com:pw@evil.example/1":       false,
		"https://user@files.slack.com/1":                  false,
		"https://evil.example/files.slack.com":            false,
		"https://evil.example/?https://files.slack.com/1": false,
		"https://evil.example\\@files.slack.com/1":        false,
		"https://files.slack.com:8443/1":                  false,
		"https://xfiles.slack.com/1":                      false,
		"//evil.example/1":                                false,
		"file:///etc/passwd":                              false,
		"https://169.254.169.254/latest/meta-data":        false,
		"https://[::1]/1":                                 false,
		"":                                                false,
	} {
		if got := slack.AtSlack("https://slack.com/api/", address); got != want {
			t.Errorf("%q: got %v", address, got)
		}
	}
	if !slack.AtSlack("https://slack-gov.com/api/", "https://files.slack-gov.com/1") {
		t.Error("another Slack's files are not Slack's")
	}
}

// whole counts the messages of a channel, in threads or not, that have the words.
func (h *harness) whole(channel, words string) (n int) {
	for _, m := range h.slack.Messages(channel) {
		if strings.Contains(m.Shown(), words) {
			n++
		}
		for _, below := range h.slack.Thread(channel, m.TS) {
			if !below.Aloud && strings.Contains(below.Shown(), words) {
				n++
			}
		}
	}
	return n
}

// TestFileInfoFails: files.info is asked once more where its first answer could be otherwise the next time.
func TestFileInfoFails(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false, func(h *harness) {
		kept, err := blob.Folder(t.TempDir())
		h.must(err)
		h.cfg.Blobs = kept
	})
	dm, own, _, key := h.sellerAtWork("81000053")
	h.slack.Refer(true)
	for i, fault := range []slacktest.Fault{{Status: 500}, {Lost: true}, {Error: "internal_error"}} {
		h.slack.Fail("files.info", fault)
		h.slack.SayWith("ULUMEN", dm, own.TS, "the parcel", map[string][]byte{fmt.Sprint("p", i, ".png"): append(png, byte(i))})
		h.slack.Until("it is kept", func() bool {
			c, err := h.store.Conversation(t.Context(), key)
			return err == nil && len(c.Exhibits) == i+1
		})
	}
}
