package flows_test

import (
	"strings"
	"testing"

	"nevermind/bot"
)

// TestCannedReplyInTheReadersLanguage: a reply is filled in in the language of whoever reads it, and the agent is told
// where it is not there in it.
func TestCannedReplyInTheReadersLanguage(t *testing.T) {
	for _, c := range []struct{ reply, want string }{
		{
			"We are looking into it",
			"Ana reads Spanish. This is what they would read:\n\nGracias por escribirnos. " +
				"Una persona de nuestro equipo de soporte está revisando el pedido 81000001.",
		},
		{
			"When we answer",
			"Ana reads Spanish. This is what they would read:\n\nPrevemos responder sobre el pedido 81000001 a más tardar el domingo 22 " +
				"de noviembre, 10:00",
		},
	} {
		s := newStage(t, "")
		for _, line := range []string{
			"order: 81000001 processing", "Ana: cancel 81000001", "Ana: [Something else]", "Ana: My plans have changed.",
			"Ana: [Yes, ask the seller]",
			"Lumen: [Say no]", "Lumen: It is packed.", "Ana: [Let support decide]",
		} {
			s.line(line)
			s.drain()
		}
		s.person(bot.Person{ID: "buyer:b-1", Language: "es"})
		for _, line := range []string{"Mira: [Canned reply…]", "Mira: [To the buyer: " + c.reply + "]"} {
			s.line(line)
			s.drain()
		}
		said := s.bubbles["stage:desk"]
		if got := said[len(said)-1].reply.Text; !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got\n%s\nwant it to begin with\n%s", c.reply, got, c.want)
		}
	}
}
