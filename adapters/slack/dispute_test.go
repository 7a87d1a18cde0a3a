package slack_test

import (
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// TestDispute goes from escalation to a partial refund, both ways in.
func TestDispute(t *testing.T) {
	for name, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, http)
			key, card := h.dispute("81000001")
			if n := len(h.slack.Messages(desk)); n != 1 {
				t.Errorf("%d messages in the channel for one case:\n%s", n, h.slack.Show())
			}
			h.slack.Press("UMIRA", card, "Partial refund")
			v := h.slack.AwaitView("UMIRA")
			v.Fill("How much goes back?", "99").Fill("What happens to the order?", "It goes on")
			v.Fill("What are your reasons? The buyer and the seller will read them.", "Half is fair <!here>.").Send()
			if why := v.Errors["amount"]; !strings.Contains(why, "24.90 USD at most") {
				t.Fatalf("99 USD: the form says %q", v.Errors)
			}
			v.Fill("How much goes back?", "10").Send()
			for _, want := range []string{"Please look once more", "10", "It goes on", "Half is fair <!here>.", "The decision is final",
				"Ana will read: “I know this isn't all you hoped for. Our support team has decided that you get 10.00 USD back.",
				"Lumen will read: ",
			} {
				if !strings.Contains(v.Shown(), want) {
					t.Errorf("the last look does not show %q:\n%s", want, v)
				}
			}
			if v.Submit() != "Yes, decide this" || strings.Contains(v.Private(), "Half") || strings.Contains(v.Private(), "Mira") {
				t.Errorf("the last look ends in %q and carries %q", v.Submit(), v.Private())
			}
			v.Fill("How much goes back?", "12").Send()
			if h.state(key) != "with_support" || !strings.Contains(v.Shown(), "12") {
				t.Fatalf("what was changed after the last look went out unseen")
			}
			_, ana, _ := strings.Cut(v.Shown(), "Ana will read: “")
			ana, lumen, _ := strings.Cut(ana, "”\n• Lumen will read: “")
			lumen, _, both := strings.Cut(lumen, "”\n")
			if !both || !strings.Contains(ana, "12.00 USD") || !strings.Contains(lumen, "12.00 USD") {
				t.Errorf("before it is sent, the form shows for Ana %q and for Lumen %q", ana, lumen)
			}
			v.Send()
			h.reads("b-1", ana)
			h.reads("s-1", lumen)
			var o bot.Order
			h.slack.Until("the shop is asked", func() bool {
				var err error
				o, err = h.store.Order(t.Context(), "81000001")
				return err != nil || len(o.Book) > 0
			})
			if len(o.Book) != 1 || o.Book[0].Amount.String() != "12.00 USD" {
				t.Errorf("the shop was asked for %v", o.Book)
			}
			h.slack.Until("the card has moved on", func() bool { return !has(h.card("81000001"), "Partial refund") })
			if n := len(h.slack.Messages(desk)); n != 1 {
				t.Errorf("%d messages in the channel for one case:\n%s", n, h.slack.Show())
			}
			if r, err := h.engine.Replay(t.Context(), key); err != nil || !r.Same {
				t.Errorf("replay: %+v %v", r, err)
			}
		})
	}
}

func has(m *slacktest.Message, label string) bool {
	return slices.ContainsFunc(m.Buttons(), func(b slacktest.Button) bool { return b.Label == label })
}

// TestNoteAndLetter: what is typed in the thread stays inside; only the form sends, and the thread shows where it went.
func TestNoteAndLetter(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	key, card := h.dispute("81000002")
	h.slack.Say("UMIRA", desk, "", "full refund for everybody")
	ts := h.slack.Say("UMIRA", desk, card.TS, "Full refund")
	h.slack.Edit("UMIRA", desk, ts, "Full refund, I think &lt;3")
	h.slack.Say("UOUT", desk, card.TS, "not one of us")
	h.slack.Say("UJONAS", desk, h.slack.Say("UJONAS", desk, "", "lunch?"), "yes please")
	gone := h.slack.Say("UMIRA", desk, card.TS, "never mind me")
	h.slack.Until("the notes are kept", func() bool {
		return h.notes(key, "note_added")[bot.RefusedColleagueNote] == 2 && h.notes(key, "note_changed")[bot.RefusedColleagueNote] == 1
	})
	h.slack.Until("the notes are ticked", func() bool {
		ticks := 0
		for _, m := range h.slack.Thread(desk, card.TS) {
			ticks += len(m.Ticks)
			if len(m.Ticks) > 0 && m.User != "UMIRA" {
				t.Errorf("ticked: %q", m.Text)
			}
		}
		return ticks == 2
	})
	h.slack.Delete("UMIRA", desk, gone)
	h.slack.Until(
		"what was taken back is marked",
		func() bool { return h.notes(key, "note_deleted")[bot.RefusedColleagueNote] == 1 },
	)
	before := len(h.slack.Thread(desk, card.TS))
	h.slack.Press("UMIRA", card, "Write to the buyer")
	v := h.slack.AwaitView("UMIRA").Fill("What would you like to tell Ana?", "We look into it.")
	v.Send()
	if !strings.Contains(v.Shown(), "> We look into it.") || v.Submit() != "Send it" {
		t.Errorf("the letter is not shown before it goes out:\n%s", v)
	}
	if h.told["pocket:b-1"][len(h.told["pocket:b-1"])-1].Reply.Quote != "" {
		t.Error("it went out before it was meant to")
	}
	v.Send()
	h.reads("b-1", "We look into it.")
	h.slack.Until("the thread shows the letter", func() bool {
		return slices.ContainsFunc(h.slack.Thread(desk, card.TS), func(m slacktest.Message) bool {
			return strings.Contains(m.Shown(), "Sent to Ana.") && strings.Contains(m.Shown(), "> We look into it.")
		})
	})
	if got := len(h.slack.Thread(desk, card.TS)); got != before+1 {
		t.Errorf("%d messages in the thread, want one more than %d:\n%s", got, before, h.slack.Show())
	}
	for _, d := range h.told["pocket:b-1"] {
		if strings.Contains(d.Reply.Text+d.Reply.Quote, "I think") {
			t.Errorf("a note reached the buyer: %q", d.Reply.Text)
		}
	}
	for _, m := range h.slack.Messages(desk) {
		if m.User == slacktest.BotUser && m.TS != card.TS {
			t.Errorf("chatter was answered: %s", m.Shown())
		}
	}
}

