package bot

import (
	"testing"
	"time"
)

func TestPolicyForSellerAndCountry(t *testing.T) {
	hours := func(n int) map[string]Window {
		return map[string]Window{"seller_answer": {Length: time.Duration(n) * time.Hour}}
	}
	p := &Policy{Version: "v", Windows: hours(24), Choices: map[string]string{"lines": "single"}, Overrides: []Override{
		{Countries: []string{"ES", "PT"}, Windows: hours(48)},
		{Seller: "seller:s-1", Windows: hours(72), Fees: []Fee{{Note: "handling"}}},
		{Seller: "seller:s-2", Countries: []string{"ES"}, Choices: map[string]string{"lines": "whole"}},
	}}
	for _, c := range []struct {
		seller, country string
		hours           float64
		lines           string
		fees            int
	}{
		{"s-9", "", 24, "single", 0}, {"s-9", "DE", 24, "single", 0}, {"s-9", "ES", 48, "single", 0},
		{"s-1", "DE", 72, "single", 1}, {"s-1", "PT", 72, "single", 1}, {"s-2", "ES", 48, "whole", 0}, {"s-2", "PT", 48, "single", 0},
	} {
		got := p.For(&Order{Seller: NewPersonID(Seller, c.seller), Country: c.country})
		if h := got.Windows["seller_answer"].Length.Hours(); h != c.hours || got.Choices["lines"] != c.lines ||
			len(got.Fees) != c.fees ||
			got.Version != "v" {
			t.Errorf(
				"%s %s: got %v hours, lines %s, %d fees, version %s",
				c.seller,
				c.country,
				h,
				got.Choices["lines"],
				len(got.Fees),
				got.Version,
			)
		}
	}
	if p.Windows["seller_answer"].Length != 24*time.Hour || p.For(nil) != p {
		t.Error("the policy itself was changed")
	}
}
