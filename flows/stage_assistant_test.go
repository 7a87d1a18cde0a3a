package flows_test

import (
	"slices"

	"nevermind/flows/transcript"
)

// assistant plays what Ana's own assistant does; what it is answered stands below the line.
func (s *stage) assistant(what string) {
	code := ""
	for _, b := range slices.Backward(s.bubbles[roomOf("Ana")]) {
		if code = transcript.Code(b.reply.Text); code != "" {
			break
		}
	}
	answer, err := s.own.Play(s.t.Context(), s.engine.Assistants(), what, code)
	s.must(err)
	s.answers = append(s.answers, answer)
}
