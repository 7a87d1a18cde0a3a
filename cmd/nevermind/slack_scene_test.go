package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
	"nevermind/adapters/telegram/telegramtest"
)

// bureau is the whole program, serve, with a buyer on Telegram, a seller and a support team on Slack, and a shop on REST.
type bureau struct {
	*slacktest.Slack
	t      *testing.T
	s      *started
	log    *loud
	phone  *telegramtest.Server
	ana    *telegramtest.Chat
	seller string // the channel of the seller's direct messages
	data   string
}

const deskChannel = "C0DESK"

// openBureau starts it with one order, 900001, and everybody linked; policy is what the file says besides the built-in pack, and
// others are people who are known by other names than usual.
func openBureau(t *testing.T, socket bool, policy string, others ...slacktest.Person) *bureau {
	t.Helper()
	return openBureauOn(t, nil, socket, policy, others...)
}

// openBureauOn is the same with the settings of a store.
func openBureauOn(t *testing.T, store []string, socket bool, policy string, others ...slacktest.Person) *bureau {
	t.Helper()
	b := &bureau{Slack: slacktest.New(t, nil), t: t, phone: telegramtest.Open(t), data: t.TempDir()}
	for _, p := range append([]slacktest.Person{
		{ID: "ULUMEN", Name: "Lumen", Locale: "en-US"}, {ID: "UMIRA", Name: "Mira", Locale: "en-GB", Zone: "Europe/London"},
		{ID: "UJONAS", Name: "Jonas"}, {ID: "UGUEST", Name: "Gus", Guest: true}, {ID: "UOTTO", Name: "Otto"}}, others...) {
		b.Person(p)
	}
	b.Channel(deskChannel, "UMIRA", "UJONAS", "UGUEST")
	b.seller = b.Direct("ULUMEN")
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	way := []string{"--slack-app-token", slacktest.AppToken}
	if !socket {
		way = []string{"--slack-signing-secret", slacktest.Secret}
	}
	b.s, b.log = serveOn(t, b.data, slices.Concat(store, way, []string{"--api-key", apiKey, "--policy", file,
		"--telegram-token", b.phone.Token, "--telegram-api", b.phone.URL(), "--telegram-chat-rate", "0", "--telegram-rate", "0",
		"--slack-bot-token", slacktest.BotToken, "--slack-api", b.API(), "--slack-channel", deskChannel,
		"--slack-channel-rate", "0"})...)
	if !socket {
		b.Deliver(b.s.url)
	}
	b.Until("it is ready", func() bool { status, _ := fetch(t, b.s.url+"/readyz"); return status == 200 })
	b.furnish()
	return b
}

// furnish puts the order and links the buyer's and the seller's chats.
func (b *bureau) furnish() {
	b.t.Helper()
	b.call("PUT", "/v1/orders/900001", order("900001", "b-9"))
	b.ana = b.phone.Private(telegramtest.Person{ID: 4711, Name: "Ana"})
	b.ana.Type("/start " + b.call("POST", "/v1/links", `{"role":"buyer","id":"b-9","name":"Ana"}`)["token"].(string))
	b.taps("Yes, that's me")
	b.Command(
		"ULUMEN",
		b.seller,
		"link "+b.call("POST", "/v1/links", `{"role":"seller","id":"s-9","name":"Lumen"}`)["token"].(string),
	)
	b.Press("ULUMEN", b.button(b.seller, "Yes, that's me"), "Yes, that's me")
	b.Until("the seller is known", func() bool {
		return !slices.ContainsFunc(b.Messages(b.seller), func(m slacktest.Message) bool {
			return len(m.Buttons()) > 0 && strings.Contains(m.Shown(), "that's me")
		})
	})
}

// call is the shop's.
func (b *bureau) call(method, path, body string) map[string]any {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.s.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+apiKey)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer got.Body.Close()
	text, _ := io.ReadAll(got.Body)
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil || got.StatusCode >= 300 {
		b.t.Fatalf("%s %s: %d %s", method, path, got.StatusCode, text)
	}
	return answer
}

// hears waits until Ana has read the words on Telegram.
func (b *bureau) hears(words string) {
	b.t.Helper()
	if _, ok := b.ana.Await(words); !ok {
		b.t.Fatalf("Ana never reads %q, only %q\n%s", words, b.ana.Last().Text, b.log)
	}
}

// taps lets Ana press a button on Telegram, once it is there.
func (b *bureau) taps(label string) {
	b.t.Helper()
	if !b.phone.Until(func() bool {
		pressed := b.ana.Press(label) != ""
		if !pressed {
			b.ana.Unfold()
		}
		return pressed
	}) {
		b.t.Fatalf("Ana never sees %q, only %q %v", label, b.ana.Last().Text, b.ana.Last().Labels())
	}
}

// button waits for a message of a channel that has the button, in threads too.
func (b *bureau) button(channel, label string) *slacktest.Message {
	b.t.Helper()
	var found *slacktest.Message
	b.Until(channel+" has "+label, func() bool {
		for _, m := range slices.Backward(b.Messages(channel)) {
			if slices.ContainsFunc(m.Buttons(), func(x slacktest.Button) bool { return x.Label == label }) {
				found = &m
				return true
			}
		}
		return false
	})
	return found
}

// escalate brings the order's case before support and returns its card.
func (b *bureau) escalate() *slacktest.Message {
	b.t.Helper()
	b.ana.Type("cancel 900001")
	for _, label := range []string{"I don't need it any more", "Yes, ask the seller"} {
		b.taps(label)
	}
	b.Press("ULUMEN", b.button(b.seller, "Say no"), "Say no")
	v := b.AwaitView("ULUMEN").Fill("Why not?", "Something else").Fill("Please say why", "It is packed already.")
	v.Send()
	v.Send()
	b.hears("It is packed already.")
	b.taps("Let support decide")
	return b.button(deskChannel, "Partial refund")
}

// partial fills in and sends a verdict of part of the money.
func (b *bureau) partial(user, amount, grounds string) {
	b.t.Helper()
	b.Press(user, b.button(deskChannel, "Partial refund"), "Partial refund")
	v := b.AwaitView(user).
		Fill("How much goes back?", amount).
		Fill("What happens to the order?", "It goes on").
		Fill("What are your reasons? The buyer and the seller will read them.", grounds)
	v.Send()
	v.Send()
}

// whispered waits until somebody alone has read the words in the support channel.
func (b *bureau) whispered(user, words string) {
	b.t.Helper()
	b.Until(user+" alone reads "+words, func() bool {
		return slices.ContainsFunc(
			b.Whispers(deskChannel, user),
			func(m slacktest.Message) bool { return strings.Contains(m.Shown(), words) },
		)
	})
}

// stayed fails where buyer or seller has read the words.
func (b *bureau) stayed(words string) {
	b.t.Helper()
	for _, m := range b.ana.Messages() {
		if strings.Contains(m.Text, words) {
			b.t.Errorf("the buyer has read %q", m.Text)
		}
	}
	if m := b.Find(b.seller, words); m != nil {
		b.t.Errorf("the seller has read %q", m.Shown())
	}
}
