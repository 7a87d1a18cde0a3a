package policies

import (
	"time"

	"github.com/rickar/cal/v2"
)

// calendar counts business days: weekends off, a country's holidays and those of a list. Only read once it is made.
type calendar struct {
	country *cal.BusinessCalendar
	listed  map[string]bool // "2026-12-25"
}

// newCalendar makes the calendar of a policy.
func newCalendar(d *days) *calendar {
	c := &calendar{country: cal.NewBusinessCalendar(), listed: map[string]bool{}}
	c.country.Holidays = countries[d.Country]
	for _, date := range d.Holidays {
		c.listed[date] = true
	}
	return c
}

// Add returns the instant n business days after from, at the same time of day in zone; where clocks are set forward
// over that time, it is as much later as they are.
func (c *calendar) Add(from time.Time, n int, zone *time.Location) time.Time {
	wall := onDial(from.In(zone))
	for n > 0 {
		wall = wall.AddDate(0, 0, 1)
		if c.open(wall) {
			n--
		}
	}
	y, m, d := wall.Date()
	at := time.Date(y, m, d, wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	if skipped := wall.Sub(onDial(at)); skipped > 0 {
		at = at.Add(skipped)
	}
	return at
}

// open says whether the date is a business day.
func (c *calendar) open(date time.Time) bool {
	return c.country.IsWorkday(date) && !c.listed[date.Format(time.DateOnly)]
}

// onDial is what a clock on the wall shows, as a time without a zone's jumps.
func onDial(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
