package slack_test

import (
	"strings"
	"testing"

	"nevermind/adapters/slack/slacktest"
)

// TestTranslator: what the adapter says itself is in the language of whoever reads it.
func TestTranslator(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true, func(h *harness) {
		german := map[string]string{"Continue": "Weiter", "Go back": "Zurück",
			"Please look once more. This is what goes out:": "Bitte noch einmal ansehen:", "Send it": "Senden"}
		h.cfg.Say = func(language, english string) (string, bool) {
			words, ok := german[english]
			if strings.HasPrefix(english, "/nevermind link") {
				words, ok = "Hilfe", true
			}
			return words, ok && language == "de"
		}
	})
	h.slack.Person(slacktest.Person{ID: "UMIRA", Name: "Mira", Locale: "de-DE"})
	_, card := h.dispute("81000098")
	for user, want := range map[string][]string{"UMIRA": {"Weiter", "Senden", "Bitte noch einmal"},
		"UJONAS": {"Continue", "Send it", "Please look once more"}} {
		h.slack.Press(user, card, "Write to the buyer")
		v := h.slack.AwaitView(user)
		first := v.Submit()
		v.Fill(v.Labels()[0], "Hello").Send()
		if first != want[0] || v.Submit() != want[1] || !strings.Contains(v.Shown(), want[2]) {
			t.Errorf("%s: first %q, then\n%s", user, first, v)
		}
	}
	if got := slacktest.Shown(h.slack.Command("UMIRA", desk, "help").Body["blocks"]); got != "Hilfe" {
		t.Errorf("help: %q", got)
	}
}
