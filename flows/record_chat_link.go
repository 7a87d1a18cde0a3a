package flows

import "nevermind/bot"

// chatLink is a one-time link, made by the shop for somebody who is signed in there, by which a chat becomes theirs. The
// first chat that opens it is asked whose it is, and is connected only after a yes; every other chat learns nothing from
// it. It works once and for ten minutes. A no is told to support, since somebody may be passing on their own links to
// take over chats.
var chatLink = bot.Flow{
	Name:  "link",
	About: "A one-time link from the shop: the first chat that opens it is asked whose it is, and connected only after a yes.",
	Born:  []string{"invited"},
	First: "awaiting_opening",
	Hear:  []bot.Hear{hearLink},
	Always: bot.Moves{
		"person_asked": bot.Stay().Asking(askHelp).
			Saying(bot.To{bot.Here: "{person_called} If you didn't ask for this link, press “Not me”, and nothing is connected."}).
			Rules("S91"),
	},
	States: bot.States{
		"awaiting_opening": {
			Card: bot.To{
				bot.Buyer:   "A link was made to connect another chat.",
				bot.Seller:  "A link was made to connect another chat.",
				bot.Support: "A link was made for {whose}.",
			},
			After: chatLinkExpiry,
			Then: bot.Moves{
				"link_opened":  bot.If(theirsAlready, "needless").Else("asking_whose"),
				"link_expired": bot.Go("expired"),
			},
		},
		// One chat has opened it. Opening it again asks again; another chat is told that the link does not work there.
		"asking_whose": {
			Tell: bot.To{bot.Here: "This link connects this chat with the account of {whose}. Is that you?\n\n" +
				"Say yes only if you asked for the link yourself just now, signed in at the shop. Whoever is in this chat then sees " +
				"that account's orders, and acts for it. {moves} The link works until {link}."},
			Card: bot.To{
				bot.Buyer:   "A link to connect another chat was opened.",
				bot.Seller:  "A link to connect another chat was opened.",
				bot.Support: "A link for {whose} was opened.",
			},
			Offer: bot.Offers{bot.Here: {
				{Event: "owner_confirmed", Label: "Yes, that's me", Style: bot.Primary},
				{Event: "owner_denied", Label: "Not me", Style: bot.Danger}, aPerson,
			}},
			After: chatLinkExpiry,
			Then: bot.Moves{
				"link_opened":           bot.Stay().Showing(),
				"link_opened_elsewhere": bot.Stay().Saying(bot.To{bot.Here: "{link_spent}"}),
				"owner_confirmed":       bot.Go("connected").Asking(joinChat),
				"owner_denied":          bot.Go("declined"),
				"link_expired":          bot.Go("expired"),
			},
		},
		// The account's other chats are told, so that a stranger's does not go unnoticed.
		"connected": {
			Tell: bot.To{bot.Buyer: anotherChat, bot.Seller: anotherChat},
			Card: bot.To{bot.Here: "This chat belongs to the account of {whose} now.", bot.Support: "{whose} connected a chat."},
		},
		"declined": {
			Tell: bot.To{bot.Support: "A link to the account of {whose} was opened by somebody who says it isn't them. " +
				"Nothing was connected, and the link no longer works. If this happens again with the same account, somebody may be " +
				"sending their own links to others."},
			Card: bot.To{
				bot.Here: "All right, nothing was connected, and that link no longer works. If you didn't ask for a link, somebody " +
					"sent you theirs, perhaps by mistake. You don't need to do anything. {get_link}",
				bot.Buyer: "A link to connect another chat was turned down.", bot.Seller: "A link to connect another chat was turned down.",
			},
		},
		"expired": {
			Card: bot.To{
				bot.Here: "This link has run out, and nothing was connected. For a new one, sign in at the shop and open this chat " +
					"from your order page again.",
				bot.Buyer:   "The link to connect another chat was not used.",
				bot.Seller:  "The link to connect another chat was not used.",
				bot.Support: "A link for {whose} was not used.",
			},
		},
		"needless": {
			Tell: bot.To{bot.Here: "This chat belongs to your account already, so nothing has changed. The link is used up now. " +
				"To connect another chat, please get a new link there."},
			Card: bot.To{
				bot.Buyer:   "A link was opened where none was needed.",
				bot.Seller:  "A link was opened where none was needed.",
				bot.Support: "A link for {whose} was opened in a chat of theirs.",
			},
		},
	},
}

// anotherChat tells an account's other chats that one was connected.
const anotherChat = "Another chat was connected with your account just now. It gets the same messages as this one. " +
	"If that wasn't you, write /settings here, press “Disconnect all other chats”, and change your password at the shop."

// chatLinkExpiry is the policy's "link" window, counted from when the link was made, however often it is opened.
var chatLinkExpiry = bot.Waits{{Full: "link", Event: "link_expired", Kept: true}}

// theirsAlready holds where the chat that opened the link belongs to its owner already.
var theirsAlready = cond("the chat is theirs already", func(v *bot.View) bool {
	return v.Actor.ID != "" && v.Conv.Parties[v.Actor.Party()] == v.Actor.ID
})

// hearLink hears a link opened: the first chat that does is the only one that can go on.
func hearLink(v *bot.View, m *bot.Message) (bot.Event, bool) {
	switch room := v.Fact("guest"); {
	case m.Link == "":
		return bot.Event{}, false
	case room == "":
		return bot.Event{Name: "link_opened", Facts: bot.Facts{"guest": string(m.Room), "guest_account": m.Account}}, true
	case room != string(m.Room) || v.Fact("guest_account") != m.Account:
		return bot.Event{Name: "link_opened_elsewhere"}, true
	}
	return bot.Event{Name: "link_opened"}, true
}

// joinChat makes the chat that opened the link its owner's.
func joinChat(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	return bot.PersonKey(chatLinkOwner(v).ID), bot.Event{Name: bot.ChatJoined,
		Facts: bot.Facts{"guest": v.Fact("guest"), "guest_account": v.Fact("guest_account")}}
}
