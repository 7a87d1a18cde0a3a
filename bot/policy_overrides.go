package bot

import (
	"maps"
	"slices"
)

// Override is what a policy decides otherwise for one seller, for orders delivered to some countries, or for orders that
// are both. What it does not name stays.
type Override struct {
	Seller    PersonID // "" is any
	Countries []string // ISO 3166; none is any
	Windows   map[string]Window
	Choices   map[string]string
	Refunds   map[string]Interval
	Reasons   []Reason // in place of all reasons
	Fees      []Fee    // in place of all fees
	Sources   map[string][]string
}

// For is the policy that counts for an order: the same for the same seller and country, with the version of the whole.
// Later overrides are laid over earlier ones. An order that is nil has the policy itself.
func (p *Policy) For(o *Order) *Policy {
	if o == nil {
		return p
	}
	all := p
	for i := range p.Overrides {
		if w := &p.Overrides[i]; w.covers(o) {
			all = all.with(w)
		}
	}
	return all
}

func (w *Override) covers(o *Order) bool {
	return (w.Seller == "" || w.Seller == o.Seller) && (len(w.Countries) == 0 || slices.Contains(w.Countries, o.Country))
}

// with is a copy with an override laid over it.
func (p *Policy) with(w *Override) *Policy {
	all := *p
	all.Windows, all.Choices, all.Refunds = laid(p.Windows, w.Windows), laid(p.Choices, w.Choices), laid(p.Refunds, w.Refunds)
	all.Sources = laid(p.Sources, w.Sources)
	if w.Reasons != nil {
		all.Reasons = w.Reasons
	}
	if w.Fees != nil {
		all.Fees = w.Fees
	}
	return &all
}

// laid lays entries over others; the same map where there is nothing to lay.
func laid[V any](under, over map[string]V) map[string]V {
	if len(over) == 0 {
		return under
	}
	all := maps.Clone(under)
	maps.Copy(all, over)
	return all
}
