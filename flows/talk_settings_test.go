package flows_test

import (
	"slices"
	"testing"

	"nevermind/bot"
	"nevermind/flows"
)

func TestZones(t *testing.T) {
	for text, want := range map[string]string{
		"Madrid": "Europe/Madrid", "europe/madrid": "Europe/Madrid", "New York": "America/New_York",
		"america/new_york": "America/New_York",
		"Barcelona":        "Europe/Madrid", "Yiwu": "Asia/Shanghai", "UTC": "UTC", "utc+3": "Etc/GMT-3",
		"GMT -5": "Etc/GMT+5", "+٣": "Etc/GMT-3", "UTC+99": "", "Atlantis": "", "../../etc/passwd": "", "Local": "", "": "", "?": "",
		"new\x00york": "",
	} {
		ev, _ := flows.HearZone(nil, &bot.Message{Text: text})
		if got := ev.Facts["zone"]; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestQuietHours(t *testing.T) {
	for text, want := range map[string]string{
		"22-7": "22:00-07:00", "22:30 – 6": "22:30-06:00", "21.15 to 7.45": "21:15-07:45", "0-24": "", "24-7": "00:00-07:00",
		"25-7": "", "22:99-7": "", "night": "",
	} {
		ev, _ := flows.HearQuietHours(nil, &bot.Message{Text: text})
		if got := ev.Facts["quiet"]; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestCommands: every command that a platform's menu shows is heard, and each of the contract's is shown to somebody.
func TestCommands(t *testing.T) {
	all := flows.All()
	var shown []string
	for _, p := range []bot.Party{"", bot.Buyer, bot.Seller, bot.Support} {
		for _, c := range all.CommandsFor(p) {
			shown = append(shown, c.Name)
			if _, heard := flows.HearCommand(&bot.View{Actor: &bot.Person{}}, &bot.Message{Text: "/" + c.Name}); !heard {
				t.Errorf("/%s is not heard", c.Name)
			}
			if n := len(c.About[p]); n == 0 || n > 256 {
				t.Errorf("/%s is described in %d letters to %q", c.Name, n, p)
			}
		}
	}
	for _, name := range []string{"start", "orders", "cancel", "status", "seller", "help", "language", "privacy", "settings"} {
		if !slices.Contains(shown, name) {
			t.Errorf("/%s is shown to nobody", name)
		}
	}
}
