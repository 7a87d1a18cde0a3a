package slack_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
	"nevermind/store/blob"
)

const makeEvidence = "make_evidence"

// withBlobs gives a harness a folder for files.
func withBlobs(t *testing.T, kept *bot.Blobs) func(*harness) {
	return func(h *harness) {
		folder, err := blob.Folder(t.TempDir())
		h.must(err)
		*kept, h.cfg.Blobs = folder, folder
	}
}

// evidence is what a case has been brought, by file name.
func (h *harness) evidence(key bot.Key) map[string]bot.Exhibit {
	c, err := h.store.Conversation(h.t.Context(), key)
	h.must(err)
	all := map[string]bot.Exhibit{}
	for _, x := range c.Exhibits {
		all[x.Name] = x
	}
	return all
}

// makeEvidence has Mira make what Jonas has said evidence, seen by whom she says.
func (h *harness) makeEvidence(ts, seen string) {
	h.t.Helper()
	h.slack.Shortcut("UMIRA", desk, ts, makeEvidence)
	v := h.slack.AwaitView("UMIRA")
	for _, want := range []string{"Order 81000091", "Jonas wrote this on ", "> The carrier @here sent me this.", "+ scan.png"} {
		if !strings.Contains(v.Shown(), want) {
			h.t.Errorf("the form does not show %q:\n%s", want, v)
		}
	}
	if strings.Contains(v.Private(), "Jonas") || strings.Contains(v.Private(), "scan") ||
		strings.Contains(v.Private(), "carrier") {
		h.t.Errorf("the form carries %s", v.Private())
	}
	v.Fill("Whose side", "The seller").Fill("Who sees it?", seen).Send()
	if !strings.Contains(v.Shown(), "with who posted it, your name and the time. Keep it?") || v.Submit() != "Yes, keep it" {
		h.t.Errorf("it is not confirmed:\n%s", v)
	}
	v.Send()
	h.slack.Until("the form is closed", func() bool { return h.slack.View("UMIRA") == nil })
}

// TestMakeEvidence: a message in a case's thread becomes evidence by a form, with who said it and when; once.
func TestMakeEvidence(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			var blobs bot.Blobs
			h := newHarness(t, http, withBlobs(t, &blobs))
			key, card := h.dispute("81000091")
			ts := h.slack.SayWith("UJONAS", desk, card.TS, "The carrier <!here> sent me this.", map[string][]byte{"scan.png": png})
			h.makeEvidence(ts, "Only our team")
			said := h.slack.Await(desk, "Kept as evidence of case C-")
			if said.Thread != card.TS || !strings.Contains(said.Shown(), "1 photo and 1 document. Jonas posted it ") ||
				!strings.Contains(said.Shown(), "The buyer and the seller don't see it.") {
				t.Errorf("it is answered in %q with %q", said.Thread, said.Shown())
			}
			has := h.evidence(key)
			var words bot.Exhibit
			for name, x := range has {
				if strings.HasPrefix(name, "message-") {
					words = x
				}
				if x.By != bot.Support {
					t.Errorf("%s was brought by %s", name, x.By)
				}
			}
			if len(has) != 2 || has["scan.png"].Type != "image/png" || words.Type != "text/plain" {
				t.Fatalf("evidence: %+v", has)
			}
			r, err := blobs.Open(t.Context(), words.Hash)
			h.must(err)
			if text, err := io.ReadAll(r); err != nil || !strings.HasPrefix(string(text), "Jonas wrote on Slack, 20") ||
				!strings.HasSuffix(string(text), " UTC:\n\nThe carrier @here sent me this.\n") {
				t.Errorf("kept: %q, %v", text, err)
			}
			h.makeEvidence(ts, "The buyer and the seller too")
			h.slack.Await(desk, "This is in case C-")
			if got := h.evidence(key); len(got) != 2 {
				t.Errorf("the same again: %+v", got)
			}
			for _, d := range h.deliveries("pocket:b-1") {
				if len(d.Reply.Files) > 0 || strings.Contains(d.Reply.Quote, "carrier") {
					t.Errorf("it reached the buyer: %+v", d.Reply)
				}
			}
			if replay, err := h.engine.Replay(t.Context(), key); err != nil || !replay.Same {
				t.Errorf("replay: %+v %v", replay, err)
			}
		})
	}
}

