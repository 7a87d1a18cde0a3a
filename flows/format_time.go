package flows

import (
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// formatMoment is an instant in the reader's own zone, with how far off it is: "Friday 27 November, 14:02 (in 23 hours)".
func formatMoment(v *bot.View, r *bot.Person, at time.Time) string {
	return formatInstant(v, r, at) + " (" + timeLeft(v, r, at.Sub(v.Now)) + ")"
}

// formatInstant is a moment without how far off it is, so that it is still true when it is read later.
func formatInstant(v *bot.View, r *bot.Person, at time.Time) string {
	local := at.In(r.Location())
	if local.Year() != v.Now.In(r.Location()).Year() {
		return formatDate(v, r, local, "Monday 2 January 2006, 15:04")
	}
	return formatDate(v, r, local, "Monday 2 January, 15:04")
}

// formatBy is a deadline as it stands in a sentence: "Saturday 10:00" within the next six days, else with its date.
func formatBy(v *bot.View, r *bot.Person, at time.Time) string {
	zone := r.Location()
	local, now := at.In(zone), v.Now.In(zone)
	switch {
	case at.Sub(v.Now) < 8*24*time.Hour && local.Before(time.Date(now.Year(), now.Month(), now.Day()+7, 0, 0, 0, 0, zone)):
		return formatDate(v, r, local, "Monday 15:04")
	case local.Year() != now.Year():
		return formatDate(v, r, local, "Monday 2 January 2006 15:04")
	}
	return formatDate(v, r, local, "Monday 2 January 15:04")
}

// formatDay is a moment without the time of day.
func formatDay(v *bot.View, r *bot.Person, at time.Time) string {
	local := at.In(r.Location())
	if local.Year() != v.Now.In(r.Location()).Year() {
		return formatDate(v, r, local, "Monday 2 January 2006")
	}
	return formatDate(v, r, local, "Monday 2 January")
}

// formatDate writes a date by a layout, which a language may order otherwise, with the language's own names of days and months.
// A time of day says its zone to a reader of whom none is known.
func formatDate(v *bot.View, r *bot.Person, local time.Time, layout string) string {
	weekday, month := local.Weekday().String(), local.Month().String()
	text := strings.Replace(local.Format(v.Say(r, layout)), weekday, v.Say(r, weekday), 1)
	text = strings.Replace(text, month, v.Say(r, month), 1)
	if strings.Contains(layout, "15:04") {
		return inTheirZone(r, text)
	}
	return text
}

// inTheirZone is a time of day by a reader's clock: where their zone is not known it is in UTC, and says so.
func inTheirZone(r *bot.Person, clock string) string {
	if r.Zone == "" {
		return clock + " UTC"
	}
	return clock
}

// timeLeft is how far off something is, in words.
func timeLeft(v *bot.View, r *bot.Person, d time.Duration) string {
	if d <= 0 {
		return v.Say(r, "now")
	}
	switch n, unit := inOneUnit(d); unit {
	case "second":
		return v.Count(r, n, "in a second", "in {n} seconds")
	case "minute":
		return v.Count(r, n, "in a minute", "in {n} minutes")
	case "hour":
		return v.Count(r, n, "in an hour", "in {n} hours")
	default:
		return v.Count(r, n, "in a day", "in {n} days")
	}
}

// inOneUnit is a duration in the one unit that says enough of it: seconds below two minutes, minutes below two hours,
// hours below sixty, else days.
func inOneUnit(d time.Duration) (int, string) {
	switch {
	case d < 2*time.Minute:
		return int(d.Round(time.Second) / time.Second), "second"
	case d < 2*time.Hour:
		return int(d.Round(time.Minute) / time.Minute), "minute"
	case d < 60*time.Hour:
		return int(d.Round(time.Hour) / time.Hour), "hour"
	}
	return int(d.Round(24*time.Hour) / (24 * time.Hour)), "day"
}

// formatWindow is a window in words: "24 hours", "3 business days".
func formatWindow(v *bot.View, r *bot.Person, w bot.Window) string {
	if w.BusinessDays > 0 {
		return v.Count(r, w.BusinessDays, "one business day", "{n} business days")
	}
	switch n, unit := inOneUnit(w.Length); unit {
	case "second":
		return v.Count(r, n, "one second", "{n} seconds")
	case "minute":
		return v.Count(r, n, "one minute", "{n} minutes")
	case "hour":
		return v.Count(r, n, "one hour", "{n} hours")
	default:
		return v.Count(r, n, "one day", "{n} days")
	}
}

// refundInterval is the honest interval for the way of payment (S68–S72, Q2): "3–20 business days".
func refundInterval(v *bot.View, r *bot.Person) string {
	return formatInterval(v, r, v.Policy.Refund(method(v)))
}

// formatInterval is how long something takes, from and to.
func formatInterval(v *bot.View, r *bot.Person, i bot.Interval) string {
	low, high := i.Min, i.Max
	if low.BusinessDays > 0 && high.BusinessDays > 0 {
		return strconv.Itoa(low.BusinessDays) + "–" + formatWindow(v, r, high)
	}
	if low.BusinessDays == 0 && high.BusinessDays == 0 {
		n, unit := inOneUnit(low.Length)
		if _, other := inOneUnit(high.Length); unit == other {
			return strconv.Itoa(n) + "–" + formatWindow(v, r, high)
		}
	}
	return formatWindow(v, r, low) + "–" + formatWindow(v, r, high)
}

// unpaidUntil says when an unpaid order is cancelled by itself (S10, Q14: counted from the order).
func unpaidUntil(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	at := v.Policy.After(v.Policy.Windows["unpaid_expires"], o.Placed, r.Location())
	if !at.After(v.Now) {
		return v.Say(r, "If nobody pays, it is cancelled automatically any day now, at no cost to you.")
	}
	return v.With(bot.Facts{"when": formatMoment(v, r, at)}).
		Say(r, "If nobody pays, it is cancelled automatically on {when}, at no cost to you.")
}

// shipBy is the order's own countdown, where the shop gives one (Q6).
func shipBy(v *bot.View, r *bot.Person) string {
	o := orderOf(v)
	switch {
	case o.ShipBy.IsZero():
		return v.Say(r, "The shop gives no date. Preparing an order takes hours to several days. "+
			"Many sellers ship within two or three.")
	case !o.ShipBy.After(v.Now):
		return v.With(bot.Facts{"when": formatDay(v, r, o.ShipBy)}).
			Say(r, "It should have shipped by {when}. After that date the shop may send the money back by itself.")
	}
	return v.With(bot.Facts{"when": formatMoment(v, r, o.ShipBy)}).Say(r, "It has to ship by {when}.")
}

// sentAt is the day on which the shop has sent a refund; empty where that is not known.
func sentAt(v *bot.View, r *bot.Person) string {
	at, err := time.Parse(time.RFC3339, v.Fact("sent_at"))
	if err != nil {
		return ""
	}
	return formatDay(v, r, at)
}

// formatReceived is an instant to the minute in the reader's zone.
func formatReceived(v *bot.View, r *bot.Person, at time.Time) string {
	return formatDate(v, r, at.In(r.Location()), "Monday 2 January, 15:04")
}
