package bot

import (
	"fmt"
	"testing"
)

// TestReadMoneyAs: an amount as people write it is read where it can only mean one thing, and both are named where it can
// mean two.
func TestReadMoneyAs(t *testing.T) {
	for _, c := range []struct{ text, currency, want string }{
		{"1,250", "KWD", "[1.250 KWD 1250.000 KWD]"}, // of the reports
		{"¥5,800", "JPY", "[5800 JPY]"}, {"17,000", "USD", "[17000.00 USD]"}, {"1 250,50", "EUR", "[1250.50 EUR]"},
		{"US$ 12.50", "USD", "[12.50 USD]"},

		{"1.250,50 €", "EUR", "[1250.50 EUR]"}, {"€1,250.50", "EUR", "[1250.50 EUR]"}, {"12,5", "USD", "[12.50 USD]"},
		{"1'250.50", "CHF", "[1250.50 CHF]"}, {"1’250", "CHF", "[1250.00 CHF]"}, {"12.-", "CHF", "[12.00 CHF]"},
		{"1,25,000", "INR", "[125000.00 INR]"}, {"₹1,25,000.50", "INR", "[125000.50 INR]"}, {"١٬٢٥٠٫٥", "USD", "[1250.50 USD]"},
		{"1٬250", "KWD", "[1250.000 KWD]"}, {"1٫250", "KWD", "[1.250 KWD]"}, {"0,250", "KWD", "[0.250 KWD]"},
		{"1234,567", "KWD", "[1234.567 KWD]"},
		{"1,250.500", "KWD", "[1250.500 KWD]"}, {"1.250", "KWD", "[1.250 KWD]"}, {"12,345 KD", "KWD", "[12.345 KWD 12345.000 KWD]"},
		{"1.250", "USD", "[1250.00 USD]"}, {"5.800", "JPY", "[5800 JPY]"}, {"￥５，８００", "JPY", "[5800 JPY]"},
		{"5800円", "JPY", "[5800 JPY]"},
		{"$12.50 USD", "USD", "[12.50 USD]"}, {"usd 12.50", "USD", "[12.50 USD]"}, {"1\u202f250,50\u00a0€", "EUR", "[1250.50 EUR]"},
		{"R$ 1.250,50", "BRL", "[1250.50 BRL]"}, {"12.50.", "USD", "[12.50 USD]"}, {".50", "USD", "[0.50 USD]"},
		{"1,000,000", "USD", "[1000000.00 USD]"},
		{"1,250,500", "KWD", "[1250500.000 KWD]"}, {"12", "USD", "[12.00 USD]"}, {"99 zł", "PLN", "[99.00 PLN]"},

		{"12 50", "USD", "[]"}, {"1,25.0", "USD", "[]"}, {"1,2,3", "USD", "[]"}, {"€12", "USD", "[]"}, {"A$12", "USD", "[]"},
		{"12.505,1.2", "USD", "[]"},
		{"-12", "USD", "[]"}, {"", "USD", "[]"}, {"$", "USD", "[]"}, {"about 12", "USD", "[]"}, {"12-13", "USD", "[]"},
		{"5,80", "JPY", "[]"},
		{"1.234.56", "USD", "[]"}, {"1,000 000", "USD", "[]"}, {"99999999999999999999", "USD", "[]"}, {"12", "", "[]"},
		{"1e3", "USD", "[]"},
	} {
		if got := fmt.Sprint(ReadMoneyAs(c.text, c.currency)); got != c.want {
			t.Errorf("ReadMoneyAs(%q, %q) is %s, want %s", c.text, c.currency, got, c.want)
		}
	}
}

// TestMoneyIn: the one amount among other words is found, with its sign or the currency's name in any language or none; another
// currency's is not taken for it.
func TestMoneyIn(t *testing.T) {
	for _, c := range []struct{ text, currency, want string }{
		{"20 dollars off", "USD", "[20.00 USD] true"}, {"I can do $20, ok", "USD", "[20.00 USD] true"},
		{"给20块", "USD", "[20.00 USD] true"}, {"便宜20块钱吧", "CNY", "[20.00 CNY] true"},
		{"1 500 ₽ могу", "RUB", "[1500.00 RUB] true"}, {"скину 300 рублей", "RUB", "[300.00 RUB] true"},
		{"€20", "EUR", "[20.00 EUR] true"}, {"20 euros off", "EUR", "[20.00 EUR] true"},
		{"te dejo 5,50 euros", "EUR", "[5.50 EUR] true"}, {"desconto de R$ 15", "BRL", "[15.00 BRL] true"},
		{"15 reais", "BRL", "[15.00 BRL] true"}, {"٢٠ دولار", "USD", "[20.00 USD] true"},
		{"I offer 20", "USD", "[20.00 USD] false"}, {"5 USD back", "USD", "[5.00 USD] true"},
		{"1,250 for you", "KWD", "[1.250 KWD 1250.000 KWD] false"}, {"€20", "USD", "[] true"},
		{"20 euros off", "USD", "[] true"}, {"20元", "USD", "[] true"}, {"10%", "USD", "[] false"},
		{"10 % off", "USD", "[] false"}, {"20 or 30 dollars", "USD", "[] false"},
		{"no money", "USD", "[] false"}, {"-20", "USD", "[] false"},
	} {
		all, named := MoneyIn(c.text, c.currency)
		if got := fmt.Sprint(all, named); got != c.want {
			t.Errorf("MoneyIn(%q, %q) is %s, want %s", c.text, c.currency, got, c.want)
		}
	}
}

// FuzzReadMoneyAs: what is read is never negative, written out it is read again as the same one, and no text is read as
// more than two amounts.
func FuzzReadMoneyAs(f *testing.F) {
	for _, text := range []string{"1,250", "¥5,800", "1 250,50", "US$ 12.50", "1,25,000", "١٬٢٥٠٫٥", "12.-"} {
		f.Add(text, "USD")
		f.Add(text, "KWD")
	}
	f.Fuzz(func(t *testing.T, text, currency string) {
		all := ReadMoneyAs(text, currency)
		if len(all) > 2 {
			t.Errorf("%q of %q is read as %v", text, currency, all)
		}
		for _, m := range all {
			if again := ReadMoneyAs(m.String(), currency); m.Minor < 0 || len(again) != 1 || again[0] != m {
				t.Errorf("%q of %q is read as %v, which is read as %v", text, currency, m, again)
			}
		}
	})
}
