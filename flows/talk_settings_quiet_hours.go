package flows

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// listQuietHours shows hours to choose from.
func listQuietHours(v *bot.View) []bot.Choice {
	choices := []bot.Choice{{Event: "quiet_chosen", Label: v.Say(v.Actor, "No quiet hours"), Facts: bot.Facts{"quiet": ""}}}
	for _, hours := range []string{"21:00-07:00", "22:00-08:00", "23:00-09:00"} {
		choices = append(choices, bot.Choice{
			Event: "quiet_chosen", Label: strings.ReplaceAll(hours, "-", "–"), Facts: bot.Facts{"quiet": hours},
		})
	}
	return choices
}

// quietHours matches "22-7", "22:30–6:30" and "22 to 7".
var quietHours = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2}))?\s*(?:[-–—]|to|until)\s*(\d{1,2})(?:[:.h](\d{2}))?$`)

// hearQuietHours hears "22-7" or "22:30 to 6:30".
func hearQuietHours(_ *bot.View, m *bot.Message) (bot.Event, bool) {
	part := quietHours.FindStringSubmatch(strings.ToLower(strings.TrimSpace(understand.Digits(m.Text))))
	if part == nil {
		return bot.Event{}, false
	}
	from, ok := clockTime(part[1], part[2])
	until, fine := clockTime(part[3], part[4])
	if !ok || !fine || from == until {
		return bot.Event{}, false
	}
	return bot.Event{Name: "quiet_chosen", Facts: bot.Facts{"quiet": from + "-" + until}}, true
}

// clockTime is a time of day as it is kept, "07:00".
func clockTime(hour, minute string) (string, bool) {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute) // none is nought
	return fmt.Sprintf("%02d:%02d", h%24, m), h <= 24 && m < 60
}

// quietHoursWarning says to somebody whose quiet hours these are that the time runs all the same.
func quietHoursWarning(v *bot.View, r *bot.Person) string {
	if _, quiet := r.QuietUntil(v.Now); !quiet {
		return ""
	}
	return v.Say(r, "These are your quiet hours, but the time runs all the same.")
}
