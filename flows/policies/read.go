package policies

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// choices are the entries under windows that are a word rather than a span.
var choices = map[string][]string{
	"seller_silence":    {"approve", "support"},
	"dispute_silence":   {"approve", "support"},
	"support_silence":   {"remind", "buyer", "seller"},
	"withdrawal_refund": {"sent", "back"},
}

// mayBeNone are the windows that a policy may do without.
var mayBeNone = map[string]bool{"withdrawal": true, "undo": true, "last_day_notice": true}

// lineChoices are whether single lines of an order can be cancelled, or the whole order only.
var lineChoices = []string{"single", "whole"}

// named is what a stored name looks like.
var named = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// nameForm tells how to write one.
const nameForm = "write a small letter, then small letters, digits and _"

// sections are the keys that a policy file may have, in the order in which they are suggested.
var sections = []string{
	"name", "base", "lines", "overrides", "windows", "refunds", "reasons", "calendar", "evidence", "replies", "origins",
	"roles", "second_person_above", "second_person", "satisfaction", "fees", "refund_order", "retention", "appeal", "claims",
}

// retained are the things that may be kept for a while only.
var retained = []string{"cases", "obliged", "rooms", "tasks"}

// read checks a file against what it is laid over; under is nil for a base, which must be whole.
func read(file []byte, under *sheet) (*sheet, Faults) {
	r, s := &reader{under: under}, &sheet{}
	for _, p := range r.pairs(r.parse(file), sections...) {
		switch p.name {
		case "name":
			s.Name, _ = r.text(p.node, 60)
		case "base": // Read has looked at it
		case "lines":
			s.Lines = r.entry(p.node, func(n node) string { return r.oneOf(n, lineChoices...) })
		case "overrides":
			s.Overrides = r.overrides(p.node)
		case "windows":
			s.Windows = r.windows(p.node)
		case "refunds":
			s.Refunds = r.refunds(p.node)
		case "reasons":
			s.Reasons = r.reasons(p.node)
		case "calendar":
			s.Calendar = r.calendar(p.node)
		case "evidence":
			s.Evidence = r.evidence(p.node)
		case "replies":
			s.Replies = r.replies(p.node)
		case "origins":
			s.Origins = r.countries(p.node)
		case "roles":
			s.Roles = r.roles(p.node)
		case "second_person_above":
			s.Second = r.entry(p.node, r.moneyOrNone)
		case "second_person":
			s.SecondBy = r.entry(p.node, func(n node) string { return r.oneOf(n, "anybody", "lead") })
		case "satisfaction":
			s.Satisfaction = r.entry(p.node, func(n node) string { return r.oneOf(n, "off", "on") })
		case "fees":
			s.Fees = r.fees(p.node)
		case "refund_order":
			s.RefundOrder = r.words(p.node, r.id)
		case "retention":
			s.Retention = r.retention(p.node)
		case "appeal":
			s.Appeal = r.entry(p.node, r.spanOrNone)
		case "claims":
			s.Claims = r.claims(p.node)
		}
	}
	if under == nil && r.faults == nil {
		r.whole(s)
	}
	if all := s.over(under); r.faults == nil {
		r.claimed(all)
		r.led(all)
	}
	return s, r.faults.sorted()
}

// led notes leads that are too many, or wanted where none is named.
func (r *reader) led(s *sheet) {
	if s.SecondBy != nil && s.SecondBy.Value == "lead" && len(s.Roles.Leads) == 0 {
		r.faults = append(r.faults, Fault{
			Key: "second_person", Wrong: "no lead is named, so nobody could confirm anything",
			Right: "write roles: {leads: [U024BE7LH]}, or second_person: anybody",
		})
	}
	if len(s.Roles.Leads) > mostLeads {
		r.faults = append(r.faults, Fault{
			Key: "roles.leads", Wrong: fmt.Sprintf("%d leads", len(s.Roles.Leads)),
			Right: fmt.Sprintf("name at most %d: each is told directly", mostLeads),
		})
	}
}