// TestMakeEvidenceElsewhere: outside a thread the case is asked for, by its name or its order's number, and what both
// sides may see they are sent.
func TestMakeEvidenceElsewhere(t *testing.T) {
	t.Parallel()
	var blobs bot.Blobs
	h := newHarness(t, true, withBlobs(t, &blobs))
	key, card := h.dispute("81000092")
	ts := h.slack.Say("UJONAS", desk, "", "Lumen has moved, says the register")
	h.slack.Shortcut("UMIRA", desk, ts, makeEvidence)
	v := h.slack.AwaitView("UMIRA")
	for _, no := range []string{"C-0000", "81000099", "; drop"} {
		v.Fill("Which case", no).Send()
		if why := v.Errors["which"]; !strings.Contains(why, "no open case") {
			t.Errorf("%q: the form says %q", no, v.Errors)
		}
	}
	v.Fill("Which case", " #81000092 ").Send()
	v.Fill("Whose side", "Neither, we found it ourselves").Fill("Who sees it?", "The buyer and the seller too").Send()
	v.Send()
	got := h.reads("b-1", "Our support team adds to this case: 1 document.")
	if got.Quote != "Lumen has moved, says the register" || len(got.Files) != 1 {
		t.Errorf("the buyer reads %+v", got)
	}
	h.reads("s-1", "Our support team adds to this case: 1 document.")
	if said := h.slack.Await(desk, "I've sent it to the buyer and the seller."); said.Thread != card.TS {
		t.Errorf("it is answered in %q", said.Thread)
	}
	if got := h.evidence(key); len(got) != 1 {
		t.Errorf("evidence: %+v", got)
	}
	h.tap("b-1", "Withdraw my request")
	h.tap("b-1", "Yes, withdraw it")
	h.slack.Until("it is closed", func() bool { return h.state(key) == "withdrawn" })
	h.slack.Shortcut("UMIRA", desk, h.slack.Say("UMIRA", desk, card.TS, "late"), makeEvidence)
	which := []string{"Which case is it evidence of? Its name (C-…) or the order's number."}
	if v := h.slack.AwaitView("UMIRA"); !slices.Equal(v.Labels(), which) {
		t.Errorf("a closed case asks for %q", v.Labels())
	}
}

// TestMakeEvidenceRefused: the wrong people hear so, and the case notes it; our own words, and messages from elsewhere, are no
// evidence; a new life has forgotten what a form was about, and says so.
func TestMakeEvidenceRefused(t *testing.T) {
	t.Parallel()
	var blobs bot.Blobs
	h := newHarness(t, false, withBlobs(t, &blobs))
	h.slack.Channel("C0OTHER", "UMIRA", "UOUT")
	key, card := h.dispute("81000093")
	ts := h.slack.Say("UMIRA", desk, card.TS, "the truth")
	for i, user := range []string{"UGUEST", "UFAR"} {
		h.slack.Shortcut(user, desk, ts, makeEvidence)
		h.slack.Until(user+" hears why not", func() bool { return len(h.slack.Whispers(desk, user)) == 1 })
		if n := h.notes(key, "evidence_kept")[bot.RefusedNotYours]; n != i+1 {
			t.Errorf("%s: the case notes %d", user, n)
		}
	}
	h.slack.Shortcut("UGUEST", desk, h.slack.Say("UJONAS", desk, "", "lunch?"), makeEvidence)
	h.slack.Until("the guest hears it outside a thread too", func() bool {
		w := h.slack.Whispers(desk, "UGUEST")
		return len(w) == 2 && strings.Contains(w[1].Shown(), "Only the support team")
	})
	h.slack.Shortcut("UMIRA", desk, card.TS, makeEvidence)
	h.slack.Until("Mira hears that it is ours", func() bool {
		w := h.slack.Whispers(desk, "UMIRA")
		return len(w) == 1 && strings.Contains(w[0].Shown(), "This is a message of mine")
	})
	for user, want := range map[string]string{"UMIRA": "Only messages of the support channel", "UOUT": "Only the support team"} {
		h.slack.Shortcut(user, "C0OTHER", h.slack.Say("UOUT", "C0OTHER", "", "gossip"), makeEvidence)
		if v := h.slack.AwaitView(user); !strings.Contains(v.Shown(), want) || v.Submit() != "" {
			t.Errorf("%s sees %s", user, v)
		}
	}
	h.slack.Shortcut("UMIRA", desk, ts, "something_else")
	program := map[string][]byte{"run.exe": []byte("MZ\x90\x00\x03 not a picture")}
	h.slack.Shortcut("UJONAS", desk, h.slack.SayWith("UMIRA", desk, card.TS, "", program), makeEvidence)
	v := h.slack.AwaitView("UJONAS").Fill("Whose side", "The buyer").Fill("Who sees it?", "Only our team")
	v.Send()
	v.Send()
	if why := v.Errors["kept_as"]; !strings.Contains(why, "of a kind that cannot be evidence") {
		t.Errorf("a program: the form says %q", v.Errors)
	}
	h.stop()
	h.start()
	v.Send()
	if why := v.Errors["kept_as"]; !strings.Contains(why, "started anew") {
		t.Errorf("after a restart: the form says %q", v.Errors)
	}
	if got := h.evidence(key); len(got) != 0 {
		t.Errorf("evidence: %+v", got)
	}
}