// TestWhoMayPress: only members of the channel who belong to the team, as Slack has them just now.
func TestWhoMayPress(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true)
	key, card := h.dispute("81000003")
	for i, user := range []string{"UGUEST", "UFAR", "UOUT"} {
		if user == "UOUT" { // was here once
			h.slack.Join("UOUT", desk)
			h.slack.Leave("UOUT", desk)
		}
		h.slack.Press(user, card, "Full refund")
		h.slack.Until(user+" is refused", func() bool { return h.notes(key, "full_decided")[bot.RefusedNotYours] == i+1 })
	}
	h.slack.Until("they hear why", func() bool {
		return len(h.slack.Whispers(desk, "UGUEST")) == 1 && len(h.slack.Whispers(desk, "UFAR")) == 1
	})
	if w := h.slack.Whispers(desk, "UGUEST")[0]; !strings.Contains(w.Shown(), "is for somebody else") {
		t.Errorf("the guest reads %q", w.Shown())
	}
	h.slack.Press("UJONAS", card, "Full refund")
	h.slack.AwaitView("UJONAS")
	who, err := h.store.PersonAt(t.Context(), "slack:T0NEVER/UJONAS")
	if err != nil || who.ID != "support:UJONAS" || who.Name != "Jonas" {
		t.Errorf("Jonas is %+v, %v", who, err)
	}
	h.slack.Leave("UJONAS", desk)
	h.slack.Press("UJONAS", card, "Refuse")
	h.slack.Until("one who has left is refused", func() bool { return h.notes(key, "refused_decided")[bot.RefusedNotYours] == 1 })
	v := h.slack.View(
		"UJONAS",
	).Fill(
		"What happens",
		"It goes on",
	).Fill(
		"What are your reasons? The buyer and the seller will read them.",
		"because",
	)
	v.Send()
	h.slack.Until("a form he had open is refused", func() bool { return h.notes(key, "full_decided")[bot.RefusedNotYours] == 4 })
	if got := h.state(key); got != "with_support" {
		t.Errorf("the case stands at %s", got)
	}
}

// TestConcurrentVerdicts: of two in the same moment one counts, and the other hears why not.
func TestConcurrentVerdicts(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	key, card := h.dispute("81000004")
	var forms []*slacktest.View
	for user, label := range map[string]string{"UMIRA": "Full refund", "UJONAS": "Refuse"} {
		h.slack.Press(user, card, label)
		v := h.slack.AwaitView(user).Fill("What are your reasons? The buyer and the seller will read them.", "I have read it all.")
		if user == "UMIRA" {
			v.Fill("What happens", "It goes on")
		}
		v.Send()
		forms = append(forms, v)
	}
	done := make(chan struct{})
	for _, v := range forms {
		go func() { v.Send(); done <- struct{}{} }()
	}
	<-done
	<-done
	h.slack.Until("one heard why not", func() bool {
		return len(h.slack.Whispers(desk, "UMIRA"))+len(h.slack.Whispers(desk, "UJONAS")) == 1
	})
	full, refused, late := h.notes(key, "full_decided")[""], h.notes(key, "refused_decided")[""], h.notes(key, "")[bot.RefusedLate]
	if full+refused != 1 || late != 1 {
		t.Errorf("verdicts: %d full, %d refused, %d late", full, refused, late)
	}
}

// TestExpiredTrigger: a form that comes too late says so, and nothing has happened.
func TestExpiredTrigger(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true)
	key, card := h.dispute("81000005")
	p := h.slack.Pressing("UMIRA", card, "Full refund")
	h.move(4e9)
	p.Send()
	h.slack.Until("Mira hears that it was too slow", func() bool {
		w := h.slack.Whispers(desk, "UMIRA")
		return len(w) == 1 && strings.Contains(w[0].Shown(), "press the button again")
	})
	if h.slack.View("UMIRA") != nil || h.state(key) != "with_support" {
		t.Error("something happened all the same")
	}
}

// TestNoteBeforeCardIsKnown: a note below a card that the engine does not know yet, since nobody heard that it was posted,
// is stored when Slack sends it again.
func TestNoteBeforeCardIsKnown(t *testing.T) {
	t.Parallel()
	for name, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, http)
			h.slack.Retry(1000, 0)
			early := false
			h.slack.Posted(func(m slacktest.Message) {
				if m.Channel == desk && m.Thread == "" && !early {
					early = true
					h.slack.Say("UMIRA", desk, m.TS, "seen at once")
				}
			})
			key, _ := h.dispute("81000006")
			h.slack.Until("the note is kept", func() bool {
				h.slack.Again()
				return h.notes(key, "note_added")[bot.RefusedColleagueNote] == 1
			})
			if h.meter.count("notes_early slack") == 0 {
				t.Error("the note was not early")
			}
		})
	}
}
