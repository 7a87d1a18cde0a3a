package policies

import (
	"fmt"
	"regexp"
	"slices"
)

var (
	identity = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)
	country  = regexp.MustCompile(`^[A-Z]{2}$`)
	numbered = regexp.MustCompile(`^[SQ][0-9]+$`)
	ruled    = regexp.MustCompile(`^(S(0[1-9]|[1-8][0-9]|9[01])|Q([1-9]|1[0-4]))$`)
)

// words reads a list of words, each checked by one.
func (r *reader) words(n node, one func(node) string) []string {
	nodes, ok := r.list(n)
	if !ok {
		return nil
	}
	all := []string{}
	for _, v := range nodes {
		s := one(v)
		if s != "" && slices.Contains(all, s) {
			r.wrong(v, fmt.Sprintf("%.40q is there twice", s), "keep one")
		}
		all = append(all, s)
	}
	return all
}

// sources reads [S41, Q1]: rules and questions of the field, or another source in a few words.
func (r *reader) sources(n node) []string {
	return r.words(n, func(v node) string {
		s, _ := r.text(v, 80)
		if numbered.MatchString(s) && !ruled.MatchString(s) {
			r.wrong(v, fmt.Sprintf("there is no rule %.10s", s), "rules are S01 to S91, questions Q1 to Q14")
		}
		return s
	})
}

// countries reads a list of ISO 3166 codes.
func (r *reader) countries(n node) []string {
	return r.words(n, func(v node) string {
		s, ok := r.text(v, 2)
		if ok && !country.MatchString(s) {
			r.wrong(v, fmt.Sprintf("%.10q is not a country", s), "write two capital letters, such as CN")
		}
		return s
	})
}

func (r *reader) fees(n node) []fee {
	nodes, ok := r.list(n)
	if !ok {
		return nil
	}
	all := []fee{}
	for _, v := range nodes {
		var one fee
		for _, p := range r.pairs(v, "seller", "amount", "note", "source") {
			switch p.name {
			case "seller":
				one.Seller = r.identity(p.node)
			case "amount":
				one.Amount = r.money(p.node)
			case "note":
				one.Note, _ = r.text(p.node, 200)
			case "source":
				one.Source = r.sources(p.node)
			}
		}
		if one.Amount == "" {
			r.wrong(v, "no amount", `write {seller: s-1, amount: "2.00 USD", note: …}`)
		}
		all = append(all, one)
	}
	return all
}
