package slack_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/slack"
	"nevermind/adapters/slack/slacktest"
	"nevermind/bot"
)

// deliver lets the adapter send one reply to the channel.
func (h *harness) deliver(id string, attempt int, r bot.Reply) (bot.Ref, error) {
	if r.Room == "" {
		r.Room = "slack:" + desk
	}
	return h.adapter.Send(h.t.Context(), bot.Delivery{ID: id, Attempt: attempt, Reply: r})
}

// count counts the channel's messages with the words.
func (h *harness) count(words string) int {
	n := 0
	for _, m := range h.slack.Messages(desk) {
		if strings.Contains(m.Shown(), words) {
			n++
		}
	}
	return n
}

// TestFindsEarlierPost: a post whose answer was lost stands once, whoever tells us of it.
func TestFindsEarlierPost(t *testing.T) {
	t.Parallel()
	for name, events := range map[string]bool{"by our own message's event": true, "by the channel's history": false} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, false, func(h *harness) { h.cfg.History = !events })
			h.slack.Quiet(!events)
			h.slack.Fail("chat.postMessage", slacktest.Fault{Cut: true})
			_, err := h.deliver("t1", 1, bot.Reply{Mode: bot.New, Text: "once"})
			if err == nil || is(err, bot.ErrNotSent) {
				t.Fatalf("a lost answer is %v", err)
			}
			if events {
				h.slack.Settle()
			}
			ref, err := h.deliver("t1", 3, bot.Reply{Mode: bot.New, Text: "once"})
			if err != nil || string(ref) != h.slack.Messages(desk)[0].TS {
				t.Errorf("it is %q, %v", ref, err)
			}
			if n := h.count("once"); n != 1 {
				t.Errorf("it stands there %d times", n)
			}
		})
	}
}

// TestCertainlyNotSentIsPostedAgain: what certainly did not arrive is posted again without looking.
func TestCertainlyNotSentIsPostedAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	h.slack.Fail("chat.postMessage", slacktest.Fault{Error: "something_new"})
	if _, err := h.deliver("t1", 1, bot.Reply{Mode: bot.New, Text: "once"}); !is(err, bot.ErrNotSent) {
		t.Errorf("an unknown error is %v", err)
	}
	if _, err := h.deliver("t1", 2, bot.Reply{Mode: bot.New, Text: "once"}); err != nil {
		t.Error(err)
	}
	for _, c := range h.slack.Calls() {
		if c.Method == "conversations.history" {
			t.Error("it looked")
		}
	}
}

// TestErrorClasses: each way a post can fail, classified.
func TestErrorClasses(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	h.slack.Channel("C0MORE")
	for name, c := range map[string]struct {
		fault slacktest.Fault
		want  error
	}{
		"archived":      {slacktest.Fault{Error: "is_archived"}, bot.ErrGone},
		"not in it":     {slacktest.Fault{Error: "not_in_channel"}, bot.ErrGone},
		"no account":    {slacktest.Fault{Error: "account_inactive"}, bot.Later{After: 5 * time.Minute}},
		"no tab":        {slacktest.Fault{Error: "messages_tab_disabled"}, bot.Later{After: 5 * time.Minute}},
		"no team":       {slacktest.Fault{Error: "team_access_not_granted"}, bot.Later{After: 5 * time.Minute}},
		"too long":      {slacktest.Fault{Error: "msg_too_long"}, bot.ErrRefused},
		"blocks":        {slacktest.Fault{Error: "invalid_blocks"}, bot.ErrRefused},
		"token":         {slacktest.Fault{Error: "token_revoked"}, bot.Later{After: 5 * time.Minute}},
		"lost before":   {slacktest.Fault{Lost: true}, nil},
		"its own fault": {slacktest.Fault{Error: "internal_error"}, nil},
		"502":           {slacktest.Fault{Status: 502}, nil},
		"nameless":      {slacktest.Fault{Error: " "}, nil},
		"unheard of":    {slacktest.Fault{Error: "something_new"}, bot.ErrNotSent},
	} {
		h.slack.Fail("chat.postMessage", c.fault)
		_, err := h.deliver("t-"+name, 1, bot.Reply{Room: "slack:C0MORE", Mode: bot.New, Text: "x"})
		switch {
		case err == nil:
			t.Errorf("%s: is taken for done", name)
		case c.want != nil && !is(err, c.want),
			c.want == nil && (is(err, bot.ErrNotSent) || is(err, bot.ErrGone) || is(err, bot.ErrRefused)):
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		case strings.Contains(err.Error(), "http://"):
			t.Errorf("%s: %v names an address", name, err)
		}
	}
	for _, fault := range []string{"message_not_found", "cant_update_message", "edit_window_closed"} {
		h.slack.Fail("chat.update", slacktest.Fault{Error: fault})
		_, err := h.adapter.Send(t.Context(), bot.Delivery{ID: "e", Attempt: 1, Ref: "1.1",
			Reply: bot.Reply{Room: "slack:" + desk, Mode: bot.Edit, Text: "x"}})
		if !is(err, bot.ErrCardGone) {
			t.Errorf("%s: got %v", fault, err)
		}
	}
	h.slack.Fail("chat.postMessage", slacktest.Fault{Status: 429, RetryAfter: 17})
	_, err := h.deliver("t-429", 1, bot.Reply{Mode: bot.New, Text: "x"})
	if later, ok := asLater(err); !ok || later.After != 17*time.Second {
		t.Errorf("429: got %v", err)
	}
	posts := len(h.posts())
	_, err = h.deliver("t-next", 1, bot.Reply{Mode: bot.New, Text: "x"})
	if later, ok := asLater(err); !ok || later.After < 10*time.Second || len(h.posts()) != posts {
		t.Errorf("the channel is to be quiet, and the next post got %v after %d more", err, len(h.posts())-posts)
	}
}

