package flows

import "testing"

// TestS20Share: a line's share is exact and never overflows, whatever the currency.
func TestS20Share(t *testing.T) {
	for _, c := range []struct{ whole, part, all, want int64 }{
		{5750, 2000, 6000, 1916}, {1, 1, 3, 0}, {100, 100, 100, 100}, {0, 5, 10, 0},
		{4_400_000_000_00, 3_000_000_000, 4_500_000_000, 2_933_333_333_33},
		{1 << 61, 1 << 61, 1 << 62, 1 << 60},
	} {
		if got := shareOf(c.whole, c.part, c.all); got != c.want {
			t.Errorf("share(%d, %d, %d) is %d, want %d", c.whole, c.part, c.all, got, c.want)
		}
	}
}
