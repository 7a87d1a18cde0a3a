package flows

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// partsOfDay are times of day in words.
var partsOfDay = map[string]int{"morning": morningHour, "noon": 12, "afternoon": 15, "evening": 18}

// How people write a span, "in 2 hours", and a time of day at the end of a text, "14:30" or "2pm".
var (
	spanTyped  = regexp.MustCompile(`^(?:in )?(\d{1,3}|an?) ?(m|min|mins|minutes?|h|hours?|d|days?|w|weeks?)$`)
	clockTyped = regexp.MustCompile(`(?:^| )(\d{1,2})(?::(\d{2}))? ?(am|pm)?$`)
)

// parseTime reads a time as people write one, by the clock of the zone that now is in: "14:30", "2pm", "tomorrow morning",
// "Monday 9:00", "28 November", "2026-11-28 09:00", "in 2 hours". A day without a time of day is meant at that hour; a
// time of day without a day is the next one.
func parseTime(text string, now time.Time, hour int) (time.Time, bool) {
	text = strings.NewReplacer(",", " ", " at ", " ", " on ", " ").Replace(" " + strings.ToLower(text) + " ")
	for _, english := range asEnglish(strings.Join(strings.Fields(text), " ")) {
		if at, ok := parseEnglishTime(english, now, hour); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// parseEnglishTime is the same of small English words, one space between them.
func parseEnglishTime(text string, now time.Time, hour int) (time.Time, bool) {
	if m := spanTyped.FindStringSubmatch(text); m != nil {
		return addSpan(now, m[1], m[2]), true
	}
	day, minutes, ok := parseClock(text)
	if !ok {
		return time.Time{}, false
	}
	date, ok := parseDay(day, now)
	if minutes < 0 {
		minutes = hour * 60
		ok = ok && day != ""
	}
	at := time.Date(date.Year(), date.Month(), date.Day(), 0, minutes, 0, 0, now.Location())
	if day == "" && !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at, ok
}

// addSpan is so many units after now.
func addSpan(now time.Time, count, unit string) time.Time {
	n, err := strconv.Atoi(count)
	if err != nil {
		n = 1
	}
	switch unit[0] {
	case 'm':
		return now.Add(time.Duration(n) * time.Minute)
	case 'h':
		return now.Add(time.Duration(n) * time.Hour)
	case 'w':
		n *= 7
	}
	return now.AddDate(0, 0, n)
}

// parseClock takes a time of day off the end, in minutes; negative where there is none, false where it is no such time.
func parseClock(text string) (day string, minutes int, ok bool) {
	words := strings.Fields(text)
	if len(words) > 0 && partsOfDay[words[len(words)-1]] > 0 {
		return strings.TrimPrefix(strings.Join(words[:len(words)-1], " "), "this"), partsOfDay[words[len(words)-1]] * 60, true
	}
	m := clockTyped.FindStringSubmatch(text)
	if m == nil || m[2] == "" && m[3] == "" {
		return text, -1, true
	}
	h, min := intOrZero(m[1]), intOrZero(m[2])
	if m[3] != "" {
		if h < 1 || h > 12 {
			return "", 0, false
		}
		h %= 12
	}
	if m[3] == "pm" {
		h += 12
	}
	return strings.TrimSuffix(text, m[0]), h*60 + min, h < 24 && min < 60
}

// parseDay reads a day: today where it is empty, and the next one of that name else.
func parseDay(text string, now time.Time) (time.Time, bool) {
	switch text = strings.TrimSuffix(strings.TrimPrefix(text, "next "), "."); text {
	case "", "today":
		return now, true
	case "tomorrow":
		return now.AddDate(0, 0, 1), true
	}
	for days := 1; days <= 7; days++ {
		d := now.AddDate(0, 0, days)
		if name := strings.ToLower(d.Weekday().String()); text == name || text == name[:3] {
			return d, true
		}
	}
	for _, layout := range []string{"2006-01-02", "2 January 2006", "2 Jan 2006", "January 2 2006", "2. January 2006", "2.1.2006"} {
		if d, err := time.Parse(layout, text); err == nil {
			return d, true
		}
	}
	for _, layout := range []string{"2 January", "2 Jan", "January 2", "Jan 2", "2. January", "2.1"} {
		if d, err := time.Parse(layout, text); err == nil {
			return nextDate(d, now), true
		}
	}
	return time.Time{}, false
}

// nextDate is the next day of that month and day.
func nextDate(d, now time.Time) time.Time {
	y, m, today := now.Date()
	if d.Month() < m || d.Month() == m && d.Day() < today {
		y++
	}
	return time.Date(y, d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
}
