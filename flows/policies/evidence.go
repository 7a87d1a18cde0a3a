package policies

import "nevermind/bot"

// evidence reads what each side can show, a list for each thing that may be wrong; a list in a file replaces the base's.
func (r *reader) evidence(n node) map[string][]proof {
	all := map[string][]proof{}
	for _, p := range r.pairs(n) {
		if r.name(p) {
			all[p.name] = r.proofs(p.node)
		}
	}
	return all
}

// proofs reads one such list.
func (r *reader) proofs(n node) []proof {
	return listByID(r, n, "", r.proof, func(p *proof) string { return p.ID })
}

// proof reads what a side can show: its id, its label on a button, how it is asked for, and who has to bring it.
func (r *reader) proof(n node) (one proof) {
	before := len(r.faults)
	for _, p := range r.pairs(n, "id", "label", "ask", "from", "source") {
		switch p.name {
		case "id":
			one.ID = r.id(p.node)
		case "label":
			one.Label, _ = r.text(p.node, 30)
		case "ask":
			one.Ask, _ = r.text(p.node, 120)
		case "from":
			one.From = r.oneOf(p.node, string(bot.Buyer), string(bot.Seller))
		case "source":
			one.Source = r.sources(p.node)
		}
	}
	if len(r.faults) == before && (one.ID == "" || one.Label == "" || one.Ask == "" || one.From == "") {
		r.wrong(n, "id, label, ask or from is missing",
			`write {id: label, label: "The label", ask: "the label on the parcel", from: buyer}`)
	}
	return one
}
