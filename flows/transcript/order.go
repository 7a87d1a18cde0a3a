package transcript

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// Order reads "<number> <stage> [key=value]…": a Bamboo lamp for 24.90 USD, shipping in, bought by Ana from Lumen and
// paid by card, unless it says otherwise. "items" is a comma-separated list of title=price.
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
		return fmt.Errorf("an order knows no %q", key)
	}
	return nil
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
		o.Items = append(o.Items, bot.Item{
			ID: strconv.Itoa(i + 1), Title: strings.ReplaceAll(title, "_", " "), Quantity: 1,
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
