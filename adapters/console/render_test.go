package console

import (
	"slices"
	"testing"

	"nevermind/bot"
)

func TestBoard(t *testing.T) {
	var b choiceLetters
	question := Bubble{Ref: "1", Mode: bot.New, Talk: true, Choices: []Choice{{"q1", "My orders"}, {"q2", "Help"}}}
	card := Bubble{Ref: "2", Mode: bot.New, Choices: []Choice{{"c1", "Withdraw"}}}
	second := Bubble{Ref: "3", Mode: bot.New, Choices: []Choice{{"d1", "Accept"}, {"d2", "Reject"}}}
	for _, c := range []struct {
		put  Bubble
		want string
	}{{question, ""}, {card, "a"}, {second, "b"}, {card, "a"}} {
		if got := b.put(c.put); got != c.want {
			t.Errorf("letter of %s: got %q, want %q", c.put.Ref, got, c.want)
		}
	}
	presses(t, &b, map[string]string{"a1": "c1", "A1": "c1", "b2": "d2", "1": "", "a2": "", "help": "", "": ""})

	b.put(Bubble{Ref: "2", Mode: bot.Strip})
	presses(t, &b, map[string]string{"a1": "", "b1": "d1"})

	third := Bubble{Ref: "4", Mode: bot.New, Choices: []Choice{{"e1", "Answer"}}}
	if got := b.put(third); got != "a" {
		t.Errorf("a free letter: got %q, want a", got)
	}
	b.put(Bubble{Ref: "3", Mode: bot.Edit, Choices: []Choice{{"f1", "Offer"}}})
	presses(t, &b, map[string]string{"a1": "e1", "b1": "f1", "b2": ""})
}

func presses(t *testing.T, b *choiceLetters, want map[string]string) {
	t.Helper()
	for line, token := range want {
		got, ok := b.press(line)
		if got.Token != token || ok != (token != "") {
			t.Errorf("%q presses %q (%v), want %q", line, got.Token, ok, token)
		}
	}
}

func TestCode(t *testing.T) {
	for line, want := range map[string]string{"[2]": "2", "2": "2", "[a1]": "a1", "[what a day]": "[what a day]", "[": "["} {
		if got := trimBrackets(line); got != want {
			t.Errorf("%q is read as %q, want %q", line, got, want)
		}
	}
}

func TestShow(t *testing.T) {
	for name, c := range map[string]struct {
		bubble Bubble
		letter string
		want   string
	}{
		"question": {
			Bubble{Mode: bot.New, Talk: true, Text: "What can I do for you?", Choices: []Choice{{"x", "My orders"}, {"y", "Help"}}},
			"", "│ What can I do for you?\n│ [1] My orders  [2] Help\n",
		},
		"card, edited": {
			Bubble{Mode: bot.Edit, Title: "Order 8 · Lamp", Text: "Line one.\nLine two.", Choices: []Choice{{"x", "Withdraw"}}},
			"a", "✎ Order 8 · Lamp\n│ Line one.\n│ Line two.\n│ [a1] Withdraw\n",
		},
		"quote": {Bubble{Mode: bot.New, Text: "The seller writes:", Quote: "Hello\nAna"}, "",
			"│ The seller writes:\n│ > Hello\n│ > Ana\n"},
		"mine":           {Bubble{Mine: true, Text: "cancel it"}, "", "you: cancel it\n"},
		"buttons gone":   {Bubble{Mode: bot.Strip, Text: "old"}, "", ""},
		"escape codes":   {Bubble{Mode: bot.New, Text: "\x1b[2Jgone\u009b1m"}, "", "│ \uFFFD[2Jgone\uFFFD1m\n"},
		"turned around":  {Bubble{Mode: bot.New, Text: "a\u202eb"}, "", "│ ab\n"},
		"right to left":  {Bubble{Mode: bot.New, Text: "שלום"}, "", "│ שלום\n"},
		"nothing to say": {Bubble{Mode: bot.New}, "", ""},
	} {
		if got := renderBubble(c.bubble, c.letter); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestMenuBreaks(t *testing.T) {
	long := "a label that is rather long for a terminal"
	got := renderChoices([]Choice{{"x", long}, {"y", long}}, "")
	if len(got) != 2 || got[0] != "[1] "+long || got[1] != "[2] "+long {
		t.Errorf("long choices: got %q, want a line each", got)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"one two three", []string{"one two", "three"}},
		{"one\n\ntwo", []string{"one", "", "two"}},
		{"a-very-long-word end", []string{"a-very-long-word", "end"}},
		{"שלום שלום", []string{"שלום", "שלום"}},
	} {
		if got := wrap(c.text, 8); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestRemember(t *testing.T) {
	out := func(task string, ref bot.Ref, mode bot.Mode, text string, state bot.TaskState) bot.Said {
		r := &bot.Reply{Mode: mode, Text: text, Choices: []bot.Button{{Token: "t", Label: "L"}}}
		return bot.Said{Task: task, Ref: ref, State: state, Out: r}
	}
	got, shown := replayRoom([]bot.Said{
		out("1", "1", bot.New, "card", bot.TaskDone),
		{In: &bot.Message{ID: "m", Text: "hello"}},
		{In: &bot.Message{ID: "p", Press: "t"}},
		out("2", "2", bot.New, "question", bot.TaskDone),
		out("3", "2", bot.Edit, "answer", bot.TaskDone),
		out("4", "1", bot.Strip, "", bot.TaskDone),
		out("5", "", bot.New, "to come", bot.TaskWaiting),
	}, &roomStream{})
	var texts []string
	for _, b := range got {
		texts = append(texts, b.Text)
	}
	if want := []string{"card", "hello", "answer"}; !slices.Equal(texts, want) {
		t.Errorf("got %q, want %q", texts, want)
	}
	if len(got[0].Choices) != 0 || len(got[2].Choices) != 1 || !shown["3"] || shown["5"] {
		t.Errorf("got %+v, shown %v", got, shown)
	}
}
