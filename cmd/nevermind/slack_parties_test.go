package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/slack/slacktest"
)

// The parties through serve: a buyer on Telegram, a seller and support on Slack, both platforms' fakes at once.

const noUndo = "windows: {undo: none}\n"

// TestPartiesEvidence: a photo from a Telegram chat is seen in the case's thread on Slack; a note stays inside, a letter goes
// out and shows where it went; a colleague's file becomes evidence that both sides are sent.
func TestPartiesEvidence(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, socket, noUndo)
			card := b.escalate()
			jpeg := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a lamp, broken")
			b.taps("Add something")
			b.hears("What should our support team know?")
			b.ana.Photo(jpeg, "This is how it looks.")
			b.Until("the thread shows the photo", func() bool {
				for _, m := range b.Thread(deskChannel, card.TS) {
					if len(m.Files) == 1 && bytes.Equal(m.Files[0].Content, jpeg) {
						return true
					}
				}
				return false
			})
			ts := b.SayWith(
				"UMIRA",
				deskChannel,
				card.TS,
				"I do not believe her",
				map[string][]byte{"call.jpg": []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a call")},
			)
			b.Until("the note is kept", func() bool {
				for _, m := range b.Thread(deskChannel, card.TS) {
					if m.TS == ts && len(m.Ticks) == 1 {
						return true
					}
				}
				return false
			})
			b.Press("UMIRA", b.button(deskChannel, "Write to the buyer"), "Write to the buyer")
			v := b.AwaitView("UMIRA").Fill("What would you like to tell Ana?", "Was it on when you unpacked it?")
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
	t.Parallel()
	b := openBureau(t, false, noUndo)
	card := b.escalate()
	b.Press("UGUEST", card, "Full refund")
	b.whispered("UGUEST", "That button is for somebody else")
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
	t.Parallel()
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
	t.Parallel()
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, socket, noUndo)
			card := b.escalate()
			var forms []*slacktest.View
			for user, label := range map[string]string{"UMIRA": "Full refund", "UJONAS": "Refuse"} {
				b.Press(user, card, label)
				v := b.AwaitView(user).Fill("What are your reasons? The buyer and the seller will read them.", "Read and weighed by "+user)
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
			b.whispered(lost, "That button is out of date")
			b.stayed("weighed by " + lost)
		})
	}
}

// TestPartiesHome: the seller's Home tab shows what waits for them and leads there; an agent's has what nobody has, what is
// theirs and what breaches soon, a filter each, and the numbers of today.
func TestPartiesHome(t *testing.T) {
	t.Parallel()
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
	shows("ULUMEN", "Your requests", "Waiting for your answer: 0  ·  Other open requests: 0", "Nothing waits for your answer.")
	b.ana.Type("cancel 900001")
	for _, label := range []string{"I don't need it any more", "Yes, ask the seller"} {
		b.taps(label)
	}
	card := b.button(b.seller, "Say no")
	shows("ULUMEN", "Waiting for your answer: 1  ·  Other open requests: 0", "Bamboo lamp · 24.90 USD", "Buyer: Ana", "Until ")
	for title, at := range b.Home("ULUMEN").Links() {
		if !strings.HasSuffix(at, "/archives/"+b.seller+"/p"+strings.ReplaceAll(card.TS, ".", "")) {
			t.Errorf("%s leads to %s", title, at)
		}
	}
	b.Press("ULUMEN", card, "Say no")
	v := b.AwaitView("ULUMEN").Fill("Why not?", "Something else").Fill("Please say why", "It is packed already.")
	v.Send()
	v.Send()
	b.taps("Let support decide")
	shows("ULUMEN", "Waiting for your answer: 0  ·  Other open requests: 1")
	filter("ULUMEN", "Other open requests · 1")
	shows("ULUMEN", "Bamboo lamp · 24.90 USD")
	card = b.button(deskChannel, "Take it")
	b.OpenHome("UMIRA")
	shows("UMIRA", "Waiting for us: 1  ·  Not taken yet: 1  ·  Due soon: 1  ·  ",
		"Requests this week: 1  ·  Refunded already: 0",
		"Bamboo lamp")
	filter("UMIRA", "Due soon · 1")
	shows("UMIRA", "If nobody has answered by ")
	b.Press("UMIRA", card, "Take it")
	shows("UMIRA", "Waiting for us: 1  ·  Not taken yet: 0")
	filter("UMIRA", "My cases · 1")
	shows("UMIRA", "Taken by Mira")
	filter("UMIRA", "Not taken yet · 0")
	shows("UMIRA", "Every case that waits has somebody.")
	b.OpenHome("UJONAS")
	shows("UJONAS", "Waiting for us: 1  ·  Not taken yet: 0", "Every case that waits has somebody.")
	filter("UJONAS", "All that wait · 1")
	shows("UJONAS", "Taken by Mira")
}

