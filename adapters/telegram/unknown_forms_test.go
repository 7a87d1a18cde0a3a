package telegram

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"nevermind/adapters/telegram/telegramtest"
	"nevermind/bot"
)

// TestUnknownForms holds that what Telegram sends in a form that is not known is confirmed, answered where it is a press, and
// counted in one line of the log.
func TestUnknownForms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := telegramtest.Within(t)
		var log logBuffer
		meter, h := &countingMeter{}, &recordingInbox{}
		a := newTestAdapter(t, fake, func(c *Config) { logTo(&log)(c); c.Meter = meter })
		runAdapter(t, a, h)
		for _, raw := range []string{
			`{"update_id":UPDATE_ID,"callback_query":{"id":"Q1","from":{"id":11},"chat_instance":"1","game_short_name":"chess"}}`,
			`{"update_id":UPDATE_ID,"callback_query":{"id":"Q2","from":{"id":11},"chat_instance":"1"}}`,
			`{"update_id":UPDATE_ID,"callback_query":{"id":"Q3","chat_instance":"1","data":"tok"}}`,
			`{"update_id":UPDATE_ID,"callback_query":{"id":"Q4","from":"Ana","data":["tok"]}}`,
			`{"update_id":UPDATE_ID,"hologram":{"x":1}}`,
			`{"update_id":UPDATE_ID,"hologram":{"x":2}}`,
			`{"update_id":UPDATE_ID,"callback_query":{"id":"Q5","from":{"id":11},"data":"fine","inline_message_id":"BAAA"}}`,
		} {
			fake.Push(raw)
		}
		fake.Until(func() bool { return fake.Pending() == 0 })
		sleep(t.Context(), 2*unknownLogDelay)
		var answered []string
		for _, c := range fake.Calls("answerCallbackQuery") {
			answered = append(answered, string(c.Params["callback_query_id"]))
		}
		slices.Sort(answered)
		if want := []string{`"Q1"`, `"Q2"`, `"Q3"`, `"Q4"`, `"Q5"`}; !slices.Equal(answered, want) {
			t.Errorf("answered %v, want %v", answered, want)
		}
		if got := h.texts(); !slices.Equal(got, []string{"fine"}) || len(h.discarded) != 1 {
			t.Errorf("heard %q, discarded %q", got, h.discarded)
		}
		if got := meter.of("updates_not_ours"); got != 5 {
			t.Errorf("%d are counted, want 5", got)
		}
		if log.count("not known here") != 1 || log.count("callback_query without data (2)") != 1 || log.count("hologram (2)") != 1 {
			t.Errorf("the log: %s", log.text.String())
		}
	})
}

// TestUnknownFormsAreBounded holds that forms which never end take no memory.
func TestUnknownFormsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		uf := newUnknownForms(newTestAdapter(t, telegramtest.Within(t), nil).cfg.Log)
		for i := range 10 * maxUnknownForms {
			uf.add(strings.Repeat("x", i))
		}
		if counts := uf.drain(); len(counts) != maxUnknownForms+1 || counts["others"] != 9*maxUnknownForms {
			t.Errorf("got %v", counts)
		}
	})
}

// TestDecode holds that an update which is put back is read as it would have been when it came, its files apart: they are not
// fetched a second time.
func TestDecode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, h := telegramtest.Within(t), &recordingInbox{}
		a := newTestAdapter(t, fake, withBlobs)
		const words = `{"update_id":7,"message":{"message_id":3,"from":{"id":11},"chat":{"id":11,"type":"private"},"text":"hello"}}`
		if _, err := a.Decode([]byte(words)); err == nil {
			t.Error("it is read before the bot knows who it is")
		}
		runAdapter(t, a, h)
		synctest.Wait()
		id := messageID(a.self(), 7)
		for raw, want := range map[string]bot.Message{
			words: {Text: "hello"},
			strings.Replace(words, "hello", "/start …", 1):                              {Text: "/start", Link: "…"},
			strings.Replace(words, `"text":"hello"`, `"sticker":{}`, 1):                 {Unsupported: bot.Sticker},
			strings.Replace(words, `"text"`, `"photo":[{"file_id":"a"}],"text"`, 1):     {Text: "hello", Unsupported: bot.Unfetched},
			`{"update_id":7,"callback_query":{"id":"Q","from":{"id":11},"data":"tok"}}`: {Press: "tok"},
		} {
			want.ID, want.Room, want.Account = id, "telegram:11", "telegram:11"
			if got, err := a.Decode([]byte(raw)); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s\ngot  %+v, %v\nwant %+v", raw, got, err, want)
			}
		}
		first, err := a.Decode([]byte(strings.Replace(words, `"update_id":7,`, "", 1)))
		other, otherErr := a.Decode([]byte(strings.Replace(strings.Replace(words, `"update_id":7,`, "", 1), "hello", "hi", 1)))
		if err != nil || otherErr != nil || first.ID == other.ID {
			t.Errorf("two updates without an id have %q and %q, %v, %v", first.ID, other.ID, err, otherErr)
		}
		for _, raw := range []string{
			strings.Replace(words, `"hello"`, `["hello"]`, 1), // still unknown
			strings.Replace(words, `"text":"hello"`, `"pinned_message":{}`, 1),
			`{"update_id":9,"hologram":{}}`,
			`x`,
		} {
			if got, err := a.Decode([]byte(raw)); err == nil && got.ID != "" {
				t.Errorf("%s is read as %+v", raw, got)
			}
		}
	})
}