// posts lists the calls that post a message: other calls come whenever the adapter looks after itself.
func (h *harness) posts() []slacktest.Call {
	return slices.DeleteFunc(h.slack.Calls(), func(c slacktest.Call) bool { return c.Method != "chat.postMessage" })
}

// TestCardGone: a card that was deleted by hand is a new one, with its own thread.
func TestCardGone(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	_, card := h.dispute("81000041")
	h.slack.Remove(desk, card.TS)
	h.tap("b-1", "Withdraw my request")
	h.tap("b-1", "Yes, withdraw it")
	h.slack.Until("there is a card again", func() bool {
		c := h.card("81000041")
		return c != nil && c.TS != card.TS && strings.Contains(c.Shown(), "Closed")
	})
}

// TestWhatIsShown: names and letters are shown as they are, and nothing in them comes alive.
func TestWhatIsShown(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	evil := "<!channel> <@UMIRA> <https://x.test|click> & *bold* :smile: \u05e9\u05dc\u05d5\u05dd"
	buttons := []bot.Button{{Token: "a", Label: evil, Style: bot.Primary}, {Token: "b", Label: strings.Repeat("x", 200)}}
	shown := bot.Reply{Mode: bot.New, Title: "Order 1 · " + evil, Text: "Asked.\n• one", Quote: evil, Choices: buttons}
	if _, err := h.deliver("t", 1, shown); err != nil {
		t.Fatal(err)
	}
	m := h.slack.Messages(desk)[0]
	if want := "Order 1 · " + evil + "\nAsked.\n• one\n> " + evil; m.Shown() != want {
		t.Errorf("got %q\nwant %q", m.Shown(), want)
	}
	if strings.ContainsAny(m.Text, "<>") || !strings.Contains(m.Text, "&lt;!channel&gt;") ||
		!strings.Contains(m.Text, "&amp; *bold*") {
		t.Errorf("the plain text is %q", m.Text)
	}
	if b := m.Buttons(); len(b) != 2 || b[0].Value != "a" || b[0].Style != "primary" || len([]rune(b[1].Label)) != 75 {
		t.Errorf("buttons: %+v", b)
	}
	posts := h.posts()
	call := posts[len(posts)-1]
	for name, want := range map[string]any{"parse": "none", "mrkdwn": false, "unfurl_links": false, "unfurl_media": false} {
		if call.Args[name] != want {
			t.Errorf("%s is %v, want %v", name, call.Args[name], want)
		}
	}
	if payload, _ := m.Metadata["event_payload"].(map[string]any); len(payload) != 1 || payload["id"] != "t" {
		t.Errorf("metadata: %v", m.Metadata)
	}
	long := strings.Repeat("ä&<\n", 3000)
	ref, err := h.deliver("long", 1, bot.Reply{Mode: bot.New, Text: long, Quote: long})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.adapter.Send(t.Context(), bot.Delivery{ID: "longer", Attempt: 1, Ref: ref,
		Reply: bot.Reply{Room: "slack:" + desk, Mode: bot.Edit, Text: long}}); err != nil {
		t.Errorf("what was posted long cannot be changed: %v", err)
	}
}

// TestPace: a channel gets no more messages than its rate allows.
func TestPace(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false, func(h *harness) { h.cfg.Rate = 20 })
	h.slack.Channel("C0MORE")
	start := time.Now()
	for i := range 5 {
		for _, room := range []bot.Room{"slack:" + desk, "slack:C0MORE"} {
			if _, err := h.deliver(string(room)+string(rune('a'+i)), 1, bot.Reply{Room: room, Mode: bot.New, Text: "x"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if took := time.Since(start); took < 190*time.Millisecond {
		t.Errorf("five messages in each channel took %s, want 200 ms at least", took)
	}
}

func is(err, target error) bool { return errors.Is(err, target) }

func asLater(err error) (later bot.Later, ok bool) {
	ok = errors.As(err, &later)
	return later, ok
}

// TestBlocks: a reply is shown elsewhere in the very blocks that Slack is sent.
func TestBlocks(t *testing.T) {
	t.Parallel()
	got := string(slack.Blocks(bot.Reply{Title: "Order 1", Text: "a <!here>", Quote: "q",
		Choices: []bot.Button{{Token: "t", Label: "Go", Style: bot.Primary}}}))
	for _, want := range []string{`"rich_text_quote"`, `"bold":true`, `"value":"t"`, `"style":"primary"`, `"action_id":"press/0"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}
