package flows

import (
	"strings"

	"nevermind/bot"
)

// madeUpOf itemises what would come back: each line's share of what was paid, delivery, discounts, and what was sent back
// before (S79, S80, Q5, Q7). Empty where that does not come to the amount named.
func madeUpOf(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil || asked(v).IsZero() {
		return ""
	}
	back, some := refundOf(v), len(markedLines(v)) > 0
	if !back.Rest.IsZero() || some && !back.Before.IsZero() {
		return ""
	}
	p := preview{v: v, r: r, marked: isWhole(o)}
	for _, l := range back.Lines {
		p.add(p.certain(), p.line(o, l.Part)+": ", l.Amount, p.others(o, l.Part))
	}
	p.add(p.certain(), v.Say(r, "delivery: "), back.Delivery, "")
	p.add("", v.Say(r, "less what was sent back before: "), back.Before, "")
	p.discounts(o, back)
	if some && back.Delivery.IsZero() {
		p.add("", v.Say(r, "delivery, "), o.Shipping, v.Say(r, ", stays paid: the rest still ships"))
	}
	p.possible(o)
	return p.words.String()
}

// preview gathers the items of what would come back. Where it is marked, each says whether it is certain or only possible:
// certain is what comes back if the request is granted.
type preview struct {
	v      *bot.View
	r      *bot.Person
	marked bool
	words  strings.Builder
}

// add writes one item; nothing for no money.
func (p *preview) add(mark, label string, amount bot.Money, rest string) {
	if !amount.IsZero() {
		p.words.WriteString("\n– " + mark + label + amount.String() + rest)
	}
}

// certain marks what comes back if the request is granted; nothing where nothing is marked.
func (p *preview) certain() string {
	if !p.marked {
		return ""
	}
	return p.v.Say(p.r, "certain: ")
}

// line is a quantity of a line in words.
func (p *preview) line(o *bot.Order, part bot.Part) string {
	if p.marked {
		return partWords(o, []bot.Part{part})
	}
	return itemWords([]bot.Item{pieces(o, part)})
}

// others says that others of the line stay, where only a part of what could be cancelled is.
func (p *preview) others(o *bot.Order, part bot.Part) string {
	for _, open := range o.OpenParts() {
		if open.ID == part.ID && part.Quantity < open.Quantity {
			return p.v.Say(p.r, ", and the others stay ordered")
		}
	}
	return ""
}

// discounts says what of the order's discounts is taken off already: those of the lines, and those of the whole order.
func (p *preview) discounts(o *bot.Order, back bot.Refund) {
	if len(o.Discounts) == 0 && o.Coupon.Used {
		p.add("", p.v.Say(p.r, "the coupon of "), o.Coupon.Amount, p.v.Say(p.r, " is taken off already"))
	}
	for _, d := range o.Discounts {
		if len(d.Items) == 0 {
			p.add("", p.v.Say(p.r, "the discount of "), d.Amount, p.v.Say(p.r, " on the whole order is taken off already, by price"))
			continue
		}
		for _, l := range back.Lines {
			if len(d.Items) == 1 && d.Items[0] == l.ID {
				p.add("", p.v.Say(p.r, "the discount of "), d.Amount,
					p.v.Say(p.r, " on ")+itemWords([]bot.Item{titleOf(o, l.ID)})+p.v.Say(p.r, " is taken off already"))
			}
		}
	}
}

// possible says what may yet be taken off or come on top, and what may hold it up.
func (p *preview) possible(o *bot.Order) {
	if !p.marked {
		return
	}
	mark := p.v.Say(p.r, "possible: ")
	for _, f := range p.v.Policy.Fees {
		if f.Seller == "" || bot.NewPersonID(bot.Seller, f.Seller) == o.Seller {
			p.add(mark, p.v.Say(p.r, "less a fee of "), f.Amount, p.v.Say(p.r, ", as the seller's terms say"))
		}
	}
	for _, d := range o.Discounts {
		if d.Used && d.Code != "" {
			p.words.WriteString("\n– " + mark + p.v.Say(p.r, "the code ") + bot.Clean(d.Code) +
				p.v.Say(p.r, " comes back as a code; that is the shop's to say"))
		}
	}
	if o.RefundsHeld() {
		p.words.WriteString(p.v.Say(p.r, "\n• The bank has asked for money of this order back. "+
			"Until that is decided, nothing is sent."))
	}
}

// isWhole says whether the shop has said more of an order than its short form can.
func isWhole(o *bot.Order) bool {
	for n := range o.Items {
		if o.Items[n].Counted {
			return true
		}
	}
	return len(o.Discounts)+len(o.Payments)+len(o.Parcels)+len(o.Adjustments) > 0
}

// pieces is a line of an order with the quantity of a part of it.
func pieces(o *bot.Order, part bot.Part) bot.Item {
	i := titleOf(o, part.ID)
	i.Quantity = part.Quantity
	return i
}

// titleOf is the line of an order with this id, as one piece.
func titleOf(o *bot.Order, id string) bot.Item {
	for _, i := range o.Items {
		if i.ID == id {
			i.Quantity = 1
			return i
		}
	}
	return bot.Item{ID: id, Title: id, Quantity: 1}
}

// goesBack says where the money goes and how long that usually takes: of several payments each by itself (S73, Q2).
func goesBack(v *bot.View, r *bot.Person) string {
	shares := sharesOf(v, asked(v))
	if len(shares) == 0 {
		return v.Say(r, "If it is approved, the money goes back to {method} and should be there by {money_by}. "+
			"That counts everything: "+
			"{answer_time} for {seller}, {refund_send_time} for the shop to send it, and {refund_interval} until it shows.")
	}
	o := orderOf(v)
	words := v.Say(r, "If it is approved, the money goes back the way it was paid, "+
		"once the shop has sent it, within {refund_send_time}:")
	for _, s := range shares {
		way := methodOf(o, s.ID)
		words += "\n– " + s.Amount.String() + v.Say(r, " to ") + v.Say(r, methodWords(way)) +
			v.Say(r, ", usually within ") + formatInterval(v, r, v.Policy.Refund(way))
	}
	return words
}
