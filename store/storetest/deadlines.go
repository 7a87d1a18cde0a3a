package storetest

import (
	"time"

	"nevermind/bot"
)

// deadlines: they follow their conversation, come due in order, and can be rebuilt.
var deadlines = []behaviour{
	{"they are listed when their time has come, earliest first", func(h *fixture) {
		h.nextDeadline(time.Time{})
		h.waits("case/b", 0, 20, 40)
		h.waits("case/a", 0, 30)
		h.waits("case/none", 0)
		h.each(func() {
			h.due(19, 9)
			h.due(20, 9, 20)
			h.due(60, 9, 20, 30, 40)
			h.due(60, 2, 20, 30)
			h.due(60, 0)
			h.nextDeadline(minutes(20))
		})
	}},
	{"they are replaced with the conversation", func(h *fixture) {
		h.waits("case/a", 0, 20, 30)
		h.waits("case/a", 1, 30, 50)
		h.each(func() { h.due(60, 9, 30, 50) })
		h.waits("case/a", 2)
		h.each(func() { h.nextDeadline(time.Time{}) })
	}},
	{"they are gone when it is closed", func(h *fixture) {
		c := h.waits("case/a", 0, 20)
		c.Version, c.Closed = 1, minutes(10)
		h.commit(10, bot.Commit{Conversation: c})
		h.each(func() { h.due(60, 9) })
		got, err := h.Conversation(h.Context(), "case/a")
		h.equal("kept with it", len(ok(h, err, got).Deadlines), 1)
	}},
	{"one says all about itself", func(h *fixture) {
		want := bot.DueDeadline{Key: "case/a", Deadline: bot.Deadline{Window: "seller_answer", Half: true, At: minutes(20).Add(7),
			Event: "seller_reminded", Visit: 3}}
		twin := want
		twin.Visit = 4
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/a", Deadlines: []bot.Deadline{want.Deadline, twin.Deadline}}})
		h.each(func() {
			got, err := h.Due(h.Context(), minutes(21), 9)
			h.equal("due", ok(h, err, got), []bot.DueDeadline{want, twin})
		})
	}},
	{"those of one instant come by conversation, then the shorter name first", func(h *fixture) {
		for _, key := range []bot.Key{"case/8/1", "case/8/0"} {
			c := &bot.Conversation{Key: key}
			for _, name := range []string{"half support_answer", "support", "snooze"} {
				d := bot.DeadlineNamed(name)
				d.At = minutes(5)
				c.Deadlines = append(c.Deadlines, d)
			}
			h.commit(0, bot.Commit{Conversation: c})
		}
		got, err := h.Due(h.Context(), minutes(5), 9)
		var order []string
		for _, d := range ok(h, err, got) {
			order = append(order, string(d.Key)+" "+d.Name())
		}
		h.equal("due", order, []string{"case/8/0 snooze", "case/8/0 support", "case/8/0 half support_answer",
			"case/8/1 snooze", "case/8/1 support", "case/8/1 half support_answer"})
	}},
	{"there is nothing to mend in a sound store", func(h *fixture) {
		for _, key := range []bot.Key{"case/a", "case/b", "talk/telegram:1", "talk/telegram:11"} {
			h.waits(key, 0, 10, 20)
			h.commit(0, bot.Commit{Entry: &bot.Entry{Conversation: key, Seq: 1}})
		}
		h.commit(0, bot.Commit{Conversation: &bot.Conversation{Key: "case/closed", Closed: minutes(1),
			Deadlines: []bot.Deadline{{At: minutes(2)}}}, Terms: []string{"x", "x"}})
		fixed, err := h.Rebuild(h.Context())
		h.equal("mended", ok(h, err, fixed), 0)
		h.due(60, 9, 10, 10, 10, 10, 20, 20, 20, 20)
	}},
}

// waits stores a conversation with deadlines at these minutes.
func (h *fixture) waits(key bot.Key, version int64, at ...int) *bot.Conversation {
	h.Helper()
	c := &bot.Conversation{Key: key, Version: version}
	for _, m := range at {
		c.Deadlines = append(c.Deadlines, bot.Deadline{Window: "w", At: minutes(m)})
	}
	h.commit(0, bot.Commit{Conversation: c, Terms: []string{"open"}})
	return c
}

// due wants the deadlines of these minutes to be due.
func (h *fixture) due(minute, n int, want ...int) {
	h.Helper()
	got, err := h.Due(h.Context(), minutes(minute), n)
	at := []int{}
	for _, d := range ok(h, err, got) {
		at = append(at, int(d.At.Sub(start)/time.Minute))
	}
	h.equal("due", at, append([]int{}, want...))
}

func (h *fixture) nextDeadline(want time.Time) {
	h.Helper()
	got, err := h.NextDeadline(h.Context())
	if !ok(h, err, got).Equal(want) {
		h.Fatalf("next deadline: got %v, want %v", got, want)
	}
}
