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
