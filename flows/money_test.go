package flows

import (
	"strings"
	"testing"

	"nevermind/bot"
)

// TestS20Share: a line's share is exact and never overflows, whatever the currency.
func TestS20Share(t *testing.T) {
	for _, c := range []struct{ goods, part, all, want int64 }{
		{5750, 2000, 6000, 1916}, {1, 1, 3, 0}, {0, 5, 10, 0},
		{4_400_000_000_00, 3_000_000_000, 4_500_000_000, 2_933_333_333_33},
		{1 << 60, 1 << 59, 1 << 60, 1 << 59},
	} {
		of := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
		o := &bot.Order{Stage: bot.Processing, Total: of(c.goods), Shipping: of(0), Items: []bot.Item{
			{ID: "1", Quantity: 1, Price: of(c.part)}, {ID: "2", Quantity: 1, Price: of(c.all - c.part)},
		}}
		if got := asked(viewOf(o, bot.Facts{"lines": "1"})); got.Minor != c.want {
			t.Errorf("share(%d, %d, %d) is %d, want %d", c.goods, c.part, c.all, got.Minor, c.want)
		}
	}
}

// TestAmountsAsPeopleWriteThem: an amount is read where it can only mean one thing, and asked again where it can mean two.
func TestAmountsAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ text, currency, want string }{
		{"¥5,800", "JPY", "5800 JPY"}, {"17,000", "USD", "17000.00 USD"}, {"1 250,50", "EUR", "1250.50 EUR"},
		{"US$ 12.50", "USD", "12.50 USD"}, {"1.250,50 €", "EUR", "1250.50 EUR"}, {"1'250.50", "CHF", "1250.50 CHF"},
		{"١٢٫٥", "KWD", "12.500 KWD"}, {"R$ 1.234,56", "BRL", "1234.56 BRL"}, {"₩12,000", "KRW", "12000 KRW"},
		{"1,00,000", "INR", "100000.00 INR"}, {"12.-", "CHF", "12.00 CHF"}, {"10,5", "EUR", "10.50 EUR"}, {"２４．９０", "USD", "24.90 USD"},
		{"1,250", "KWD", "two ways"}, {"1.250", "KWD", "1.250 KWD"}, {"1,250 KD", "KWD", "two ways"}, {"12,500 BD", "BHD", "two ways"},
		{"€10", "USD", "can't read"}, {"ten", "USD", "can't read"}, {"1,2,3", "USD", "can't read"}, {"-5", "USD", "can't read"},
	} {
		value, unfit := fitAmount(&bot.Field{Max: bot.Money{Minor: 1 << 50, Currency: c.currency}}, c.text)
		if got := value + unfit; !strings.Contains(got, c.want) {
			t.Errorf("%s in %s: got %q, want %q", c.text, c.currency, got, c.want)
		}
	}
}
