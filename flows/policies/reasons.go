package policies

import (
	"fmt"
	"slices"

	"nevermind/bot"
)

func (r *reader) reasons(n node) []reason {
	nodes, ok := r.list(n)
	if ok && len(nodes) == 0 {
		r.wrong(n, "no reasons at all", "a buyer needs at least one; leave the list out to keep the built-in ones")
	}
	var all []reason
	for _, v := range nodes {
		one := r.reason(v)
		if one.ID != "" && slices.ContainsFunc(all, func(q reason) bool { return q.ID == one.ID }) {
			r.wrong(v, fmt.Sprintf("reason %s is there twice", one.ID), "keep one")
		}
		all = append(all, one)
	}
	return all
}

func (r *reader) reason(n node) reason {
	var one reason
	before := len(r.faults)
	pairs := r.pairs(n, "id", "label", "fault", "fine", "source")
	for _, p := range pairs {
		if p.name == "id" {
			one = r.like(p)
		}
	}
	for _, p := range pairs {
		switch p.name {
		case "label":
			one.Label, _ = r.text(p.node, 60)
		case "fault":
			one.Fault = r.oneOf(p.node, string(bot.Buyer), string(bot.Seller))
		case "fine":
			one.Fine = r.truth(p.node)
		case "source":
			one.Source = r.sources(p.node)
		}
	}
	if len(r.faults) == before && (one.ID == "" || one.Label == "" || one.Fault == "") {
		r.wrong(n, "id, label or fault is missing", "a new reason says {id: …, label: …, fault: buyer or seller}")
	}
	return one
}

// like returns the base's reason of this id, to be overridden; its sources do not stand for what a file says.
func (r *reader) like(p pair) reason {
	id, ok := r.text(p.node, 40)
	if ok && !named.MatchString(id) {
		r.wrong(p.node, fmt.Sprintf("%.40q is not a name", id), nameForm)
	}
	if r.under != nil {
		for _, q := range r.under.Reasons {
			if q.ID == id {
				q.Source = nil
				return q
			}
		}
	}
	return reason{ID: id}
}
