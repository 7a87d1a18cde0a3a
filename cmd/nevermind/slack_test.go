package main

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
	"nevermind/adapters/telegram/telegramtest"
)

// TestServeSlack: a buyer on Telegram and a seller on Slack cannot agree; support decides in its channel on part of the
// money, by Socket Mode and by HTTP.
func TestServeSlack(t *testing.T) {
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) { dispute(t, socket) })
	}
}

func dispute(t *testing.T, socket bool) {
	plain(t)
	phone, office := telegramtest.Open(t), slacktest.New(t, nil)
	for _, p := range []slacktest.Person{{ID: "ULUMEN", Name: "Lumen", Locale: "en-US"}, {ID: "UMIRA", Name: "Mira", Locale: "en-GB", Zone: "Europe/London"}, {ID: "UOTTO", Name: "Otto"}} {
		office.Person(p)
	}
	office.Channel("C0DESK", "UMIRA")
	way := []string{"--slack-app-token", slacktest.AppToken}
	if !socket {
		way = []string{"--slack-signing-secret", slacktest.Secret}
	}
	s, log := serveOn(t, t.TempDir(), append(way, "--api-key", "k", "--telegram-token", phone.Token, "--telegram-api", phone.URL(), "--telegram-chat-rate", "0", "--telegram-rate", "0",
		"--slack-bot-token", slacktest.BotToken, "--slack-api", office.API(), "--slack-channel", "C0DESK", "--policy", atOnce(t), "--slack-channel-rate", "0")...)
	if !socket {
		office.Deliver(s.url)
	}
	office.Until("it is ready", func() bool { status, _ := fetch(t, s.url+"/readyz"); return status == 200 })
	call := func(method, path, body string) map[string]any {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer k")
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		text, _ := io.ReadAll(got.Body)
		var answer map[string]any
		if err := json.Unmarshal(text, &answer); err != nil || got.StatusCode >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, got.StatusCode, text)
		}
		return answer
	}
	call("PUT", "/v1/orders/900001", order("900001", "b-9"))

	ana := phone.Private(telegramtest.Person{ID: 4711, Name: "Ana"})
	hears := func(words string) {
		t.Helper()
		if _, ok := ana.Await(words); !ok {
			t.Fatalf("Ana never reads %q, only %q\n%s", words, ana.Last().Text, log)
		}
	}
	presses := func(label string) {
		t.Helper()
		if !phone.Until(func() bool { return ana.Press(label) != "" }) {
			t.Fatalf("Ana never sees %q, only %q %v", label, ana.Last().Text, ana.Last().Labels())
		}
	}
	ana.Type("/start " + call("POST", "/v1/links", `{"role":"buyer","id":"b-9","name":"Ana"}`)["token"].(string))
	presses("Yes, that's me")
	seller := office.Direct("ULUMEN")
	office.Command("ULUMEN", seller, "link "+call("POST", "/v1/links", `{"role":"seller","id":"s-9","name":"Lumen"}`)["token"].(string))
	button := func(channel, label string) *slacktest.Message {
		t.Helper()
		var found *slacktest.Message
		office.Until(channel+" has "+label, func() bool {
			for _, m := range slices.Backward(office.Messages(channel)) {
				if slices.ContainsFunc(m.Buttons(), func(b slacktest.Button) bool { return b.Label == label }) {
					found = &m
					return true
				}
			}
			return false
		})
		return found
	}
	office.Press("ULUMEN", button(seller, "Yes, that's me"), "Yes, that's me")
	office.Until("the seller is known", func() bool {
		return !slices.ContainsFunc(office.Messages(seller), func(m slacktest.Message) bool {
			return len(m.Buttons()) > 0 && strings.Contains(m.Shown(), "that's me")
		})
	})

	ana.Type("cancel 900001")
	for _, label := range []string{"I don't need it any more", "Leave it out", "Yes, ask the seller"} {
		presses(label)
	}
	office.Press("ULUMEN", button(seller, "Say no"), "Say no")
	v := office.AwaitView("ULUMEN").Fill("Why not?", "It is packed already.")
	v.Send()
	v.Send()
	hears("It is packed already.")
	presses("Let support decide")
	card := button("C0DESK", "Partial refund")
	office.OpenHome("UMIRA")
	office.Until("Mira's home tab shows the case", func() bool {
		m := office.Home("UMIRA")
		return m != nil && strings.Contains(m.Shown(), "1 wait for us  ·  1 unclaimed") && len(m.Links()) == 1
	})
	for line, at := range office.Home("UMIRA").Links() {
		if at != "https://never.slack.test/archives/C0DESK/p"+strings.ReplaceAll(card.TS, ".", "") || !strings.Contains(line, "24.90 USD") {
			t.Errorf("%q leads to %q", line, at)
		}
	}
	told := func(user, text, want string) {
		t.Helper()
		if got := slacktest.Shown(office.Command(user, seller, text).Body["blocks"]); !strings.Contains(got, want) {
			t.Errorf("/nevermind %s: %s is told %q, want %q", text, user, got, want)
		}
	}
	name := strings.Fields(slacktest.Shown(office.Command("UMIRA", "C0DESK", "queue").Body["blocks"])[len("Your desk\n"):])
	id := name[slices.IndexFunc(name, func(s string) bool { return strings.HasPrefix(s, "C-") })]
	told("UMIRA", "case "+strings.ToLower(id), "with support · buyer Ana · seller Lumen · until ")
	told("UMIRA", "order 900001", "Ana bought it from Lumen for 24.90 USD, by card. It is processing; at most 24.90 USD can go back.")
	told("UMIRA", "case "+id, "Support is reminded; nothing runs out for the others meanwhile.")
	told("UMIRA", "order 77", "I know no order 77")
	told("UMIRA", "case C-0", "I know no case C-0")
	told("ULUMEN", "case "+id, "with support · buyer Ana · until ")
	told("ULUMEN", "queue", "0 wait for your answer  ·  1 open otherwise")
	told("UMIRA", "what", "/nevermind link TOKEN")
	for _, ask := range []string{"queue", "case " + id, "order 900001"} {
		if got := slacktest.Shown(office.Command("UOTTO", "C0DESK", ask).Body["blocks"]); !strings.Contains(got, "ask the shop to connect you") || strings.Contains(got, "Ana") {
			t.Errorf("a stranger is told %q", got)
		}
	}
	office.Say("UMIRA", "C0DESK", card.TS, "They both have a point.")
	office.Press("UMIRA", card, "Partial refund")
	v = office.AwaitView("UMIRA").Fill("How much goes back?", "12,50").Fill("What happens to the order?", "It goes on").Fill("What are the grounds?", "Half each.")
	v.Send()
	v.Send()
	hears("12.50 USD")
	office.Await(seller, "12.50 USD")
	for _, m := range ana.Messages() {
		if strings.Contains(m.Text, "have a point") {
			t.Errorf("a note reached the buyer: %s", m.Text)
		}
	}
	office.Until("Mira's home tab is fresh", func() bool { return strings.Contains(office.Home("UMIRA").Shown(), "0 wait for us") })
	if n := len(office.Messages("C0DESK")); n != 1 {
		t.Errorf("%d messages in the channel for one case", n)
	}
	t.Logf("\n%s", office.Show())
	s.stop().want(t, exitDone)
	for _, secret := range []string{slacktest.BotToken, slacktest.AppToken, slacktest.Secret, "have a point", "Half each"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
