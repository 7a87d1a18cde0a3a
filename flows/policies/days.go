package policies

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// calendar reads which days are no business days: a country's holidays, and further dates. What a file leaves out
// stays as in the base.
func (r *reader) calendar(n node) *days {
	d := &days{Country: "none", Holidays: []string{}}
	if r.under != nil {
		*d = *r.under.Calendar
		d.Source = nil
	}
	pairs := r.pairs(n, "country", "holidays", "source")
	if len(pairs) == 0 {
		return nil
	}
	for _, p := range pairs {
		switch p.name {
		case "country":
			d.Country = r.country(p.node)
		case "holidays":
			d.Holidays = r.words(p.node, r.date)
			slices.Sort(d.Holidays)
		case "source":
			d.Source = r.sources(p.node)
		}
	}
	return d
}

// country reads whose holidays count: an ISO code that the library knows, or "none".
func (r *reader) country(n node) string {
	s, ok := r.text(n, 20)
	if ok && s != "none" && countries[strings.ToUpper(s)] == nil {
		r.wrong(n, fmt.Sprintf("the holidays of %.20q are not known", s), "write none or one of "+knownCountries())
	}
	if s == "none" {
		return s
	}
	return strings.ToUpper(s)
}

// date reads a day as YYYY-MM-DD.
func (r *reader) date(n node) string {
	s, ok := r.text(n, 20)
	if _, err := time.Parse(time.DateOnly, s); ok && err != nil {
		r.wrong(n, fmt.Sprintf("%.20q is not a date", s), "write it like 2026-12-25")
	}
	return s
}

// roles reads who of support's people are leads, by id.
func (r *reader) roles(n node) *roles {
	all := &roles{Leads: []string{}}
	if r.under != nil {
		*all = *r.under.Roles
	}
	for _, p := range r.pairs(n, "leads") {
		all.Leads = r.words(p.node, r.identity)
	}
	return all
}
