package main

import (
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
)

// TestServeSlack: a buyer on Telegram and a seller on Slack cannot agree; support decides in its channel on part of the
// money, by Socket Mode and by HTTP.
func TestServeSlack(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]bool{"socket": true, "http": false} {
		t.Run(name, func(t *testing.T) { dispute(t, socket) })
	}
}

func dispute(t *testing.T, socket bool) {
	b := openBureau(t, socket, noUndo)
	office, ana, seller := b.Slack, b.ana, b.seller
	card := b.escalate()
	office.OpenHome("UMIRA")
	office.Until("Mira's home tab shows the case", func() bool {
		m := office.Home("UMIRA")
		return m != nil && strings.Contains(m.Shown(), "Waiting for us: 1  ·  Not taken yet: 1") && len(m.Links()) == 1
	})
	for line, at := range office.Home("UMIRA").Links() {
		if at != "https://never.slack.test/archives/C0DESK/p"+strings.ReplaceAll(card.TS, ".", "") ||
			!strings.Contains(line, "24.90 USD") {
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
	told("UMIRA", "case "+strings.ToLower(id), "with support · Buyer: Ana · Seller: Lumen · Until ")
	told(
		"UMIRA",
		"order 900001",
		"Ana bought it from Lumen.\nPaid: 24.90 USD (Card)\nStage: being prepared\nCan go back: 24.90 USD at most",
	)
	told("UMIRA", "case "+id, "If nobody has answered by ")
	told("UMIRA", "order 77", "I know no order 77")
	told("UMIRA", "case C-0", "I know no case C-0")
	told("ULUMEN", "case "+id, "with support · Buyer: Ana · Until ")
	told("ULUMEN", "queue", "Waiting for your answer: 0  ·  Other open requests: 1")
	told("UMIRA", "what", "/nevermind link TOKEN")
	for _, ask := range []string{"queue", "case " + id, "order 900001"} {
		if got := slacktest.Shown(
			office.Command("UOTTO", "C0DESK", ask).Body["blocks"],
		); !strings.Contains(got, "ask the shop to connect you") ||
			strings.Contains(got, "Ana") {
			t.Errorf("a stranger is told %q", got)
		}
	}
	office.Say("UMIRA", "C0DESK", card.TS, "They both have a point.")
	office.Press("UMIRA", card, "Partial refund")
	v := office.AwaitView("UMIRA").
		Fill("How much goes back?", "12,50").
		Fill("What happens to the order?", "It goes on").
		Fill("What are your reasons? The buyer and the seller will read them.", "Half each.")
	v.Send()
	v.Send()
	b.hears("12.50 USD")
	office.Await(seller, "12.50 USD")
	for _, m := range ana.Messages() {
		if strings.Contains(m.Text, "have a point") {
			t.Errorf("a note reached the buyer: %s", m.Text)
		}
	}
	office.Until("Mira's home tab is fresh", func() bool {
		return strings.Contains(office.Home("UMIRA").Shown(),
			"Waiting for us: 0")
	})
	if n := len(office.Messages("C0DESK")); n != 1 {
		t.Errorf("%d messages in the channel for one case", n)
	}
	t.Logf("\n%s", office.Show())
	b.s.stop().want(t, exitDone)
	for _, secret := range []string{slacktest.BotToken, slacktest.AppToken, slacktest.Secret, "have a point", "Half each"} {
		if strings.Contains(b.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
