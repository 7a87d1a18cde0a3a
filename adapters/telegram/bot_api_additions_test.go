package telegram

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"nevermind/bot"
)

// TestBotAPIAdditions holds what becomes of the updates that newer versions of the Bot API send than the schemas describe.
func TestBotAPIAdditions(t *testing.T) {
	raw, err := os.ReadFile("telegramtest/bot-api-10.5.additions.json")
	if err != nil {
		t.Fatal(err)
	}
	var additions struct {
		Updates []struct {
			Name, Room, Account, Press, Text string
			ReplyTo                          bot.Ref `json:"reply_to"`
			Public                           bool
			Topic                            int64
			Update                           json.RawMessage
		}
	}
	if err := json.Unmarshal(raw, &additions); err != nil || len(additions.Updates) == 0 {
		t.Fatal("no updates", err)
	}
	for _, c := range additions.Updates {
		p := parseUpdate(c.Update)
		if p.update == nil {
			t.Errorf("%s: it cannot be read", c.Name)
			continue
		}
		got, ours := message(p.update, self)
		want := bot.Message{ID: got.ID, Room: bot.Room(c.Room), Account: c.Account, Press: c.Press, Text: c.Text, ReplyTo: c.ReplyTo}
		want.Public = c.Public
		if ours != (c.Room != "") || ours && !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v (%v)\nwant %+v", c.Name, got, ours, want)
		}
		if _, topic, _ := p.update.topic(); topic != c.Topic {
			t.Errorf("%s: got topic %d, want %d", c.Name, topic, c.Topic)
		}
	}
}
