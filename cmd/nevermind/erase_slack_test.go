package main

import (
	"fmt"
	"testing"

	"nevermind/adapters/slack/slacktest"
)

// TestErasedSellerOnSlack: what a seller has written on Slack, in letters, forms, files and their profile, goes with them; the
// request replays, and reads for the buyer.
func TestErasedSellerOnSlack(t *testing.T) {
	t.Parallel()
	slackSellerLeaves(t)
}

// TestErasedSellerOnSlackOnPostgres: the same where all of it is in a database.
func TestErasedSellerOnSlackOnPostgres(t *testing.T) {
	t.Parallel()
	onlyInCI(t)
	slackSellerLeaves(t, inDatabase(t)...)
}

func slackSellerLeaves(t *testing.T, store ...string) {
	b := openBureauOn(t, store, false, noUndo, slacktest.Person{ID: "ULUMEN", Name: canaryOf(2) + " Lumen", Locale: "en-US"})
	b.call("POST", "/v1/links", fmt.Sprintf(`{"role":"seller","id":"s-9","name":"%s House"}`, canaryOf(1)))
	b.ana.Type("cancel 900001")
	b.taps("I don't need it any more")
	b.taps("Yes, ask the seller")
	card := b.button(b.seller, "Say no")
	for n := 3; n < 200; n += 50 {
		b.Press("ULUMEN", b.button(b.seller, "Write to the buyer"), "Write to the buyer")
		fill(b.AwaitView("ULUMEN").Fill("What would you like to tell", canariesOf(n, n+50)))
		b.hears(canaryOf(n + 49))
	}
	b.SayWith("ULUMEN", b.seller, card.TS, canaryOf(203),
		map[string][]byte{canaryOf(204) + ".jpg": []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 " + canaryOf(205))})
	b.hears(canaryOf(203))
	b.taps("Answer")
	b.hears("What's your answer?")
	b.ana.Type("THEIR-ANSWER")
	b.Await(b.seller, "THEIR-ANSWER")
	who := leaving{t: t, s: b.s, log: b.log, data: b.data, key: apiKey, store: store,
		flag: "--seller", id: "s-9", account: "ULUMEN", state: "withdrawn", files: 1}
	who.mayNot("is open, until", "nothing can be erased before")
	b.Press("ULUMEN", card, "Say no")
	v := b.AwaitView("ULUMEN").Fill("Why not?", "Something else").Fill("Please say why", canaryOf(206))
	v.Send()
	v.Send()
	b.hears(canaryOf(206))
	b.taps("Keep the order")
	b.taps("Yes, keep it")
	b.Await(b.seller, "no longer wants to cancel")
	b.Settle()
	who.leavesNothing()
}

// TestErasedAgent: what an agent has written goes with them: notes with their files, letters to either side, why a case waits,
// the reasons of a verdict. The case replays, and reads for both sides.
func TestErasedAgent(t *testing.T) {
	t.Parallel()
	agentLeaves(t)
}

// TestErasedAgentOnPostgres: the same where all of it is in a database.
func TestErasedAgentOnPostgres(t *testing.T) {
	t.Parallel()
	onlyInCI(t)
	agentLeaves(t, inDatabase(t)...)
}

func agentLeaves(t *testing.T, store ...string) {
	b := openBureauOn(t, store, true, noUndo, slacktest.Person{ID: "UMIRA", Name: canaryOf(2) + " Mira", Locale: "en-GB"})
	card := b.escalate()
	b.Press("UMIRA", card, "Take it")
	b.Await(deskChannel, canaryOf(2))
	for n := 3; n < 200; n += 50 {
		b.Press("UMIRA", b.button(deskChannel, "Write to the buyer"), "Write to the buyer")
		fill(b.AwaitView("UMIRA").Fill("What would you like to tell Ana?", canariesOf(n, n+50)))
		b.hears(canaryOf(n + 49))
	}
	b.taps("Answer")
	b.hears("What's your answer?")
	b.ana.Type("THEIR-ANSWER")
	b.Await(deskChannel, "THEIR-ANSWER")
	b.Press("UMIRA", b.button(deskChannel, "Write to the seller"), "Write to the seller")
	fill(b.AwaitView("UMIRA").Fill("What would you like to tell", canaryOf(203)))
	b.Await(b.seller, canaryOf(203))
	ts := b.SayWith("UMIRA", deskChannel, card.TS, canaryOf(204),
		map[string][]byte{canaryOf(205) + ".jpg": []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 " + canaryOf(206))})
	b.Until("the note is kept", func() bool {
		for _, m := range b.Thread(deskChannel, card.TS) {
			if m.TS == ts && len(m.Ticks) == 1 {
				return true
			}
		}
		return false
	})
	b.Shortcut("UMIRA", deskChannel, ts, "make_evidence")
	fill(b.AwaitView("UMIRA").Fill("Whose side", "The seller").Fill("Who sees it?", "The buyer and the seller too"))
	b.Await(deskChannel, "Kept as evidence of case C-")
	b.Press("UMIRA", b.button(deskChannel, "Snooze…"), "Snooze…")
	fill(b.AwaitView("UMIRA").Fill("Until when?", "For an hour").Fill("What are you waiting for?", canaryOf(207)))
	b.Await(deskChannel, canaryOf(207))
	who := leaving{t: t, s: b.s, log: b.log, data: b.data, key: apiKey, store: store,
		flag: "--agent", id: "UMIRA", account: "T0:UMIRA", state: "refused"}
	who.mayNot("is open, until", "nothing can be erased before")
	b.Press("UMIRA", b.button(deskChannel, "Refuse"), "Refuse")
	fill(b.AwaitView("UMIRA").Fill("What are your reasons?", canaryOf(208)))
	b.hears(canaryOf(208))
	b.Settle()
	who.leavesNothing()
}

// fill sends a filled form, and once more what it shows then.
func fill(v *slacktest.View) {
	v.Send()
	v.Send()
}