// mostLeads is how many leads can be told directly.
const mostLeads = 10

// whole notes what a base lacks.
func (r *reader) whole(s *sheet) {
	_, other := s.Refunds["other"]
	lacks := map[string]bool{
		"name": s.Name == "", "windows": len(s.Windows) == 0, "refunds.other": !other, "reasons": len(s.Reasons) == 0,
		"calendar": s.Calendar == nil, "roles": s.Roles == nil, "second_person_above": s.Second == nil, "appeal": s.Appeal == nil,
	}
	for _, key := range slices.Sorted(maps.Keys(lacks)) {
		if lacks[key] {
			r.faults = append(r.faults, Fault{Key: key, Wrong: "missing", Right: "a base says everything"})
		}
	}
}

// entry reads a bare value, or the long form with its sources.
func (r *reader) entry(n node, value func(node) string) *entry {
	if !isMapping(n) {
		return &entry{Value: value(n)}
	}
	e, given := &entry{}, false
	for _, p := range r.pairs(n, "value", "source") {
		if p.name == "source" {
			e.Source = r.sources(p.node)
			continue
		}
		e.Value, given = value(p.node), true
	}
	if !given {
		r.wrong(n, "no value", "write {value: …, source: [S41]}")
	}
	return e
}

// windows reads the deadlines by name. A file can only change those of its base: a name that no flow waits for
// would do nothing.
func (r *reader) windows(n node) map[string]entry {
	var known []string
	if r.under != nil {
		known = slices.Sorted(maps.Keys(r.under.Windows))
	}
	all := map[string]entry{}
	for _, p := range r.pairs(n, known...) {
		if !r.name(p) {
			continue
		}
		value := r.span
		if mayBeNone[p.name] {
			value = r.spanOrNone
		}
		if words, ok := choices[p.name]; ok {
			value = func(n node) string { return r.oneOf(n, words...) }
		}
		all[p.name] = *r.entry(p.node, value)
	}
	return all
}

// refunds reads how long money takes, by way of payment.
func (r *reader) refunds(n node) map[string]refund {
	all := map[string]refund{}
	for _, p := range r.pairs(n) {
		if r.name(p) {
			all[p.name] = r.refund(p.node)
		}
	}
	return all
}

// retention reads how long each kind of thing is kept once it is over; "none" is for ever.
func (r *reader) retention(n node) map[string]entry {
	all := map[string]entry{}
	for _, p := range r.pairs(n, retained...) {
		all[p.name] = *r.entry(p.node, r.yearsOrNone)
	}
	return all
}

// refund reads one interval, the shorter span in min.
func (r *reader) refund(n node) (f refund) {
	before := len(r.faults)
	for _, p := range r.pairs(n, "min", "max", "source") {
		switch p.name {
		case "min":
			f.Min = r.spanOrZero(p.node)
		case "max":
			f.Max = r.span(p.node)
		case "source":
			f.Source = r.sources(p.node)
		}
	}
	if len(r.faults) > before {
		return f
	}
	if f.Min == "" || f.Max == "" {
		r.wrong(n, "min or max is missing", "write {min: 3bd, max: 20bd}")
	} else if over(window(f.Min), window(f.Max)) {
		r.wrong(n, fmt.Sprintf("min %s is longer than max %s", f.Min, f.Max), "put the shorter one in min")
	}
	return f
}

// name notes a key that cannot be a stored name.
func (r *reader) name(p pair) bool {
	if !named.MatchString(p.name) {
		r.wrong(p.node, fmt.Sprintf("%.40q is not a name", p.name), nameForm)
		return false
	}
	return true
}

// oneOf reads one of these words.
func (r *reader) oneOf(n node, words ...string) string {
	s, ok := r.text(n, 60)
	if ok && !slices.Contains(words, s) {
		r.wrong(n, fmt.Sprintf("%.40q is not a choice", s), "write "+strings.Join(words, " or "))
	}
	return s
}
