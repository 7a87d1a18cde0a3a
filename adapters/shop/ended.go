package shop

import (
	"cmp"
	"unicode/utf8"

	"nevermind/bot"
)

// Ended is how the shop says that a command has ended: {"outcome":"done"} or {"outcome":"failed","detail":"…"}.
type Ended struct {
	Done   bool
	Detail string // why it failed, on one line
}

// maxDetail is how much is kept of why a command failed, in characters.
const maxDetail = 300

// DecodeEnded reads how a command has ended; the error is Faults. A detail is cut and cleaned rather than refused: the
// outcome matters more.
func DecodeEnded(text []byte) (Ended, error) {
	f := flatten(text, "an outcome")
	if f.faults != nil && len(f.at) == 0 {
		return Ended{}, f.faults
	}
	outcome := f.outcome()
	detail, _ := f.take("detail", word)
	f.unknown()
	if f.faults != nil {
		return Ended{}, f.faults
	}
	return newEnded(outcome, detail.text), nil
}

// DecodeAnswer reads how a command has ended from the shop's answer to it. What else the answer says is passed over, a
// number of its own, say: nobody is there to be told of it, and the command would be sent again for days.
func DecodeAnswer(text []byte) (Ended, error) {
	f := flatten(text, "an outcome")
	if f.faults == nil {
		detail := f.at["detail"].text
		if outcome := f.outcome(); f.faults == nil {
			return newEnded(outcome, detail), nil
		}
	}
	return Ended{}, f.faults
}

func newEnded(outcome, detail string) Ended {
	return Ended{Done: outcome == "done", Detail: cut(bot.Clean(detail), maxDetail)}
}

func (f *form) outcome() string {
	outcome := f.text("outcome", 40, true)
	if outcome != "" && outcome != "done" && outcome != "failed" {
		f.unfit("outcome", outcome, 40, "not an outcome", "write done or failed")
	}
	return outcome
}

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// Outcome is what the end of a command is to the conversation that asked; false where the task is none that the shop
// ends.
func (e Ended) Outcome(do string) (bot.Outcome, bool) {
	events := map[string][2]string{
		"cancel_order": {"cancel_failed", "order_cancelled"},
		"pay_refund":   {"refund_failed", "refund_settled"},
	}
	event, ok := events[do]
	if !ok {
		return bot.Outcome{}, false
	}
	if e.Done {
		return bot.Done(event[1], nil), true
	}
	return bot.Done(event[0], bot.Facts{"failure": cmp.Or(e.Detail, "the shop gave no reason")}), true
}
