package policies

import (
	"fmt"
	"strconv"
	"time"

	"nevermind/bot"
)

// The longest spans that a policy may hold: two years, or as many business days as two years have at the most.
const (
	year                = 365 * 24 * time.Hour
	longest             = 2 * year
	longestBusinessDays = 522
)

// units are the units of a span, the largest first.
var units = []struct {
	name   string
	length time.Duration
}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// spanForm tells how to write one.
const spanForm = "write a number and its unit: 90s, 15m, 24h, 20d or 3bd (business days)"

// parseSpan reads "24h" or "3bd"; wrong and right are empty where it fits.
func parseSpan(s string) (w bot.Window, wrong, right string) { return parseSpanUpTo(s, longest) }

// parseSpanUpTo reads one of at most that length.
func parseSpanUpTo(s string, most time.Duration) (w bot.Window, wrong, right string) {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || i == 0 && s[i] == '-') {
		i++
	}
	n, err := strconv.ParseInt(s[:i], 10, 32)
	unit, known := lengthOf(s[i:])
	switch {
	case !known || i == 0 || s[:i] == "-":
		return w, fmt.Sprintf("%.40q is not a span of time", s), spanForm
	case err != nil || unit == 0 && n > longestBusinessDays || unit > 0 && n > int64(most/unit):
		return w, fmt.Sprintf("%.40q is longer than two years", s), spanForm
	case n < 0:
		return w, fmt.Sprintf("%.40q is negative", s), spanForm
	case unit == 0:
		return bot.Window{BusinessDays: int(n)}, "", ""
	}
	return bot.Window{Length: time.Duration(n) * unit}, "", ""
}

// lengthOf returns the length of a unit, 0 for business days.
func lengthOf(unit string) (time.Duration, bool) {
	for _, u := range units {
		if u.name == unit {
			return u.length, true
		}
	}
	return 0, unit == "bd"
}

// spanText writes a window in its largest unit, so that 24h and 1d are the same text.
func spanText(w bot.Window) string {
	if w.BusinessDays > 0 {
		return strconv.Itoa(w.BusinessDays) + "bd"
	}
	for _, u := range units {
		if w.Length%u.length == 0 {
			return strconv.FormatInt(int64(w.Length/u.length), 10) + u.name
		}
	}
	return w.Length.String()
}

// over says whether min is surely longer than max: a business day is a day at least, and we reckon with three at most.
func over(min, max bot.Window) bool {
	if min.BusinessDays > 0 && max.BusinessDays > 0 {
		return min.BusinessDays > max.BusinessDays
	}
	const day = 24 * time.Hour
	return min.Length+time.Duration(min.BusinessDays)*day > max.Length+time.Duration(max.BusinessDays)*3*day
}
