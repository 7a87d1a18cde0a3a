package flows

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// settingsTerms are what {names} stand for in words about somebody's own settings.
var settingsTerms = map[string]bot.Term{
	"settings":   settingsTerm,
	"last_chat":  lastChat,
	"overview":   overviewTerm,
	"quiet_note": quietHoursWarning,
}

// setting asks the person's record to store a setting of whoever speaks; the record answers with "setting_changed".
func setting(name, value string) bot.Ask {
	return func(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
		return bot.PersonKey(v.Actor.ID), bot.Event{Name: "setting_changed", Facts: bot.Facts{name: value}}
	}
}

// chosenSetting asks the same for what the event says.
func chosenSetting(name string) bot.Ask {
	return func(v *bot.View, e *bot.Event) (bot.Key, bot.Event) { return setting(name, e.Facts[name])(v, e) }
}

// leaveChat asks to disconnect this chat, or all the others.
func leaveChat(event string) bot.Ask {
	return func(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
		return bot.PersonKey(v.Actor.ID), bot.Event{Name: event, Facts: bot.Facts{"guest": string(e.Room), "guest_account": v.Account}}
	}
}

// settingsTerm is how things are set now, one a line.
func settingsTerm(v *bot.View, r *bot.Person) string {
	zone, quiet := strings.ReplaceAll(offsetName(r.Zone), "_", " "), strings.ReplaceAll(r.Settings["quiet"], "-", "–")
	now := v.With(bot.Facts{"zone": zone, "clock": v.Now.In(r.Location()).Format("15:04"), "quiet": quiet})
	place, rest := "• Time zone: {zone}, where it is {clock} now", "• Quiet hours: {quiet}"
	if zone == "" {
		place = "• Time zone: not set, so you read times in UTC, where it is {clock} now"
	}
	if quiet == "" {
		rest = "• Quiet hours: none"
	}
	lines := []string{v.Say(r, "Your settings:"), now.Say(r, place), now.Say(r, rest)}
	if r.Party() == bot.Seller {
		overview := "• Daily overview: no"
		if overviewOn.Holds(v) {
			overview = "• Daily overview: in the morning, when something waits for you"
		}
		lines = append(lines, v.Say(r, overview))
	}
	lines = append(lines, v.Say(r, "• Language: {language}"))
	lines = append(lines, v.Count(r, len(r.Rooms), "• Chats: this one", "• Chats: {n}, this one among them"))
	return strings.Join(lines, "\n")
}

// lastChat says what it means to disconnect the last chat.
func lastChat(v *bot.View, r *bot.Person) string {
	switch {
	case !slices.Contains(r.Rooms, v.Event.Room) || len(r.Rooms) > 1:
		return v.Say(r, "Your other chats stay connected.")
	case r.Party() == bot.Seller:
		if v.Policy.Choices["seller_silence"] == "approve" {
			return v.Say(r, "It's your last one, so I can no longer reach you then. The time to answer a request runs all the same. "+
				"A request that you don't answer is approved automatically.")
		}
		return v.Say(r, "It's your last one, so I can no longer reach you then. The time to answer a request runs all the same. "+
			"Our support team decides about those that you don't answer.")
	}
	return v.Say(r, "It's your last one, so I can no longer reach you then. What you have asked for goes on without you.")
}
