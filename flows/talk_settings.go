package flows

import "nevermind/bot"

// settings is where somebody chooses how they are spoken to, and which chats are theirs: time zone, quiet hours, a
// seller's daily overview, and to disconnect this chat or all others. Each choice is kept with the person, and this talk
// shows what is set when the person's record says that it has changed. Support's room has no settings: it belongs to the
// whole team.
var settings = bot.Flow{
	Name:   "settings",
	About:  "Time zone, quiet hours, a seller's daily overview, and which chats are connected.",
	Talk:   true,
	First:  "choosing_setting",
	Starts: []bot.Way{{If: stranger, To: "being_unknown"}, {If: isAgent, To: "having_no_setting"}},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: with(talkAlways, bot.Moves{
		"setting_changed": bot.Go("choosing_setting"),
		"others_left":     bot.Go("choosing_setting").Saying(bot.To{bot.Here: othersLeft}),
	}),
	After: talkTimeout,
	Facts: []string{"number"},
	States: bot.States{
		"choosing_setting": {
			Tell:  bot.To{bot.Here: "{settings}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {
				{Event: "zone_asked", Label: "Time zone"}, {Event: "quiet_asked", Label: "Quiet hours"},
				{Event: "language_asked", Label: "Language"},
				{Event: "digest_stopped", Label: "No daily overview", When: overviewOn},
				{Event: "digest_started", Label: "A daily overview", When: overviewOff},
				{Event: "assistant_asked", Label: "My assistant", When: assistantThere},
				{Event: "leaving_asked", Label: "Disconnect this chat"},
				{Event: "others_asked", Label: "Disconnect all other chats", When: otherChats},
				back,
			}},
			Then: bot.Moves{
				"zone_asked":     bot.Go("choosing_zone"),
				"quiet_asked":    bot.Go("choosing_quiet"),
				"digest_stopped": bot.Stay().Asking(setting("digest", "off")),
				"digest_started": bot.Stay().Asking(setting("digest", "on")),
				"leaving_asked":  bot.Go("leaving_chat"),
				"others_asked":   bot.Go("dropping_others"),
				"went_back":      bot.Leave(),
			},
		},
		"choosing_zone": {
			Tell: bot.To{bot.Here: "Where are you? Choose, or write a city, for instance “Lisbon”, a zone such as “Europe/Lisbon”, " +
				"or an offset such as “UTC+3”."},
			List:  listZones,
			Offer: bot.Offers{bot.Here: {back}},
			Hear:  []bot.Hear{hearZone},
			Then: bot.Moves{
				"zone_chosen": bot.Stay().Asking(chosenSetting("zone")),
				"zone_unknown": bot.Stay().Saying(bot.To{bot.Here: "I don't know a time zone by that name. " +
					"A larger city near you is most likely to work, or an offset such as “UTC+3”."}),
				"went_back": bot.Go("choosing_setting"),
			},
		},
		"choosing_quiet": {
			Tell: bot.To{bot.Here: "In which hours shall messages come without a sound? Choose, or write them, for instance “22-7” or " +
				"“22:30-06:30”. They still come, and no deadline moves. " +
				"What runs out before the hours are over comes with a sound all the same."},
			List:  listQuietHours,
			Offer: bot.Offers{bot.Here: {back}},
			Hear:  []bot.Hear{hearQuietHours},
			Then: bot.Moves{
				"quiet_chosen": bot.Stay().Asking(chosenSetting("quiet")),
				"went_back":    bot.Go("choosing_setting"),
			},
		},
		"leaving_chat": {
			Tell: bot.To{bot.Here: "Disconnect this chat? It then shows no orders any more, and nothing more comes here by itself. " +
				"{last_chat}"},
			Offer: bot.Offers{bot.Here: {{Event: "leaving_confirmed", Label: "Yes, disconnect it", Style: bot.Danger}, back}},
			Then: bot.Moves{
				"leaving_confirmed": bot.Go("leaving").Asking(leaveChat(bot.ChatLeft)),
				"went_back":         bot.Go("choosing_setting"),
			},
		},
		"dropping_others": {
			Tell: bot.To{bot.Here: "Disconnect all other chats of your account? Only this one stays. " +
				"If somebody else had connected one of them, please change your password at the shop too: else they can make a new link."},
			Offer: bot.Offers{bot.Here: {{Event: "others_confirmed", Label: "Yes, only this one stays", Style: bot.Danger}, back}},
			Then: bot.Moves{
				"others_confirmed": bot.Stay().Asking(leaveChat(bot.OthersLeft)),
				"went_back":        bot.Go("choosing_setting"),
			},
		},
		"being_unknown": beingUnknown,
		"having_no_setting": {
			Tell:  bot.To{bot.Here: "This room belongs to the whole team, so there is nothing to set in it. Times are shown in UTC."},
			Light: true,
			Offer: bot.Offers{bot.Here: {back}},
			Then:  bot.Moves{"went_back": bot.Leave()},
		},
		"leaving": {Tell: bot.To{bot.Here: "All right."}},
	},
}

// othersLeft says that the account's other chats are disconnected.
const othersLeft = "Done: this is the only chat of your account now."

// Who is asking, and what is set.
var (
	isAgent     = cond("it is support", func(v *bot.View) bool { return v.Actor.Party() == bot.Support })
	overviewOn  = cond("a daily overview comes", func(v *bot.View) bool { return v.Actor.Settings["digest"] == "on" })
	overviewOff = cond("no daily overview comes", func(v *bot.View) bool {
		return v.Actor.Party() == bot.Seller && v.Actor.Settings["digest"] != "on"
	})
	otherChats = cond("other chats are connected", func(v *bot.View) bool { return len(v.Actor.Rooms) > 1 })
)
