package shop

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"nevermind/bot"
)

// whole reads into o what the short forms cannot say. Every field is optional.
func (f *flatDocument) whole(o *bot.Order, p *bot.Policy) {
	currency := o.Total.Currency
	o.URL, o.PayURL, o.ReturnAddress = f.address("url"), f.address("pay_url"), f.lines("return_address", 500)
	for _, name := range f.list("discounts") {
		o.Discounts = append(o.Discounts, bot.Discount{
			Code: f.text(name+".code", 64, false), Amount: f.money(name+".amount", currency, true),
			Items: f.ids(name + ".items"), Used: f.truth(name + ".used"),
		})
	}
	for _, name := range f.list("parcels") {
		o.Parcels = append(o.Parcels, bot.Parcel{
			ID: f.id(name + ".id"), Carrier: f.text(name+".carrier", 60, false), Code: f.text(name+".code", 64, false),
			Headed: f.country(name + ".destination"), URL: f.address(name + ".url"), Shipped: f.time(name+".shipped_at", false),
			DeliverBy: f.time(name+".deliver_by", false), Delivered: f.time(name+".delivered_at", false), Items: f.parts(name + ".items"),
		})
	}
	for _, name := range f.list("payments") {
		o.Payments = append(o.Payments, bot.Payment{
			ID: f.id(name + ".id"), Method: f.method(name+".method", p), Amount: f.money(name+".amount", currency, true),
		})
	}
	for _, name := range f.list("adjustments") {
		o.Adjustments = append(o.Adjustments, bot.Adjustment{
			ID: f.id(name + ".id"), Type: bot.AdjustmentType(f.oneOf(name+".type", words(bot.AdjustmentTypes))),
			Amount: f.money(name+".amount", currency, true), Payment: f.text(name+".payment", 64, false),
			Status: bot.AdjustmentStatus(f.oneOf(name+".status", words(bot.AdjustmentStatuses))),
			At:     f.time(name+".at", false), Task: f.text(name+".task_id", 64, false),
		})
	}
}

// list takes a list of objects and returns the name of each; none where it is left out or too long.
func (f *flatDocument) list(name string) (names []string) {
	v, _ := f.take(name, array)
	if v.size > maxItems {
		f.addFault(name, fmt.Sprintf("%d are too many", v.size), fmt.Sprintf("at most %d fit", maxItems))
		return nil
	}
	for i := range v.size {
		names = append(names, fmt.Sprintf("%s[%d]", name, i))
		f.take(names[i], object)
	}
	return names
}

// ids reads a list of ids; none where it is left out.
func (f *flatDocument) ids(name string) (all []string) {
	v, _ := f.take(name, array)
	for i := range v.size {
		all = append(all, f.id(fmt.Sprintf("%s[%d]", name, i)))
	}
	return all
}

// parts reads a list of quantities of lines.
func (f *flatDocument) parts(name string) (all []bot.Part) {
	for _, name := range f.list(name) {
		all = append(all, bot.Part{ID: f.id(name + ".id"), Quantity: f.count(name + ".quantity")})
	}
	return all
}

// oneOf reads one of a few words.
func (f *flatDocument) oneOf(name string, of []string) string {
	s := f.text(name, 40, true)
	for _, w := range of {
		if s == w || s == "" {
			return s
		}
	}
	f.addValueFault(name, s, 40, "not one of the words for it", "write "+strings.Join(of, ", "))
	return ""
}

// words writes values of a named string type as strings.
func words[T ~string](all []T) (plain []string) {
	for _, w := range all {
		plain = append(plain, string(w))
	}
	return plain
}

// lines reads a text of several lines, of at most limit characters.
func (f *flatDocument) lines(name string, limit int) string {
	v, _ := f.take(name, word)
	text := strings.TrimSpace(strings.ReplaceAll(v.text, "\r\n", "\n"))
	switch {
	case utf8.RuneCountInString(text) > limit:
		f.addFault(name, fmt.Sprintf("%d characters are too many", utf8.RuneCountInString(text)), fmt.Sprintf("at most %d fit", limit))
	case strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), unprintable):
		f.addFault(name, "there is a control character in it", "write plain text, with a line end between lines")
	default:
		return text
	}
	return ""
}

// cancelledQuantity reads how much of a line is cancelled, and says whether the shop counts it: whether the field is there.
func (f *flatDocument) cancelledQuantity(name string) (n int, counted bool) {
	v, ok := f.take(name, number)
	if !ok {
		return 0, false
	}
	if n, ok = wholeNumber(v.text); !ok {
		f.addValueFault(name, v.text, 24, "not a quantity", "write a whole number from 0 to the quantity")
	}
	return n, true
}

// checkSums adds the faults of an order whose fields are right each by itself.
func (f *flatDocument) checkSums(o *bot.Order) {
	for _, fault := range o.Check() {
		f.addFault(fault.Field, fault.Wrong, fault.Right)
	}
}

// lastChange is the latest time that an order gives.
func lastChange(o *bot.Order) time.Time {
	last := latest(o.Placed, o.Paid, o.Shipped, o.Delivered)
	for _, p := range o.Parcels {
		last = latest(last, p.Shipped, p.Delivered)
	}
	for _, a := range o.Adjustments {
		last = latest(last, a.At)
	}
	return last
}
