package bot

import "testing"

func TestParseMoney(t *testing.T) {
	for _, c := range []struct {
		amount, currency, want string // want "" is a refusal
	}{
		{"24.90", "USD", "24.90 USD"}, {"24.9", "USD", "24.90 USD"}, {"24", "USD", "24.00 USD"}, {"0", "USD", "0.00 USD"},
		{"1500", "JPY", "1500 JPY"}, {"1500.0", "JPY", ""}, {"1.234", "KWD", "1.234 KWD"}, {"1.2345", "KWD", ""},
		{"0.001", "KWD", "0.001 KWD"},
		{"24.901", "USD", ""}, {"-1", "USD", ""}, {"+1", "USD", ""}, {"1e3", "USD", ""}, {"1,000", "USD", ""}, {"", "USD", ""},
		{".5", "USD", ""},
		{"5.", "USD", ""}, {"1.2.3", "USD", ""}, {" 1", "USD", ""}, {"99999999999999999999", "USD", ""}, {"1", "usd", ""},
		{"1", "", ""}, {"١", "USD", ""},
	} {
		m, err := ParseMoney(c.amount, c.currency)
		got := m.String()
		if err != nil {
			got = ""
		}
		if got != c.want {
			t.Errorf("ParseMoney(%q, %q) is %q, want %q", c.amount, c.currency, got, c.want)
		}
		if err == nil {
			if again, err := ReadMoney(m.String()); err != nil || again != m {
				t.Errorf("%q reads back as %v, %v", m, again, err)
			}
		}
	}
}

func FuzzParseMoney(f *testing.F) {
	f.Add("24.90", "USD")
	f.Add("1.234", "KWD")
	f.Fuzz(func(t *testing.T, amount, currency string) {
		m, err := ParseMoney(amount, currency)
		if err != nil {
			return
		}
		if again, err := ReadMoney(m.String()); err != nil || again != m || m.Minor < 0 {
			t.Errorf("%q in %q is %v, which reads back as %v, %v", amount, currency, m, again, err)
		}
	})
}