// TestSlackForged: what Slack has not signed is refused by serve, counted for the operator, and changes nothing; an empty
// signing secret does not start.
func TestSlackForged(t *testing.T) {
	t.Parallel()
	b := openBureau(t, false, noUndo)
	card := b.escalate()
	payload, err := json.Marshal(b.Pressing("UMIRA", card, "Full refund").Payload)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(url.Values{"payload": {string(payload)}}.Encode())
	at := b.s.url + "/slack/interactions"
	signed := func(change func(h http.Header)) http.Header {
		h := b.Sign(body)
		h.Set("Content-Type", "application/x-www-form-urlencoded")
		change(h)
		return h
	}
	resigned := func(when time.Time, secret string) func(http.Header) {
		return func(h http.Header) {
			stamp := strconv.FormatInt(when.Unix(), 10)
			mac := hmac.New(sha256.New, []byte(secret))
			io.WriteString(mac, "v0:"+stamp+":"+string(body))
			h.Set("X-Slack-Request-Timestamp", stamp)
			h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
		}
	}
	forged := map[string]http.Header{
		"not signed":          {},
		"forged":              signed(func(h http.Header) { h.Set("X-Slack-Signature", "v0="+strings.Repeat("a", 64)) }),
		"with an empty key":   signed(resigned(time.Now(), "")),
		"with another key":    signed(resigned(time.Now(), "another")),
		"old":                 signed(resigned(time.Now().Add(-6*time.Minute), slacktest.Secret)),
		"of tomorrow":         signed(resigned(time.Now().Add(6*time.Minute), slacktest.Secret)),
		"a doubled signature": signed(func(h http.Header) { h.Add("X-Slack-Signature", h.Get("X-Slack-Signature")) }),
		"a doubled time":      signed(func(h http.Header) { h.Add("X-Slack-Request-Timestamp", h.Get("X-Slack-Request-Timestamp")) }),
	}
	for name, header := range forged {
		if status, _ := b.Post(at, header, body); status != 401 {
			t.Errorf("%s: got %d, want 401", name, status)
		}
	}
	if status, _ := b.Post(at+"?"+string(body), b.Sign(nil), nil); status != 400 {
		t.Errorf("a payload in the query: got %d, want 400", status)
	}
	want := fmt.Sprintf(`nevermind_forged_total{adapter="slack"} %d`, len(forged))
	if _, all := fetch(t, b.s.url+"/metrics"); !strings.Contains(all, want) {
		t.Errorf("the metrics do not have %s:\n%s", want, lines(all, "slack"))
	}
	if b.View("UMIRA") != nil || b.button(deskChannel, "Full refund").TS != card.TS {
		t.Error("something has changed")
	}
	command(
		t,
		"",
		"serve",
		"--slack-bot-token",
		"xoxb-1",
		"--slack-signing-secret=",
	).want(t, exitWrongUse, "NEVERMIND_SLACK_SIGNING_SECRET (HTTP mode)")
}

// lines are those that have the words.
func lines(text, words string) string {
	var found []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, words) {
			found = append(found, line)
		}
	}
	return strings.Join(found, "")
}
