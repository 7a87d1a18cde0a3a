package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// Order reads "<number> <stage> [key=value]…": a Bamboo lamp for 24.90 USD, shipping in, bought by Ana from Lumen and
// paid by card, unless it says otherwise. "items" is a comma-separated list of title=price, or title=price*quantity, whose
// lines the shop counts where "counted" stands after it. "off=NOV5:5.00:1" is a discount (of line 1, or else of all),
// "pay=gift_card:20.00,card:44.70" payments, and "parcel=LP1:1=2" a parcel that has left with two of line 1 (see addParcel).
func Order(line string) (bot.Order, error) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return bot.Order{}, fmt.Errorf("%q is no order", line)
	}
	o := bot.Order{ID: words[0], Buyer: "buyer:b-1", Seller: "seller:s-1", Stage: bot.Stage(words[1]), Method: "card",
		Placed: Opening.Add(-48 * time.Hour), Updated: Opening.Add(-47 * time.Hour), Total: Money("24.90", "USD"),
		Shipping: Money("2.50", "USD"),
		Items:    []bot.Item{{ID: "1", Title: "Bamboo lamp", Quantity: 1, Price: Money("22.40", "USD")}}}
	if o.Stage != bot.Unpaid {
		o.Paid = Opening.Add(-47 * time.Hour)
	}
	if o.Stage == bot.Processing {
		o.ShipBy = Opening.Add(5 * 24 * time.Hour)
	}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		if err := set(&o, key, value); err != nil {
			return o, fmt.Errorf("order %s: %s: %w", o.ID, w, err)
		}
	}
	if !o.Shipped.IsZero() && o.Placed.After(o.Shipped) && !strings.Contains(line, " placed=") {
		o.Placed = o.Shipped.Add(-48 * time.Hour)
		o.Paid = o.Placed.Add(time.Hour)
	}
	return o, nil
}

func set(o *bot.Order, key, value string) error {
	switch key {
	case "buyer":
		o.Buyer = Cast[value].ID
	case "seller":
		o.Seller = Cast[value].ID
	case "country":
		o.Country = value
	case "headed":
		o.Headed = value
	case "method":
		o.Method = value
	case "coupon", "unused":
		o.Coupon = bot.Coupon{Code: value, Amount: Money("5.00", "USD"), Used: key == "coupon"}
	case "noship":
		o.ShipBy = time.Time{}
	case "late":
		o.ShipBy = Opening.Add(-24 * time.Hour)
	case "placed", "sent", "came", "due":
		return setTime(o, key, value)
	case "items":
		setItems(o, value)
	case "yen":
		o.Total, o.Shipping = Money("2490", "JPY"), Money("250", "JPY")
		o.Items[0].Price = Money("2240", "JPY")
	case "dinar":
		o.Total, o.Shipping = Money("24.900", "KWD"), Money("2.500", "KWD")
		o.Items[0].Price = Money("22.400", "KWD")
	case "track":
		o.Carrier, o.Tracking = "Cainiao", value
	default:
		return setWhole(o, key, value)
	}
	return nil
}

// setWhole sets what only an order in the whole form has.
func setWhole(o *bot.Order, key, value string) error {
	switch key {
	case "counted":
		for i := range o.Items {
			o.Items[i].Counted = true
		}
	case "off":
		code, rest, _ := strings.Cut(value, ":")
		amount, lines, some := strings.Cut(rest, ":")
		d := bot.Discount{Code: code, Amount: Money(amount, o.Total.Currency), Used: true}
		if some {
			d.Items = strings.Split(lines, ",")
		}
		o.Discounts = append(o.Discounts, d)
		o.Total = o.Total.Minus(d.Amount)
	case "pay":
		o.Payments = nil
		for n, one := range strings.Split(value, ",") {
			method, amount, _ := strings.Cut(one, ":")
			o.Payments = append(o.Payments, bot.Payment{
				ID: "pay-" + strconv.Itoa(n+1), Method: method, Amount: Money(amount, o.Total.Currency),
			})
		}
	case "parcel":
		return addParcel(o, value, Opening.Add(-24*time.Hour))
	case "payhere":
		o.PayURL = value
	case "charge":
		setCharge(o, value)
	default:
		return fmt.Errorf("an order knows no %q", key)
	}
	return nil
}

// addParcel adds a parcel that has left: "LP1:1=2,3=1", or "LP1" where nobody says what is in it; then, where it matters, how
// long ago it left and came, how far off its day is, and its page: "LP1:1=2:sent=480h:due=-24h:came=1h:page=carrier.example/LP1".
func addParcel(o *bot.Order, value string, left time.Time) error {
	said := strings.Split(value, ":")
	p := bot.Parcel{ID: "p-" + strconv.Itoa(len(o.Parcels)+1), Carrier: "Cainiao", Code: said[0], Shipped: left}
	for n, one := range said[1:] {
		key, span, _ := strings.Cut(one, "=")
		d, err := time.ParseDuration(span)
		switch {
		case n == 0:
			p.Items = bot.ReadParts(one)
		case key == "page":
			p.URL = "https://" + span
		case err != nil:
			return err
		case key == "sent":
			p.Shipped = Opening.Add(-d)
		case key == "came":
			p.Delivered = Opening.Add(-d)
		case key == "due":
			p.DeliverBy = Opening.Add(d)
		default:
			return fmt.Errorf("a parcel knows no %q", key)
		}
	}
	o.Parcels = append(o.Parcels, p)
	return nil
}

// setCharge sets how the order's one chargeback stands: "open:24.90", "completed", "reversed".
func setCharge(o *bot.Order, value string) {
	status, amount, named := strings.Cut(value, ":")
	n := slices.IndexFunc(o.Adjustments, func(a bot.Adjustment) bool { return a.Type == bot.Chargeback })
	if n < 0 {
		n = len(o.Adjustments)
		o.Adjustments = append(o.Adjustments, bot.Adjustment{ID: "a-1", Type: bot.Chargeback, Amount: o.Total})
	}
	o.Adjustments = slices.Clone(o.Adjustments)
	o.Adjustments[n].Status = bot.AdjustmentStatus(status)
	if named {
		o.Adjustments[n].Amount = Money(amount, o.Total.Currency)
	}
}

// setTime sets when something was, so long ago; or "due", so far off.
func setTime(o *bot.Order, key, value string) error {
	d, err := time.ParseDuration(value)
	switch key {
	case "placed":
		o.Placed = Opening.Add(-d)
	case "sent":
		o.Shipped = Opening.Add(-d)
	case "came":
		o.Delivered = Opening.Add(-d)
	case "due":
		o.DeliverBy = Opening.Add(d)
	}
	return err
}

func setItems(o *bot.Order, list string) {
	o.Items, o.Total = nil, o.Shipping
	for i, item := range strings.Split(list, ",") {
		title, price, _ := strings.Cut(item, "=")
		price, times, several := strings.Cut(price, "*")
		quantity := 1
		if several {
			quantity, _ = strconv.Atoi(times)
		}
		o.Items = append(o.Items, bot.Item{
			ID: strconv.Itoa(i + 1), Title: strings.ReplaceAll(title, "_", " "), Quantity: quantity,
			Price: Money(price, o.Shipping.Currency),
		})
		o.Total = o.Total.Plus(Money(price, o.Shipping.Currency))
	}
}

// Money is an amount that a test is sure of.
func Money(amount, currency string) bot.Money {
	m, err := bot.ParseMoney(amount, currency)
	if err != nil {
		panic(err)
	}
	return m
}
