package flows

import (
	"testing"
	"time"
)

func TestTimesAsPeopleWriteThem(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, madrid) // a Friday
	for text, want := range map[string]string{
		"14:30": "2026-11-20 14:30", "9:00": "2026-11-21 09:00", "2pm": "2026-11-20 14:00", "12 am": "2026-11-21 00:00",
		"this afternoon": "2026-11-20 15:00", "tomorrow": "2026-11-21 09:00", "Tomorrow morning": "2026-11-21 09:00",
		"tomorrow, 8:15": "2026-11-21 08:15",
		"Monday":         "2026-11-23 09:00", "next monday at 16:00": "2026-11-23 16:00", "fri 9am": "2026-11-27 09:00",
		"28 November": "2026-11-28 09:00", "Nov 28 10:00": "2026-11-28 10:00", "3 jan": "2027-01-03 09:00",
		"28.11. 17:00": "2026-11-28 17:00",
		"2026-12-01":   "2026-12-01 09:00", "2026-12-01 09:30": "2026-12-01 09:30", "in 2 hours": "2026-11-20 12:00",
		"an hour":     "2026-11-20 11:00",
		"mañana 9:00": "2026-11-21 09:00", "el lunes a las 16:00": "2026-11-23 16:00", "en 2 horas": "2026-11-20 12:00",
		"28 de noviembre": "2026-11-28 09:00", "amanhã à tarde": "2026-11-21 15:00", "segunda-feira": "2026-11-23 09:00",
		"em 3 horas": "2026-11-20 13:00", "demain 8:15": "2026-11-21 08:15", "lundi prochain": "2026-11-23 09:00",
		"dans 2 heures": "2026-11-20 12:00", "morgen früh": "2026-11-21 09:00", "Montag um 16:00 Uhr": "2026-11-23 16:00",
		"in einer Stunde": "2026-11-20 11:00", "28. November": "2026-11-28 09:00", "завтра 9:00": "2026-11-21 09:00",
		"в понедельник": "2026-11-23 09:00", "через 2 часа": "2026-11-20 12:00", "28 ноября": "2026-11-28 09:00",
		"غدًا 9:00": "2026-11-21 09:00", "بعد ساعتين": "2026-11-20 12:00", "الاثنين": "2026-11-23 09:00",
		"明天 9:00": "2026-11-21 09:00", "3小时后": "2026-11-20 13:00", "周一下午": "2026-11-23 15:00", "11月28日": "2026-11-28 09:00",
		"90 min": "2026-11-20 11:30", "3d": "2026-11-23 10:00", "in a week": "2026-11-27 10:00",
	} {
		got, ok := parseTime(text, now, morningHour)
		if !ok || got.Format("2006-01-02 15:04") != want {
			t.Errorf("%q: got %v %v, want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "soon", "25:00", "9:75", "13pm", "the 40th", "28 Nov 9", "31 February", "when it comes"} {
		if got, ok := parseTime(text, now, morningHour); ok {
			t.Errorf("%q: got %v, want that it is no time", text, got)
		}
	}
}
