package web

import (
	"encoding/json"
	"testing"
	"time"

	"nevermind/bot"
)

// said writes one line of a room: who spoke is told by the helper used.
func out(seq uint64, mode bot.Mode, card bot.Key, text string, labels ...string) bot.Said {
	r := &bot.Reply{Mode: mode, Card: card, Text: text}
	for _, l := range labels {
		r.Choices = append(r.Choices, bot.Button{Token: "t-" + l, Label: l})
	}
	return bot.Said{Seq: seq, At: noon.Add(time.Duration(seq) * time.Minute), Out: r, Task: "T-" + string(rune('0'+seq)),
		State: bot.TaskDone}
}

func in(seq uint64, text string) bot.Said {
	return bot.Said{Seq: seq, At: noon, In: &bot.Message{Account: "web:buyer:b-1", Text: text}}
}

// shape is a bubble in short: its words and buttons.
func shape(bubbles []Bubble) string {
	all := []string{}
	for _, b := range bubbles {
		s := b.Text
		for _, c := range b.Choices {
			s += " [" + c.Label + "]"
		}
		all = append(all, s)
	}
	j, _ := json.Marshal(all)
	return string(j)
}

func TestFold(t *testing.T) {
	for name, c := range map[string]struct {
		said []bot.Said
		want string
	}{
		"nothing":            {nil, `[]`},
		"both ways in order": {[]bot.Said{in(1, "hi"), out(2, bot.New, "", "hello", "A")}, `["hi","hello [A]"]`},
		"an edit is in place": {[]bot.Said{out(1, bot.New, "k", "one", "A"), in(2, "hm"), out(3, bot.Edit, "k", "two", "B")},
			`["two [B]","hm"]`},
		"an edit of nothing is new": {[]bot.Said{in(1, "hi"), out(2, bot.Edit, "k", "two")}, `["hi","two"]`},
		"strip takes the buttons":   {[]bot.Said{out(1, bot.New, "k", "one", "A"), out(2, bot.Strip, "k", "")}, `["one"]`},
		"strip of nothing":          {[]bot.Said{out(1, bot.New, "k", "one", "A"), out(2, bot.Strip, "x", "")}, `["one [A]"]`},
		"news takes the old card's": {[]bot.Said{out(1, bot.New, "k", "one", "A"), out(2, bot.New, "k", "two", "B")},
			`["one","two [B]"]`},
		"then edits go to the news": {[]bot.Said{out(1, bot.New, "k", "one"), out(2, bot.New, "k", "two"),
			out(3, bot.Edit, "k", "three")}, `["one","three"]`},
		"cards do not mix": {[]bot.Said{out(1, bot.New, "k", "one", "A"), out(2, bot.New, "x", "two", "B"),
			out(3, bot.Edit, "k", "uno", "C")}, `["uno [C]","two [B]"]`},
		"plain messages are no card": {
			[]bot.Said{out(1, bot.New, "", "one", "A"), out(2, bot.New, "", "two", "B"), out(3, bot.Edit, "", "three")},
			`["one [A]","two [B]","three"]`,
		},
		"presses are not shown": {[]bot.Said{{Seq: 1, In: &bot.Message{Press: "t", Text: ""}}, in(2, "")}, `[]`},
		"files are":             {[]bot.Said{{Seq: 1, In: &bot.Message{Files: []bot.File{{Name: "a.png"}}}}}, `[""]`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shape(renderRoom(c.said)); got != c.want {
				t.Errorf("fold: got %s, want %s", got, c.want)
			}
		})
	}
}

func TestFoldLeavesOutWhatIsDead(t *testing.T) {
	dead := out(2, bot.Edit, "k", "two")
	dead.State = bot.TaskDead
	if got, want := shape(renderRoom([]bot.Said{out(1, bot.New, "k", "one"), dead})), `["one"]`; got != want {
		t.Errorf("fold: got %s, want %s", got, want)
	}
}

func TestFoldKeepsTheMessageOfAnEdit(t *testing.T) {
	first := out(1, bot.New, "k", "one")
	first.Ref = "m-1"
	got := renderRoom([]bot.Said{first, out(2, bot.Edit, "k", "two")})[0]
	if got.Ref != "m-1" || got.Seq != 1 || !got.At.Equal(first.At) || got.Edited == nil ||
		!got.Edited.Equal(noon.Add(2*time.Minute)) {
		t.Errorf("edited bubble: got %+v, want seq, ref and time of the first message and the time of the edit", got)
	}
	if got := renderRoom([]bot.Said{out(1, bot.New, "", "one")})[0]; got.Ref != "T-1" {
		t.Errorf("ref of a reply on its way: got %q, want that of its task", got.Ref)
	}
}

// TestFoldDoesNotChangeWhatWasSaid matters because the store's values may be kept by whoever asked.
func TestFoldDoesNotChangeWhatWasSaid(t *testing.T) {
	said := []bot.Said{out(1, bot.New, "k", "one", "A"), out(2, bot.Strip, "k", "")}
	renderRoom(said)
	if n := len(said[0].Out.Choices); n != 1 {
		t.Errorf("choices of the reply after folding: got %d, want 1", n)
	}
}
