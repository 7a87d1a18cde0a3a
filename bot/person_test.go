package bot

import (
	"testing"
	"time"
)

func TestQuietUntil(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 10, day, hour, minute, 0, 0, madrid) }
	for _, test := range []struct {
		quiet string
		at    time.Time
		until time.Time // zero: it is not quiet
	}{
		{"22:00-08:00", at(20, 21, 59), time.Time{}},
		{"22:00-08:00", at(20, 22, 0), at(21, 8, 0)},
		{"22:00-08:00", at(21, 7, 59), at(21, 8, 0)},
		{"22:00-08:00", at(21, 8, 0), time.Time{}},
		{"13:00-15:30", at(21, 14, 0), at(21, 15, 30)},
		{"13:00-15:30", at(21, 15, 30), time.Time{}},
		{"22:00-08:00", at(25, 1, 30).UTC(), at(25, 8, 0)}, // the night the clocks go back
		{"", at(21, 3, 0), time.Time{}},
		{"late", at(21, 3, 0), time.Time{}},
	} {
		p := Person{Zone: "Europe/Madrid", Settings: Facts{"quiet": test.quiet}}
		until, quiet := p.QuietUntil(test.at)
		if quiet == test.until.IsZero() || !until.Equal(test.until) {
			t.Errorf("%q at %v: got %v, %v; want until %v", test.quiet, test.at, until, quiet, test.until)
		}
	}
}
