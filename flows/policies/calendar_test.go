package policies

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func in(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestBusinessDays(t *testing.T) {
	madrid, york, apia := in(t, "Europe/Madrid"), in(t, "America/New_York"), in(t, "Pacific/Apia")
	for _, c := range []struct {
		name    string
		country string
		from    time.Time
		n       int
		zone    *time.Location
		want    time.Time
	}{
		{"over a weekend", "none", time.Date(2026, 11, 20, 9, 0, 0, 0, madrid), 3, madrid, time.Date(2026, 11, 25, 9, 0, 0, 0, madrid)},
		{
			"begun on a Saturday", "none", time.Date(2026, 11, 21, 9, 0, 0, 0, madrid), 1, madrid,
			time.Date(2026, 11, 23, 9, 0, 0, 0, madrid),
		},
		{
			"winter time begins", "none", time.Date(2026, 10, 23, 9, 30, 0, 0, madrid), 1, madrid,
			time.Date(2026, 10, 26, 9, 30, 0, 0, madrid),
		},
		{"summer time begins", "none", time.Date(2026, 3, 6, 9, 30, 0, 0, york), 1, york, time.Date(2026, 3, 9, 9, 30, 0, 0, york)},
		{
			"Saturday there, Friday here", "none", time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC), 1, apia,
			time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC),
		},
		{"Thanksgiving", "US", time.Date(2026, 11, 25, 9, 0, 0, 0, york), 1, york, time.Date(2026, 11, 27, 9, 0, 0, 0, york)},
		{"none at all", "none", time.Date(2026, 11, 21, 9, 0, 0, 0, madrid), 0, madrid, time.Date(2026, 11, 21, 9, 0, 0, 0, madrid)},
		{"a day that never was", "none", time.Date(2011, 12, 29, 9, 0, 0, 0, apia), 1, apia, time.Date(2011, 12, 31, 9, 0, 0, 0, apia)},
	} {
		cal := newCalendar(&days{Country: c.country})
		if got := cal.Add(c.from, c.n, c.zone); !got.Equal(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got.In(c.zone), c.want)
		}
	}
}

func TestSkippedHourIsLaterByTheJump(t *testing.T) {
	beirut := in(t, "Asia/Beirut") // its clocks jump at midnight on Sunday 29 March 2026
	cairo := in(t, "Africa/Cairo") // and these on Friday 24 April 2026
	got := newCalendar(&days{Country: "none"}).Add(time.Date(2026, 4, 23, 0, 30, 0, 0, cairo), 1, cairo)
	if want := time.Date(2026, 4, 24, 1, 30, 0, 0, cairo); !got.Equal(want) {
		t.Errorf("got %v, want %v", got.In(cairo), want)
	}
	got = newCalendar(&days{Country: "none"}).Add(time.Date(2026, 3, 27, 0, 30, 0, 0, beirut), 1, beirut)
	if want := time.Date(2026, 3, 30, 0, 30, 0, 0, beirut); !got.Equal(want) {
		t.Errorf("got %v, want %v", got.In(beirut), want)
	}
}

func TestEveryCountryHasItsHolidays(t *testing.T) {
	for code, list := range countries {
		cal := newCalendar(&days{Country: code})
		off := 0
		for d := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC); d.Year() == 2026; d = d.AddDate(0, 0, 1) {
			if !cal.open(d) && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
				off++
			}
		}
		if len(list) == 0 || off < 3 || off > 30 {
			t.Errorf("%s: %d holidays on working days of 2026", code, off)
		}
	}
}

func TestCalendarProperties(t *testing.T) {
	zones := []*time.Location{time.UTC}
	for _, name := range []string{
		"Europe/Madrid", "America/Sao_Paulo", "Asia/Tokyo", "Asia/Kuwait", "Africa/Cairo", "Australia/Lord_Howe",
		"America/St_Johns", "Pacific/Apia",
	} {
		zones = append(zones, in(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		cal := newCalendar(&days{
			Country:  rapid.SampledFrom([]string{"none", "US", "DE", "JP", "AU-NSW"}).Draw(t, "country"),
			Holidays: []string{"2026-12-24", "2027-01-04"},
		})
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		from := time.Unix(rapid.Int64Range(1_600_000_000, 2_000_000_000).Draw(t, "from"), 0).UTC()
		n, m := rapid.IntRange(1, 40).Draw(t, "n"), rapid.IntRange(0, 20).Draw(t, "m")
		got := cal.Add(from, n, zone)
		if !got.After(from) {
			t.Fatalf("%v and %d days is %v: not later", from, n, got)
		}
		if here := got.In(zone); !cal.open(onDial(here)) {
			t.Fatalf("%v is no business day", here)
		}
		if skip := onDial(got.In(zone)).Sub(onDial(from.In(zone))) % (24 * time.Hour); skip != 0 && skip > 2*time.Hour {
			t.Fatalf("%v is not the time of day of %v", got.In(zone), from.In(zone))
		}
		if later := cal.Add(from, n+1+m, zone); !later.After(got) {
			t.Fatalf("more days end earlier: %v, %v", later, got)
		}
		if two := cal.Add(cal.Add(from, n, zone), m, zone); two.Sub(cal.Add(from, n+m, zone)).Abs() > 2*time.Hour {
			t.Fatalf("%d and then %d days: got %v, want %v", n, m, two, cal.Add(from, n+m, zone))
		}
	})
}
