package flows

import (
	"strings"

	"nevermind/bot"
)

// madeUpOf itemises what would come back, one item a line, each marked as certain or only possible (S79, S80, Q5, Q7): each
// line's share of what was paid, delivery, discounts, and what was sent back before. Certain is what holds if the request is
// granted. Empty where the items do not come to the amount named.
func madeUpOf(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	if o == nil || asked(v).IsZero() {
		return ""
	}
	back, some := refundOf(v), len(markedLines(v)) > 0
	if !back.Rest.IsZero() || some && !back.Before.IsZero() {
		return ""
	}
	p := preview{v: v, r: r}
	for _, l := range back.Lines {
		p.line(o, l)
	}
	p.item("– Delivery: {sum} (certain).", back.Delivery, nil)
	p.item("– Less what was sent back before: {sum} (certain).", back.Before, nil)
	if some && back.Delivery.IsZero() {
		p.item("– Delivery, {sum}, isn't paid back, because you keep a part of the order (certain).", o.Shipping, nil)
	}
	p.discounts(o, back)
	p.possible(o)
	return p.words.String()
}

// preview gathers the items of what would come back.
type preview struct {
	v     *bot.View
	r     *bot.Person
	words strings.Builder
}

// item writes one of them; nothing for no money.
func (p *preview) item(words string, sum bot.Money, values bot.Facts) {
	if !sum.IsZero() {
		p.say(words, p.v.With(values).With(bot.Facts{"sum": sum.String()}))
	}
}

// say writes one of them that names no money, or has it already.
func (p *preview) say(words string, v *bot.View) { p.words.WriteString("\n" + v.Say(p.r, words)) }

// line writes the share of a line, and that others of it stay, where only a part of what could be cancelled is.
func (p *preview) line(o *bot.Order, l bot.LineRefund) {
	what := bot.Facts{"part": partWords(p.v, p.r, o, []bot.Part{l.Part})}
	for _, open := range o.OpenParts() {
		if open.ID == l.ID && l.Quantity < open.Quantity {
			p.item("– {part}: {sum} (certain). The others stay ordered.", l.Amount, what)
			return
		}
	}
	p.item("– {part}: {sum} (certain).", l.Amount, what)
}

// discounts says which of the order's discounts are taken off these amounts already.
func (p *preview) discounts(o *bot.Order, back bot.Refund) {
	if len(o.Discounts) == 0 && o.Coupon.Used {
		p.item("– Your coupon of {sum} is taken off these amounts already (certain).", o.Coupon.Amount, nil)
	}
	for _, d := range o.Discounts {
		if len(d.Items) == 0 {
			p.item("– The discount of {sum} on the whole order is shared out by price and taken off already (certain).", d.Amount, nil)
			continue
		}
		for _, l := range back.Lines {
			if len(d.Items) == 1 && d.Items[0] == l.ID {
				p.item("– The discount of {sum} on {part} is taken off already (certain).", d.Amount,
					bot.Facts{"part": itemWords(p.v, p.r, []bot.Item{titleOf(o, l.ID)})})
			}
		}
	}
}

// possible says what may yet be taken off or come on top, and what holds it up.
func (p *preview) possible(o *bot.Order) {
	for _, f := range feesOf(p.v) {
		p.item("– Less a fee of {sum} that {seller} may keep, as their terms say (possible).", f.Amount, nil)
	}
	whole := len(markedLines(p.v)) == 0
	switch {
	case whole && o.Coupon.Code != "" && o.Coupon.Used && len(o.Discounts) == 0:
		p.say("– Your coupon itself comes back only if the shop says so (possible).", p.v)
	case whole && o.Coupon.Code != "" && !o.Coupon.Used:
		p.say("– Your coupon wasn't used, and stays yours (certain).", p.v)
	}
	for _, d := range o.Discounts {
		if d.Used && d.Code != "" {
			p.say("– The code {code} comes back as a code if the shop says so (possible).", p.v.With(bot.Facts{"code": bot.Clean(d.Code)}))
		}
	}
	if o.RefundsHeld() {
		p.say("• The bank has asked for money of this order back. Until that is decided, nothing is sent.", p.v)
	}
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

// goesBack says where the money goes and by when it should be there: of several payments each by itself (S73, Q2).
func goesBack(v *bot.View, r *bot.Person) string {
	shares := sharesOf(v, asked(v))
	if len(shares) == 0 {
		return v.Say(r, "If it is approved, your money goes back to {method}. It should be there by {money_by} at the latest.")
	}
	o := orderOf(v)
	lines := []string{v.Say(r, "If it is approved, the shop sends the money back within {refund_send_time}, the way you paid:")}
	for _, s := range shares {
		way := methodOf(o, s.ID)
		lines = append(lines, v.With(bot.Facts{"sum": s.Amount.String(), "way": v.Say(r, methodWords(way)),
			"span": formatInterval(v, r, v.Policy.Refund(way))}).Say(r, "– {sum} to {way}, usually within {span}"))
	}
	return strings.Join(lines, "\n")
}
