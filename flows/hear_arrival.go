package flows

import "nevermind/bot"

// arrivalWords are what somebody types who is asked whether their money is there.
var arrivalWords = map[string]string{
	"yes": "arrived", "yep": "arrived", "yes it is": "arrived", "it is": "arrived", "it is there": "arrived",
	"it's there": "arrived", "it has arrived": "arrived", "yes it has": "arrived",
	"yes it has arrived": "arrived", "it arrived": "arrived", "arrived": "arrived", "received": "arrived", "i have it": "arrived",
	"got it": "arrived",
	"no":     "missed", "nope": "missed", "not yet": "missed", "no not yet": "missed", "nothing yet": "missed",
	"no it is not": "missed", "it is not": "missed", "it's not there": "missed", "it is not there": "missed",
	"it is missing": "missed", "missing": "missed", "it has not arrived": "missed", "no it has not": "missed",
	"it hasn't arrived": "missed",
}

// hearArrival hears a yes or no to the one open question whether money has arrived, where nothing else is being asked. A no
// to the question half-way only means that it is not there yet.
func hearArrival(v *bot.View, m *bot.Message) (bot.Event, bool) {
	said, ok := arrivalWords[plainWords(m.Text)]
	if !ok || v.Look == nil || v.Actor.Party() != bot.Buyer || len(v.Conv.Aside) > 0 {
		return bot.Event{}, false
	}
	facts := bot.Facts{}
	for _, c := range v.Look.Cases("open:"+string(v.Actor.ID), "arrival", 20) {
		halfway := c.State == "watching_arrival" && c.Facts["asked_halfway"] != ""
		switch {
		case !halfway && c.State != "asking_arrival":
			continue
		case facts["arrival"] != "":
			return bot.Event{}, false // which of them?
		case halfway:
			facts["arrival_halfway"] = "yes"
		}
		facts["arrival"] = string(c.Key)
	}
	return bot.Event{Name: "arrival_" + said, Facts: facts}, facts["arrival"] != ""
}

// tellArrival passes a typed yes or no on to whoever asked.
func tellArrival(event string) bot.Ask {
	return func(_ *bot.View, e *bot.Event) (bot.Key, bot.Event) {
		if event == "missed" && e.Facts["arrival_halfway"] != "" {
			return bot.Key(e.Facts["arrival"]), bot.Event{Name: "not_yet"}
		}
		return bot.Key(e.Facts["arrival"]), bot.Event{Name: event}
	}
}
