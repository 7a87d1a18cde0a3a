package policies

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// question matches the questions that sources answer differently.
var question = regexp.MustCompile(`^Q([1-9]|1[0-4])$`)

// fieldsClaimed are what a claim may be about besides the policy's own entries: fields of an order.
var fieldsClaimed = []string{"stage", "coupon", "ship_by", "shipping_fee"}

// claims reads what the sources say where they disagree.
func (r *reader) claims(n node) []claim { return listOf(r, n, r.claim) }

// claim reads one of them: which question, what about, what is said, by whom, and when it was read.
func (r *reader) claim(n node) (one claim) {
	for _, p := range r.pairs(n, "question", "about", "says", "source", "seen") {
		switch p.name {
		case "question":
			one.Question, _ = r.text(p.node, 20)
			if !question.MatchString(one.Question) {
				r.wrong(p.node, fmt.Sprintf("%.20q is not a question", one.Question), "the questions are Q1 to Q14")
			}
		case "about":
			one.About, _ = r.text(p.node, 80)
			r.abouts = append(r.abouts, about{p.node, one.About})
		case "says":
			one.Says, _ = r.text(p.node, 200)
		case "source":
			one.Source = r.sources(p.node)
		case "seen":
			one.Seen = r.date(p.node)
		}
	}
	if one.Question == "" || one.Says == "" {
		r.wrong(n, "question or says is missing",
			`write {question: Q2, about: refunds.card, says: "3–20 business days", source: [S68]}`)
	}
	return one
}

// about is what a claim says it is about, to be looked for once everything is read.
type about struct {
	node
	entry string
}

// claimed notes claims about entries that are not there.
func (r *reader) claimed(s *sheet) {
	for _, a := range r.abouts {
		if !s.has(a.entry) {
			r.wrong(a.node, fmt.Sprintf("there is no entry %.80q", a.entry), "write one of the policy's keys, such as "+
				"windows.seller_answer, or one of "+strings.Join(fieldsClaimed, ", "))
		}
	}
}

// has says whether the sheet has an entry by this name, or an order such a field.
func (s *sheet) has(entry string) bool {
	section, key, inner := strings.Cut(entry, ".")
	if !inner {
		return slices.Contains(sections, entry) || slices.Contains(fieldsClaimed, entry)
	}
	switch section {
	case "windows":
		_, ok := s.Windows[key]
		return ok
	case "refunds":
		_, ok := s.Refunds[key]
		return ok
	case "reasons":
		return slices.ContainsFunc(s.Reasons, func(r reason) bool { return r.ID == key })
	}
	return false
}