// TestNoteWithFile: what an agent uploads into a thread is kept with the note and stays inside; what others upload there is
// nobody's business.
func TestNoteWithFile(t *testing.T) {
	t.Parallel()
	var blobs bot.Blobs
	h := newHarness(t, false, withBlobs(t, &blobs))
	key, card := h.dispute("81000094")
	ts := h.slack.SayWith("UMIRA", desk, card.TS, "", map[string][]byte{"call.png": png})
	h.slack.SayWith("UGUEST", desk, card.TS, "mine", map[string][]byte{"spam.png": png})
	h.slack.Until("the note is kept", func() bool { return h.notes(key, "note_added")[bot.RefusedColleagueNote] == 1 })
	h.slack.Until("the note is ticked", func() bool {
		return slices.ContainsFunc(h.slack.Thread(desk, card.TS),
			func(m slacktest.Message) bool { return m.TS == ts && len(m.Ticks) == 1 })
	})
	if got := h.evidence(key); len(got) != 1 || got["call.png"].By != bot.Support {
		t.Fatalf("kept: %+v", got)
	}
	entries, err := h.store.Journal(t.Context(), key, 0, 1000)
	h.must(err)
	if last := entries[len(entries)-1]; len(last.Event.Files) != 1 || last.Event.Actor != "support:UMIRA" {
		t.Errorf("the journal has %+v", last.Event)
	}
	h.slack.SayWith("UMIRA", desk, card.TS, "and this", map[string][]byte{"run.exe": []byte("MZ\x90\x00\x03 not a picture")})
	h.slack.Until("she hears that it is not kept", func() bool {
		w := h.slack.Whispers(desk, "UMIRA")
		return len(w) == 1 && strings.Contains(w[0].Shown(), "A file of your note is not kept")
	})
	h.slack.Shortcut("UJONAS", desk, ts, makeEvidence)
	v := h.slack.AwaitView("UJONAS").Fill("Whose side", "The buyer").Fill("Who sees it?", "The buyer and the seller too")
	v.Send()
	v.Send()
	if got := h.reads("b-1", "adds to this case"); len(got.Files) != 1 {
		t.Errorf("the buyer is sent %+v", got.Files)
	}
	for _, d := range h.deliveries("pocket:s-1") {
		if bytes.Contains([]byte(d.Reply.Text+d.Reply.Quote), []byte("and this")) {
			t.Errorf("a note reached the seller: %+v", d.Reply)
		}
	}
	if replay, err := h.engine.Replay(t.Context(), key); err != nil || !replay.Same {
		t.Errorf("replay: %+v %v", replay, err)
	}
}
