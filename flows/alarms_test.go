package flows_test

import (
	"slices"
	"strings"
	"testing"
)

// wishes is how a buyer asks to cancel a whole order.
func wishes(order string) string {
	return "Ana: cancel " + order + "\nAna: [I don't need it any more]\nAna: [Yes, ask the seller]\n"
}

// cancelled is a request that the seller accepts and the shop carries out.
func cancelled(order, amount string) string {
	return wishes(order) + "Lumen: [Cancel and refund " + amount + "]\nshop: settle " + order + "\n"
}

// TestAlarms: support hears of what a person has to look at, once, and of nothing that is as it should be. What is wanted is how
// each message begins.
func TestAlarms(t *testing.T) {
	const (
		lamp, lines = "order: 81000001 processing\n", "order: 81000001 processing items=Lamp=20,Kettle=30\n"
		kettle      = "Ana: cancel 81000001\nAna: [I don't need it any more]\nAna: [Only some of it]\n" +
			"Ana: [☐ Kettle · 30.00 USD]\nAna: [Only the marked ones]\nAna: [Yes, ask the seller]\n" +
			"Lumen: [Cancel and refund 30.00 USD]\nshop: settle 81000001\n"
		refusal = "Lumen: [Say no]\nLumen: It is packed.\nAna: [Let support decide]\n"
		agreed  = "Lumen: [Cancel and refund 24.90 USD]\n"
	)
	late := func(n int) (said []string) {
		for range n {
			said = append(said, "Case C-… is still waiting, and the time to answer is over.")
		}
		return said
	}
	for name, c := range map[string]struct {
		story string
		want  []string
	}{
		"one line after the other":     {lines + kettle + cancelled("81000001", "22.50 USD") + "clock: +40d\n", nil},
		"cancelled, and so says a put": {lamp + cancelled("81000001", "24.90 USD") + "shop: cancel 81000001\nclock: +1d\n", nil},
		"approved by silence":          {lamp + wishes("81000001") + "clock: +2d\nshop: settle 81000001\nclock: +40d\n", nil},
		"withdrawn": {lamp + wishes("81000001") + "Ana: [Withdraw my request]\n" +
			"Ana: [Yes, withdraw it]\nclock: +1d\n", nil},
		"delivered after the end":       {lamp + cancelled("81000001", "24.90 USD") + "shop: deliver 81000001\nclock: +2d\n", nil},
		"nobody says whether it came":   {lamp + cancelled("81000001", "24.90 USD") + "clock: +60d\n", nil},
		"shipped meanwhile, said twice": {lamp + wishes("81000001") + strings.Repeat("shop: ship 81000001 LP00123456\n", 2), nil},
		"a total, told twice": {lamp + wishes("81000001") + strings.Repeat("shop: total 81000001 34.90\n", 2),
			[]string{"The shop has changed the order of case C-…"}},
		"one chargeback, told three times": {lamp + wishes("81000001") + strings.Repeat("shop: charge 81000001 open:24.90\n", 3),
			[]string{"A chargeback is open about the order of case C-…"}},
		"a chargeback that is won, told twice": {lamp + wishes("81000001") + "shop: charge 81000001 open:24.90\n" +
			strings.Repeat("shop: charge 81000001 reversed\n", 2),
			[]string{"A chargeback is open about the order of case C-…", "The chargeback about the order of case C-… is won"}},
		"paid in two ways, told twice": {lamp + wishes("81000001") + agreed + strings.Repeat("shop: returns 81000001 24.90\n", 2),
			[]string{"The shop says about case C-… that it has already sent 24.90 USD",
				"The shop was asked to send 24.90 USD, and money"}},
		"a refund that came back": {lamp + cancelled("81000001", "24.90 USD") + "clock: +5d\nshop: bounce 81000001 closed\n",
			[]string{"A refund of 24.90 USD was done and has come back."}},
		"a refund that failed": {lamp + wishes("81000001") + agreed + "shop: fail 81000001 closed\n",
			[]string{"The shop couldn't send 24.90 USD"}},
		"support is away for 60 days": {lamp + wishes("81000001") + refusal + "clock: +60d\n",
			append([]string{"A case for you: Ana asks you to decide.", "Case C-… is still waiting: half of the time is over."},
				late(5)...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, _ := play(t, c.story, nil)
			if said := deskHears(out); !slices.EqualFunc(said, c.want, strings.HasPrefix) {
				t.Errorf("support hears\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// deskHears is what is said to support, the first line of each message.
func deskHears(played string) (said []string) {
	for _, block := range strings.Split(played, "\n    ← ")[1:] {
		if text, ok := strings.CutPrefix(block, "desk | "); ok {
			words := strings.SplitN(text, "\n", 3)
			said = append(said, strings.TrimSpace(words[min(1, len(words)-1)]))
		}
	}
	return said
}
