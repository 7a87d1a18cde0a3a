package main

import (
	"bytes"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
)

// The parties through serve: a buyer on Telegram, a seller and support on Slack, both platforms' fakes at once.

const noUndo = "windows: {undo: none}\n"

// TestPartiesEvidence: a photo from a Telegram chat is seen in the case's thread on Slack; a note stays inside, a letter goes
// out and shows where it went; a colleague's file becomes evidence that both sides are sent.
func TestPartiesEvidence(t *testing.T) {
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) {
			b := openBureau(t, socket, noUndo)
			card := b.escalate()
			jpeg := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a lamp, broken")
			b.taps("Add something")
			b.hears("What should support know?")
			b.ana.Photo(jpeg, "This is how it looks.")
			b.Until("the thread shows the photo", func() bool {
				for _, m := range b.Thread(deskChannel, card.TS) {
					if len(m.Files) == 1 && bytes.Equal(m.Files[0].Content, jpeg) {
						return true
					}
				}
				return false
			})
			ts := b.SayWith("UMIRA", deskChannel, card.TS, "I do not believe her", map[string][]byte{"call.jpg": []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a call")})
			b.Until("the note is kept", func() bool {
				for _, m := range b.Thread(deskChannel, card.TS) {
					if m.TS == ts && len(m.Ticks) == 1 {
						return true
					}
				}
				return false
			})
			b.Press("UMIRA", b.button(deskChannel, "Write to the buyer"), "Write to the buyer")
			v := b.AwaitView("UMIRA").Fill("What shall I tell Ana?", "Was it on when you unpacked it?")
			v.Send()
			v.Send()
			b.hears("Was it on when you unpacked it?")
			if m := b.Await(deskChannel, "Sent to Ana."); m.Thread != card.TS || !strings.Contains(m.Shown(), "> Was it on when") {
				t.Errorf("the thread shows %q in %q", m.Shown(), m.Thread)
			}
			b.stayed("believe her")
			b.Shortcut("UJONAS", deskChannel, ts, "make_evidence")
			v = b.AwaitView("UJONAS").Fill("Whose side", "The seller").Fill("Who sees it?", "Only our team")
			v.Send()
			v.Send()
			b.Await(deskChannel, "Kept as evidence of case C-")
			b.stayed("believe her")
			b.Press("UMIRA", b.button(deskChannel, "The whole conversation"), "The whole conversation")
			b.whispered("UMIRA", "“This is how it looks.” (1 photo)")
		})
	}
}

// TestPartiesWrongPerson: a guest in the channel hears alone that the button is not theirs, and nothing happens.
func TestPartiesWrongPerson(t *testing.T) {
	b := openBureau(t, false, noUndo)
	card := b.escalate()
	b.Press("UGUEST", card, "Full refund")
	b.whispered("UGUEST", "That button was offered to somebody else")
	b.Press("ULUMEN", card, "Full refund") // the seller is no agent
	if m := b.button(deskChannel, "Full refund"); m.TS != card.TS {
		t.Errorf("the card has moved")
	}
	b.partial("UMIRA", "5", "Half a lamp.")
	b.hears("5.00 USD")
}

// TestPartiesSecondPerson: above the limit a second person confirms, never the one who has decided; until then nobody outside
// hears of it.
func TestPartiesSecondPerson(t *testing.T) {
	b := openBureau(t, true, noUndo+"second_person_above: \"10.00 USD\"\n")
	b.escalate()
	b.partial("UMIRA", "12,50", "Half each.")
	wait := b.button(deskChannel, "Confirm it")
	b.Press("UMIRA", wait, "Confirm it")
	b.Await(deskChannel, "somebody else has to confirm it")
	b.stayed("Half each.")
	b.Press("UJONAS", b.button(deskChannel, "Confirm it"), "Confirm it")
	b.hears("12.50 USD")
	b.Await(b.seller, "12.50 USD")
	b.Await(deskChannel, "Decided by Mira, confirmed by Jonas.")
}

