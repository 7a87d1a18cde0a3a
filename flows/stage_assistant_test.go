package flows_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"nevermind/bot"
)

// codeSaid is how the code for an assistant looks.
var codeSaid = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b`)

// assistant plays what Ana's own assistant does: "connect", "look", "request 8123 not_needed I found another.", "take 8123",
// "decline 8123", "counter 8123 offer_kind=partial offer_amount=10", "words 8123 Hello.". What it is answered stands below.
func (s *stage) assistant(what string) {
	what, rest, _ := strings.Cut(what, " ")
	order, more, _ := strings.Cut(rest, " ")
	p := bot.Proposal{Order: order, Facts: bot.Facts{}}
	switch what {
	case "connect":
		s.connect()
		return
	case "look":
		_, err := s.engine.AssistantLooks(s.t.Context(), s.access, "order_status", order)
		s.hears(err, "it may look")
		return
	case "request":
		reason, note, _ := strings.Cut(more, " ")
		p.Kind, p.Facts = bot.ProposeRequest, bot.Facts{"reason": reason, "note": note}
	case "words":
		p.Kind, p.Facts = bot.ProposeWords, bot.Facts{"words": more}
	default:
		p.Kind, p.Answer = bot.ProposeAnswer, what
		for field := range strings.FieldsSeq(more) {
			name, value, _ := strings.Cut(field, "=")
			p.Facts[name] = value
		}
	}
	_, until, err := s.engine.Propose(s.t.Context(), s.access, p)
	s.hears(err, "it is asked, until "+until.Format("15:04"))
}

// connect shows the newest code that Ana's chat was told.
func (s *stage) connect() {
	for _, b := range slices.Backward(s.bubbles[roomOf("Ana")]) {
		if code := codeSaid.FindString(b.reply.Text); code != "" {
			token, err := s.engine.ConnectAssistant(s.t.Context(), code, "Claude")
			if err == nil {
				s.access = token
			}
			s.hears(err, "it is connected")
			return
		}
	}
	s.t.Fatal("no code was said")
}

// hears notes what the assistant is answered.
func (s *stage) hears(err error, else_ string) {
	var unfit bot.Unfit
	switch {
	case err == nil:
		s.answers = append(s.answers, else_)
	case errors.Is(err, bot.ErrNone), errors.Is(err, bot.ErrTooMany):
		s.answers = append(s.answers, err.Error())
	case errors.As(err, new(bot.Declined)), errors.As(err, &unfit):
		s.answers = append(s.answers, err.Error())
	default:
		s.must(err)
	}
}
