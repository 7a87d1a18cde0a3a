package bot

import "testing"

// TestMessageKind: each message has one kind, and what comes first in this order wins.
func TestMessageKind(t *testing.T) {
	for _, c := range []struct {
		what string
		m    Message
		want MessageKind
	}{
		{"evidence, whatever it carries", Message{Evidence: EvidenceOf{Record: "case/1/0"}, Note: true, Press: "p", ReplyTo: "7"},
			KindEvidence},
		{"a note below a card", Message{Note: true, Text: "ask again", ReplyTo: "7"}, KindNote},
		{"a note that was taken back", Message{Note: true, ReplyTo: "7", Unsupported: Deleted}, KindNote},
		{"a press with a form's answers", Message{Press: "p", Fields: Facts{"amount": "5"}, ReplyTo: "7"}, KindPress},
		{"a link below a message", Message{Link: "hash", ReplyTo: "7"}, KindLink},
		{"words below a card", Message{Text: "yes", ReplyTo: "7"}, KindReply},
		{"a photo below a card", Message{Files: []File{{Hash: "00"}}, ReplyTo: "7"}, KindReply},
		{"a captioned photo too large, below a card", Message{Text: "look", ReplyTo: "7", Unsupported: TooLarge}, KindReply},
		{"a sticker below a card", Message{ReplyTo: "7", Unsupported: Sticker}, KindPlain},
		{"somebody else's words below a card", Message{Text: "no", ReplyTo: "7", Unsupported: Forwarded}, KindPlain},
		{"words", Message{Text: "hello"}, KindPlain},
	} {
		if got := c.m.Kind(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, got, c.want)
		}
	}
}
