package main

import (
	"slices"
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
)

// From a greeting to a submitted request it is three presses everywhere: the order, a reason, a yes. Nothing here unfolds More,
// since that would be a fourth.

const (
	oftenReason = "I don't need it any more"
	saysYes     = "Yes, ask the seller"
	hasAsked    = "to cancel the whole order"
	greeted     = "These orders can still be cancelled."
)

func TestThreePressesOnTelegram(t *testing.T) {
	t.Parallel()
	h := onTelegram(t, pollMode)
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	ana.Type("/start")
	if !h.Fake.Until(func() bool { return strings.Count(ana.Texts(), greeted) == 2 }) { // the first came with the account
		t.Fatalf("not greeted; heard:\n%s", ana.Texts())
	}
	for _, label := range []string{"Cancel Bamboo lamp · 24.90 USD", oftenReason, saysYes} {
		if !h.Fake.Until(func() bool { return ana.Press(label) != "" }) {
			t.Fatalf("%q is not in sight, only %q under %q", label, ana.Last().Labels(), ana.Last().Text)
		}
	}
	h.Await(ana, "I've asked Lumen House "+hasAsked)
	h.Await(lumen, "Ana would like "+hasAsked)
}

func TestThreePressesOnSlack(t *testing.T) {
	t.Parallel()
	b := openBureau(t, false, noUndo)
	room := b.Direct("UOTTO")
	b.Command("UOTTO", room, "link "+b.call("POST", "/v1/links", `{"role":"buyer","id":"b-9","name":"Ana"}`)["token"].(string))
	b.Press("UOTTO", b.button(room, "Yes, that's me"), "Yes, that's me")
	b.Await(room, "You're connected")
	b.Say("UOTTO", room, "", "hi")
	b.Until("the account and the hello are greeted", func() bool {
		times := 0
		for _, m := range b.Messages(room) {
			times += strings.Count(m.Shown(), greeted)
		}
		return times == 2
	})
	for _, label := range []string{"Cancel Bamboo lamp · 24.90 USD", oftenReason, saysYes} {
		m := b.button(room, label)
		if slices.ContainsFunc(m.Buttons(), func(x slacktest.Button) bool { return x.Label == label && x.Menu == "More" }) {
			t.Errorf("%q stands behind More", label)
		}
		b.Press("UOTTO", m, label)
	}
	b.Await(room, "I've asked Lumen "+hasAsked)
	b.Await(b.seller, "Ana would like "+hasAsked)
}

func TestThreePressesOnThePage(t *testing.T) {
	t.Parallel()
	p := browse(t, demo(t, t.TempDir()).url)
	p.says("buyer", "/start")
	p.sees("buyer", greeted)
	for _, label := range []string{"Cancel Bamboo desk lamp", oftenReason, saysYes} {
		p.pressInSight("buyer", label)
	}
	p.sees("buyer", "I've asked Lumen Home Store "+hasAsked)
	p.sees("seller", "Ana Torres would like "+hasAsked)
}

// pressInSight presses the newest button that begins so, without unfolding anything first.
func (p *page) pressInSight(part, label string) {
	p.t.Helper()
	if p.wait(`(part, label) => {
		const b = [...document.querySelectorAll(part + " .choices button")].findLast((b) => b.innerText.trim().startsWith(label));
		if (!b || !b.offsetParent || b.disabled || b.closest(".busy")) return false;
		b.click();
		return true;
	}`, parts[part], label) == "" {
		p.t.Fatalf("%s: %q is not in sight in\n%s", part, label, p.text(part))
	}
}

// TestThreePressesInTheTerminal: a typed number is a press.
func TestThreePressesInTheTerminal(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	command(t, order("900001", "b-9"), "import", "-", "--data", data).want(t, exitDone, "1 order kept")
	presses := []string{"1", "1", "1"}
	r := command(t, "/start\n"+strings.Join(presses, "\n")+"\n", "chat", "--as", "b-9", "--data", data)
	r.want(t, exitDone, greeted, "Why would you like to cancel?", "Thank you")
	if !strings.Contains(r.out, "Your request number is C-") { // a terminal that is closed early shows it the next time
		comes(t, 0, "my requests\n", "C-", "b-9", data)
	}
}
