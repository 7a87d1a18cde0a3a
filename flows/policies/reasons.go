package policies

import (
	"fmt"

	"nevermind/bot"
)

// reasons reads why a buyer can cancel, in the order in which they are shown; a list in a file replaces the base's.
func (r *reader) reasons(n node) []reason {
	if nodes, ok := r.maybeList(n); ok && len(nodes) == 0 {
		r.wrong(n, "no reasons at all", "a buyer needs at least one; leave the list out to keep the built-in ones")
	}
	return listByID(r, n, "reason ", r.reason, func(one *reason) string { return one.ID })
}

// reason reads one of them. One that the base has by the same id need say only what is otherwise.
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
