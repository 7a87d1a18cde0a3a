package flows

import "nevermind/bot"

// privacyTalk says what is kept about somebody and why, sends it to them, and deletes it after a second look. Strangers and
// support's people read it only.
var privacyTalk = bot.Flow{
	Name:   "privacy",
	About:  "What is kept about somebody and why: shown, sent as a file, or deleted after a second look.",
	Talk:   true,
	First:  "reading_privacy",
	Starts: []bot.Way{{If: noCustomer, To: "reading_only"}},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"number"},
	Rules:  []string{"S86", "S87", "Q13"},
	States: bot.States{
		"reading_privacy": {
			Tell:  bot.To{bot.Here: "{privacy}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {
				{Event: "data_asked", Label: "Send me my data"}, {Event: "deletion_asked", Label: "Delete my data"}, back,
			}},
			Then: bot.Moves{
				"data_asked":     bot.Stay().Asking(askOwnData),
				"deletion_asked": bot.If(somethingOpen, "waiting_to_delete").Else("weighing_deletion"),
				"privacy_asked":  bot.Go("reading_privacy"),
				"went_back":      bot.Leave(),
			},
		},
		"reading_only": {
			Tell:  bot.To{bot.Here: "{privacy}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {back}},
			Then:  bot.Moves{"privacy_asked": bot.Go("reading_only"), "went_back": bot.Leave()},
		},
		"weighing_deletion": {
			Tell: bot.To{bot.Here: "Delete your data for good?\n\n" +
				"• What goes: your name, your settings, everything written in your chats with me, your photos and files, and what you " +
				"wrote in requests. Nobody can read it any more, in backups either.\n" +
				"• What stays, without your name: which of your orders were cancelled or paid back, when, and how much. " +
				"The law asks shops to keep that.\n" +
				"• What I can't reach: messages and case files that the other side has got already, and your account at the shop.\n\n" +
				"This can't be undone. To write to me again you need a new link from the shop."},
			Offer: bot.Offers{bot.Here: {
				{Event: "deletion_confirmed", Label: "Yes, delete my data", Style: bot.Danger},
				{Event: "data_asked", Label: "Send me my data"},
				back,
			}},
			Then: bot.Moves{
				"privacy_asked":      bot.Go("reading_privacy"),
				"deletion_confirmed": bot.Go("deleting").Asking(askErasure),
				"data_asked":         bot.Stay().Asking(askOwnData),
				"went_back":          bot.Go("reading_privacy"),
			},
		},
		"deleting": {Tell: bot.To{bot.Here: "All right."}},
		"waiting_to_delete": {
			Tell: bot.To{bot.Here: "I can't delete your data yet, because a request of yours is still open, and the other side has a " +
				"right to its end. {deletion_waits}"},
			Light: true,
			Offer: bot.Offers{bot.Here: {myCases, {Event: "data_asked", Label: "Send me my data"}, back}},
			Then: bot.Moves{
				"data_asked":    bot.Stay().Asking(askOwnData),
				"privacy_asked": bot.Go("reading_privacy"),
				"went_back":     bot.Go("reading_privacy"),
			},
		},
	},
}

var (
	noCustomer    = cond("they neither buy nor sell here", func(v *bot.View) bool { return !isCustomer(v.Actor) })
	somethingOpen = cond("a request of theirs is open", func(v *bot.View) bool { return len(mustEndFirst(v)) > 0 })
)

// weightyFlows are the records that must end before anything is deleted: those in which money moves, or support decides.
var weightyFlows = []string{"case", "dispute", "refund", "arrival", "help"}

// mustEndFirst are the records of the talk's person that must end first.
func mustEndFirst(v *bot.View) (all []bot.Conversation) {
	if v.Look == nil {
		return nil
	}
	for _, flow := range weightyFlows {
		all = append(all, v.Look.Cases("open:"+string(v.Actor.ID), flow, 20)...)
	}
	return all
}

// deletionWaits says until when data cannot be deleted.
func deletionWaits(v *bot.View, r *bot.Person) string {
	last := v.Now
	for _, c := range mustEndFirst(v) {
		for _, d := range c.Deadlines {
			if d.At.After(last) {
				last = d.At
			}
		}
	}
	if last.Equal(v.Now) {
		return v.Say(r, "Please ask again once it is decided.")
	}
	return v.With(bot.Facts{"until": formatMoment(v, r, last)}).
		Say(r, "If nobody does anything more, that is by {until}. Please ask again then.")
}

// askOwnData asks for the file of all that is kept about the talk's person.
func askOwnData(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.Key("copy/" + string(v.Actor.ID)), bot.Event{Name: "data_asked", Facts: bot.Facts{"asked_for": string(v.Actor.ID)},
		By: v.Actor.Party(), Actor: v.Actor.ID, Room: e.Room}
}

// askErasure asks to delete what is kept about the talk's person.
func askErasure(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	return bot.Key("erasure/" + string(v.Actor.ID)), bot.Event{Name: "deletion_confirmed",
		Facts: bot.Facts{"asked_for": string(v.Actor.ID)}, By: v.Actor.Party(), Actor: v.Actor.ID, Room: e.Room}
}
