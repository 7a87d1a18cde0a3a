package flows

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// zoneChoices are places to choose from, west to east.
var zoneChoices = []string{
	"America/Los_Angeles", "America/New_York", "America/Sao_Paulo", "Europe/London", "Europe/Madrid", "Europe/Istanbul",
	"Asia/Kolkata", "Asia/Shanghai",
}

// listZones shows places with the time it is there.
func listZones(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, z := range zoneChoices {
		at := (&bot.Person{Zone: z}).Location()
		_, city, _ := strings.Cut(z, "/")
		choices = append(choices, bot.Choice{Event: "zone_chosen", Facts: bot.Facts{"zone": z},
			Label: strings.ReplaceAll(city, "_", " ") + " · " + v.Now.In(at).Format("15:04")})
	}
	return choices
}

// What a zone's or city's name looks like, and what an offset from UTC does.
var (
	zoneWords  = regexp.MustCompile(`^[\p{L}][\p{L} _'’./-]{1,40}$`)
	zoneOffset = regexp.MustCompile(`(?i)^(?:utc|gmt)?\s*([+−–-])\s*(\d{1,2})(?::?00)?$`)
)

// continents are where a city's zone is looked for.
var continents = []string{
	"", "Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/", "Indian/", "America/Argentina/",
	"America/Indiana/", "America/Kentucky/",
}

// cityZones are cities without a zone of their own name.
var cityZones = map[string]string{
	"barcelona": "Europe/Madrid", "valencia": "Europe/Madrid", "sevilla": "Europe/Madrid", "milan": "Europe/Rome",
	"munich": "Europe/Berlin", "hamburg": "Europe/Berlin",
	"frankfurt": "Europe/Berlin", "lyon": "Europe/Paris", "st petersburg": "Europe/Moscow", "saint petersburg": "Europe/Moscow",
	"manchester": "Europe/London",
	"beijing":    "Asia/Shanghai", "shenzhen": "Asia/Shanghai", "guangzhou": "Asia/Shanghai", "yiwu": "Asia/Shanghai",
	"hangzhou": "Asia/Shanghai",
	"mumbai":   "Asia/Kolkata", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
	"hanoi": "Asia/Ho_Chi_Minh", "osaka": "Asia/Tokyo",
	"rio de janeiro": "America/Sao_Paulo", "brasilia": "America/Sao_Paulo", "san francisco": "America/Los_Angeles",
	"seattle": "America/Los_Angeles", "miami": "America/New_York",
	"boston": "America/New_York", "washington": "America/New_York", "houston": "America/Chicago", "dallas": "America/Chicago",
	"montreal": "America/Toronto", "são paulo": "America/Sao_Paulo",
	"bogotá": "America/Bogota", "ciudad de méxico": "America/Mexico_City", "tel aviv": "Asia/Jerusalem", "abu dhabi": "Asia/Dubai",
	"kiev": "Europe/Kyiv",
}

// hearZone hears a city, a zone's name or an offset; one that is not known is said so.
func hearZone(_ *bot.View, m *bot.Message) (bot.Event, bool) {
	text := strings.TrimSpace(understand.Digits(m.Text))
	if text == "" {
		return bot.Event{}, false
	}
	zone, ok := offsetZone(text)
	if !ok && zoneWords.MatchString(text) {
		zone, ok = namedZone(text)
	}
	if !ok {
		return bot.Event{Name: "zone_unknown"}, true
	}
	return bot.Event{Name: "zone_chosen", Facts: bot.Facts{"zone": zone}}, true
}

// offsetZone makes a zone of "UTC+3"; in their names the sign is the other way round.
func offsetZone(text string) (string, bool) {
	part := zoneOffset.FindStringSubmatch(text)
	if part == nil {
		return "", false
	}
	sign, hours := "-", part[2]
	if part[1] != "+" {
		sign = "+"
	}
	n, _ := strconv.Atoi(hours)
	return knownZone(fmt.Sprintf("Etc/GMT%s%d", sign, n))
}

// offsetName writes an offset's zone as people do, "UTC+3"; any other zone as it is.
func offsetName(zone string) string {
	switch offset, ok := strings.CutPrefix(zone, "Etc/GMT"); {
	case !ok || offset == "":
		return zone
	case offset[0] == '-':
		return "UTC+" + offset[1:]
	default:
		return "UTC-" + offset[1:]
	}
}

// namedZone finds a zone by its own name or by that of its city.
func namedZone(text string) (string, bool) {
	city := strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer(".", " ", "_", " ").Replace(text))), " ")
	if zone, ok := cityZones[city]; ok {
		return zone, true
	}
	var name []rune
	for i, r := range []rune(city) { // "new york" to "New_York", "america/new york" to "America/New_York"
		if i == 0 || strings.ContainsRune(" /-", []rune(city)[i-1]) {
			r = []rune(strings.ToUpper(string(r)))[0]
		}
		name = append(name, r)
	}
	title := strings.ReplaceAll(string(name), " ", "_")
	for _, c := range continents {
		if zone, ok := knownZone(c + title); ok {
			return zone, true
		}
	}
	return knownZone(strings.ToUpper(title)) // "UTC", "CET"
}

// knownZone says whether there is a zone of that name.
func knownZone(name string) (string, bool) {
	if name == "" || name == "Local" {
		return "", false
	}
	_, err := time.LoadLocation(name)
	return name, err == nil
}
