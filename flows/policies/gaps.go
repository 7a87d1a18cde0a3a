package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// within are windows that should not be longer than another one, and why.
var within = []struct{ inner, outer, why string }{
	{"shop_answer", "seller_answer", "the shop would still be asked when the seller's time is over"},
	{"letter_answer", "talk_idle", "the chat would be forgotten before the letter is answered"},
	{"arrival_grace", "talk_idle", "the question whether money has come would outlive the chat"},
	{"support_answer", "support_verdict", "a case would end before support is late"},
}

// Gaps are what is odd in a policy that can be read all the same, one sentence each: a window longer than the one that
// should enclose it, an override of what is not there, a question with one side only.
func Gaps(p *bot.Policy) (gaps []string) {
	gaps = append(gaps, tooLong("", p)...)
	seen := map[string]bool{}
	for n, o := range p.Overrides {
		name := fmt.Sprintf("overrides[%d]: ", n)
		for _, key := range slices.Sorted(maps.Keys(o.Windows)) {
			if _, known := p.Windows[key]; !known {
				gaps = append(gaps, name+"windows."+key+" is not in the policy itself")
			}
		}
		for _, country := range append(slices.Clone(o.Countries), "") {
			who := string(o.Seller) + " " + country
			if seen[who] && (country != "" || len(o.Countries) == 0) {
				gaps = append(gaps, name+"an earlier override is for the same seller and country; the later one wins")
				break
			}
			seen[who] = seen[who] || country != "" || len(o.Countries) == 0
		}
		gaps = append(gaps, tooLong(name, p.For(&bot.Order{Seller: o.Seller, Country: first(o.Countries)}))...)
	}
	sides := map[string]int{}
	for _, c := range p.Claims {
		sides[c.Question]++
	}
	for _, q := range slices.Sorted(maps.Keys(sides)) {
		if sides[q] == 1 {
			gaps = append(gaps, "claims: "+q+" has one claim only, so nothing differs")
		}
	}
	return slices.Compact(append(gaps, lawless(p)...))
}

// lawless names the countries of the European Union whose consumers could not withdraw, unless the policy says so for
// them by name: a file's own overrides replace the built-in ones, and with them that of the law.
func lawless(p *bot.Policy) []string {
	var lacking []string
	for _, country := range union {
		said := slices.ContainsFunc(p.Overrides, func(o bot.Override) bool {
			_, named := o.Windows["withdrawal"]
			return named && o.Seller == "" && slices.Contains(o.Countries, country)
		})
		if !said && p.For(&bot.Order{Country: country}).Windows["withdrawal"].IsZero() {
			lacking = append(lacking, country)
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	return []string{"windows.withdrawal is none for " + strings.Join(lacking, ", ") +
		", where the law lets consumers withdraw: write {country: EU, withdrawal: 14d} under overrides, " +
		"or none if nothing is sold there"}
}

// tooLong says which windows of a policy are longer than those that they lie within, and why that matters.
func tooLong(name string, p *bot.Policy) (gaps []string) {
	for _, w := range within {
		if over(p.Windows[w.inner], p.Windows[w.outer]) {
			gaps = append(gaps,
				fmt.Sprintf("%swindows.%s %s is longer than windows.%s %s: %s", name, w.inner, spanText(p.Windows[w.inner]), w.outer,
					spanText(p.Windows[w.outer]), w.why))
		}
	}
	return gaps
}

// first is the first of a list; empty where there is none.
func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}
