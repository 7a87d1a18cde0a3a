package telegram

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestHostileTexts sends five hundred texts that have broken messages elsewhere through every kind of reply, wherever words of
// people can stand: no call is refused, and nothing of them can be touched.
func TestHostileTexts(t *testing.T) {
	fake := telegramtest.Open(t)
	chat := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	a := newTestAdapter(t, fake, func(c *Config) { c.Menus = []Menu{{Commands: []Command{{"orders", "Your orders"}}}} })
	runAdapter(t, a, inboxFunc(func(context.Context, bot.Message) error { return nil }))
	for i, text := range telegramtest.HostileTexts(500, 1) {
		room := bot.Room("telegram:11")
		replies := []bot.Reply{
			{Room: room, Mode: bot.New, Title: text, Text: "See /orders."},
			{Room: room, Mode: bot.New, Text: text},
			{Room: room, Mode: bot.New, Text: "They write:", Quote: text,
				Choices: []bot.Button{{Token: strings.Repeat("t", 22), Label: text}, {Token: "u", Label: "Answer"}}},
			{Room: room, Mode: bot.Edit, Title: "Order · " + text, Text: "\u2068" + text + "\u2069 writes:", Quote: text,
				Choices: []bot.Button{{Token: "v", Label: text}}},
			{Room: room, Mode: bot.Strip},
		}
		var ref bot.Ref
		for k, r := range replies {
			d := bot.Delivery{ID: fmt.Sprint(i, ".", k), Attempt: 1, Ref: ref, Reply: r}
			got, err := a.Send(t.Context(), d)
			if err != nil && k == 3 && strings.Contains(err.Error(), "too long") { // the engine sends it anew
				d.Reply.Mode = bot.New
				got, err = a.Send(t.Context(), d)
			}
			if err != nil {
				t.Errorf("text %d %.60q, reply %d: %v", i, text, k, err)
			}
			ref = got
		}
		query := chat.PressData(1, "tok")
		press := fmt.Sprintf("tg:%d:%s", telegramtest.BotID, query[1:])
		fake.Until(func() bool { return a.pressAnswers.isPending(press) })
		aside := bot.Reply{Room: room, Mode: bot.Aside, Press: press, Text: text}
		if _, err := a.Send(t.Context(), bot.Delivery{ID: "x", Attempt: 1, Reply: aside}); err != nil {
			t.Errorf("text %d %.60q, aside: %v", i, text, err)
		}
	}
	for _, m := range chat.Heard() {
		for _, l := range m.Live {
			if l != "/orders" {
				t.Errorf("%q is touchable in %.80q", l, m.Text)
			}
		}
	}
	for _, c := range fake.Calls("") {
		if c.Code != 0 && c.Code != 200 && !strings.Contains(c.Words, "not modified") {
			t.Errorf("refused: %s %d %s", c.Method, c.Code, c.Words)
		}
	}
	if n := len(fake.Calls("answerCallbackQuery")); n != 500 {
		t.Errorf("%d presses answered, want 500", n)
	}
}

func TestNeutralizeOwn(t *testing.T) {
	commands := []string{"orders"}
	for s, want := range map[string]string{
		"24.90 USD":                          "24.90 USD",
		"up to 24.90.":                       "up to 24.90.",
		"1.2.3.4":                            "1.\u20602.\u20603.\u20604",
		"see /orders":                        "see /orders",
		"see /orders2":                       "see /\u2060orders2",
		"see /orders@spy_bot":                "see /\u2060orders@\u2060spy_bot",
		"and/orders":                         "and/\u2060orders",
		"\u2068/orders\u2069 writes":         "\u2068/\u2060orders\u2069 writes",
		"t.me/x":                             "t.\u2060me/\u2060x",
		"tg://resolve":                       "tg:\u2060//\u2060resolve",
		"a\u202eb\u200bc\u2060d\x00e\u200ff": "abcdef",
		"a\u2066b":                           "a\u2066b\u2069",
		"a\u2069b":                           "ab",
		"one\r\ntwo\u2028three":              "one\ntwo\nthree",
		"👩\u200d🚀 می\u200cخواهم":             "👩\u200d🚀 می\u200cخواهم",
		"At 09:05. Then go.":                 "At 09:05. Then go.",
		"$USD #sale":                         "$\u2060USD #\u2060sale",
		"bad\xffbyte":                        "bad\uFFFDbyte",
	} {
		if got := neutralizeOwn(s, commands); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}
