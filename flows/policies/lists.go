package policies

import (
	"fmt"
	"regexp"
	"slices"
)

// What ids, countries and rules look like; ruled are the rules that there are.
var (
	identity = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)
	country  = regexp.MustCompile(`^[A-Z]{2}$`)
	numbered = regexp.MustCompile(`^[SQ][0-9]+$`)
	ruled    = regexp.MustCompile(`^(S(0[1-9]|[1-8][0-9]|9[01])|Q([1-9]|1[0-4]))$`)
)

// listOf reads a list, each member by read; nil where the node is no list.
func listOf[T any](r *reader, n node, read func(node) T) []T {
	nodes, ok := r.list(n)
	if !ok {
		return nil
	}
	all := []T{}
	for _, v := range nodes {
		all = append(all, read(v))
	}
	return all
}

// listByID reads a list whose members have an id; two of one id are a fault, which calls them by kind.
func listByID[T any](r *reader, n node, kind string, read func(node) T, id func(*T) string) []T {
	seen := map[string]bool{}
	return listOf(r, n, func(v node) T {
		one := read(v)
		if name := id(&one); name != "" {
			if seen[name] {
				r.wrong(v, fmt.Sprintf("%s%s is there twice", kind, name), "keep one")
			}
			seen[name] = true
		}
		return one
	})
}

// id reads the name of a member, which is stored.
func (r *reader) id(n node) string {
	s, _ := r.text(n, 40)
	if !named.MatchString(s) {
		r.wrong(n, fmt.Sprintf("%.40q is not a name", s), nameForm)
	}
	return s
}

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

// fees reads what sellers may keep (S82): an amount, for one seller or, where none is named, for all.
func (r *reader) fees(n node) []fee { return listOf(r, n, r.fee) }

func (r *reader) fee(n node) (one fee) {
	for _, p := range r.pairs(n, "seller", "amount", "note", "source") {
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
		r.wrong(n, "no amount", `write {seller: s-1, amount: "2.00 USD", note: …}`)
	}
	return one
}
