package shop

import (
	"cmp"
	"slices"
	"strings"

	"nevermind/bot"
)

// Ended is how the shop says that a command has ended: {"outcome":"done"} or {"outcome":"failed","detail":"…"}; or, of a
// refund that was done, that the money has come back since: {"outcome":"bounced","detail":"…"}.
type Ended struct {
	Done    bool
	Detail  string // why it failed or came back, on one line
	Bounced bool   // a refund that was done has come back; Done is then false
}

// maxDetail is how much of the reason for a failure is stored, in characters.
const maxDetail = 300

// DecodeEnded reads how a command has ended from a call that the shop makes; the error is Faults. A detail is shortened and
// sanitized rather than refused: the outcome matters more.
func DecodeEnded(text []byte) (Ended, error) {
	f := flatten(text, "an outcome")
	// Nothing could be read; more faults would only repeat that.
	if f.faults != nil && len(f.at) == 0 {
		return Ended{}, f.faults
	}
	outcome := f.outcome("done", "failed", "bounced")
	detail, _ := f.take("detail", word)
	f.refuseUnknown()
	if f.faults != nil {
		return Ended{}, f.faults
	}
	return newEnded(outcome, detail.text), nil
}

// DecodeAnswer reads how a command has ended from the shop's answer to its webhook; the error is Faults. Fields that are
// not known are ignored: nobody is there to be told of them, and the command would be sent again for days.
func DecodeAnswer(text []byte) (Ended, error) {
	f := flatten(text, "an outcome")
	if f.faults == nil {
		detail := f.at["detail"].text
		if outcome := f.outcome("done", "failed"); f.faults == nil {
			return newEnded(outcome, detail), nil
		}
	}
	return Ended{}, f.faults
}

// newEnded makes an Ended of a checked outcome and a raw detail.
func newEnded(outcome, detail string) Ended {
	return Ended{Done: outcome == "done", Bounced: outcome == "bounced", Detail: bot.Shorten(bot.Clean(detail), maxDetail)}
}

// outcome reads the field that says how a command has ended: one of these words.
func (f *flatDocument) outcome(these ...string) string {
	outcome := f.text("outcome", 40, true)
	if outcome != "" && !slices.Contains(these, outcome) {
		f.addValueFault("outcome", outcome, 40, "not an outcome", "write "+orList(these))
	}
	return outcome
}

// orList writes words with commas and an "or" between them.
func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// Outcome is what the end of a command means to the conversation that asked, by the task's name; false where the task is
// none that the shop ends.
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
