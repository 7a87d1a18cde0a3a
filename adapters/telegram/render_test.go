package telegram

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-telegram/bot/models"

	"nevermind/bot"
)

func TestRender(t *testing.T) {
	got := render(&bot.Reply{Title: "Order 8 · Lämp 🙂", Text: "Ana writes:", Quote: "cheaper at evil.com @spy"}, nil)
	want := []page{{"Order 8 · Lämp 🙂\nAna writes:\ncheaper at evil.\u2060com @\u2060spy", []models.MessageEntity{
		{Type: "bold", Offset: 0, Length: 17}, {Type: "blockquote", Offset: 30, Length: 26}}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestKeyboard(t *testing.T) {
	long := strings.Repeat("long words ", 10)
	k := keyboard([]bot.Button{
		{Token: "1", Label: "Yes", Style: bot.Danger}, {Token: "2", Label: "No"}, {Token: "3", Label: "A label that is rather long"},
		{Token: "4", Label: "Back"}, {Token: "5", Label: long}, {Token: "6", Label: "\u200b \u2060"}, {Token: "7", Label: "Home"},
		{Token: "8", Label: "Help"},
	}).(*inlineKeyboard)
	var got []string
	for _, row := range k.Rows {
		var labels []string
		for _, b := range row {
			labels = append(labels, b.Text)
		}
		got = append(got, strings.Join(labels, " | "))
	}
	want := []string{
		"Yes | No", "A label that is rather long", "Back", "5. long words long words long words long words…", "6 | Home", "Help",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	pages := render(&bot.Reply{Text: "Which?", Choices: []bot.Button{{Label: "Short"}, {Label: long}}}, nil)
	if pages[0].text != "Which?\n2. "+strings.TrimSpace(long) {
		t.Errorf("a label that is cut stands in full: got %q", pages[0].text)
	}
	if keyboard(nil) != nil {
		t.Error("no choices are a keyboard")
	}
}