// TestPartiesTwoVerdicts: two agents send different verdicts in the same moment: one counts, and the other sees why not.
func TestPartiesTwoVerdicts(t *testing.T) {
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) {
			b := openBureau(t, socket, noUndo)
			card := b.escalate()
			var forms []*slacktest.View
			for user, label := range map[string]string{"UMIRA": "Full refund", "UJONAS": "Refuse"} {
				b.Press(user, card, label)
				v := b.AwaitView(user).Fill("What are the grounds?", "Read and weighed by "+user)
				if label == "Full refund" {
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
			b.hears("Read and weighed by ")
			lost := "UJONAS"
			if strings.Contains(b.ana.Last().Text, "UJONAS") {
				lost = "UMIRA"
			}
			b.whispered(lost, "That belongs to an earlier step")
			b.stayed("weighed by " + lost)
		})
	}
}

// TestPartiesHome: the seller's Home tab shows what waits for them and leads there; an agent's has what nobody has, what is
// theirs and what breaches soon, a filter each, and the numbers of today.
func TestPartiesHome(t *testing.T) {
	b := openBureau(t, true, "windows: {undo: none, support_answer: 3h}\n")
	shows := func(user string, all ...string) {
		t.Helper()
		b.Until(user+"'s tab shows "+all[0], func() bool {
			m := b.Home(user)
			for _, words := range all {
				if m == nil || !strings.Contains(m.Shown(), words) {
					return false
				}
			}
			return true
		})
	}
	filter := func(user, label string) { t.Helper(); b.Press(user, b.Home(user), label) }
	b.OpenHome("ULUMEN")
	shows("ULUMEN", "Your requests", "0 wait for your answer  ·  0 open otherwise", "Nothing waits for your answer.")
	b.ana.Type("cancel 900001")
	for _, label := range []string{"I don't need it any more", "Leave it out", "Yes, ask the seller"} {
		b.taps(label)
	}
	card := b.button(b.seller, "Say no")
	shows("ULUMEN", "1 wait for your answer  ·  0 open otherwise", "Bamboo lamp · 24.90 USD", "buyer Ana", "until ")
	for title, at := range b.Home("ULUMEN").Links() {
		if !strings.HasSuffix(at, "/archives/"+b.seller+"/p"+strings.ReplaceAll(card.TS, ".", "")) {
			t.Errorf("%s leads to %s", title, at)
		}
	}
	b.Press("ULUMEN", card, "Say no")
	v := b.AwaitView("ULUMEN").Fill("Why not?", "It is packed already.")
	v.Send()
	v.Send()
	b.taps("Let support decide")
	shows("ULUMEN", "0 wait for your answer  ·  1 open otherwise")
	filter("ULUMEN", "Open otherwise · 1")
	shows("ULUMEN", "Bamboo lamp · 24.90 USD")
	card = b.button(deskChannel, "Take it")
	b.OpenHome("UMIRA")
	shows("UMIRA", "1 wait for us  ·  1 unclaimed  ·  1 breaching soon  ·  1 opened today", "Bamboo lamp")
	filter("UMIRA", "Breaching soon · 1")
	shows("UMIRA", "Support is reminded; nothing runs out for the others meanwhile.")
	b.Press("UMIRA", card, "Take it")
	shows("UMIRA", "1 wait for us  ·  0 unclaimed")
	filter("UMIRA", "My cases · 1")
	shows("UMIRA", "Mira has it")
	filter("UMIRA", "Unclaimed · 0")
	shows("UMIRA", "Every case that waits has somebody.")
	b.OpenHome("UJONAS")
	shows("UJONAS", "1 wait for us  ·  0 unclaimed", "Every case that waits has somebody.")
	filter("UJONAS", "All that wait · 1")
	shows("UJONAS", "Mira has it")
}
