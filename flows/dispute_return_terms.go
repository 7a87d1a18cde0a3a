package flows

import (
	"strings"

	"nevermind/bot"
)

// returnsTerms are what {names} stand for in words about goods that go back.
var returnsTerms = map[string]bot.Term{
	"way_seller":          waySeller,
	"ways":                waysTerm,
	"parcel_said":         parcelSaid,
	"parcel_storage_time": func(v *bot.View, r *bot.Person) string { return formatWindow(v, r, v.Policy.Windows["parcel_storage"]) },
	"return_how":          returnHow,
	"return_awaited":      returnAwaited,
	"return_awaited_desk": returnAwaitedDesk,
	"return_to":           returnTo,
	"address_wanted":      addressWanted,
	"until_then":          untilThen,
	"say_so":              saySo,
	"return_reminder":     returnReminder,
	"delivered_word":      deliveredWord,
	"came_word":           cameWord,
	"came_instead":        func(v *bot.View, r *bot.Person) string { return v.Say(r, cameInstead) },
	"left_label": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, map[string]string{"refuse": "I have refused it", "leave": "I'm leaving it there"}[v.Fact("way")])
	},
	"left_sure": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, map[string]string{
			"refuse": "You've refused the parcel, and the carrier takes it back.",
			"leave":  "You don't collect the parcel. It goes back after {parcel_storage_time} in storage.",
		}[v.Fact("way")])
	},
}

// waySeller tells a seller how the goods will come back by themselves.
func waySeller(v *bot.View, r *bot.Person) string {
	return v.Say(r, map[string]string{
		"refuse": "They want to refuse the parcel when it comes.",
		"leave":  "They don't want to collect the parcel. It comes back after its time in storage.",
	}[v.Fact("way")])
}

// waysTerm says what each way back means (S63–S66).
func waysTerm(v *bot.View, r *bot.Person) string {
	send := v.Say(
		r,
		"Send it back unopened: keep the carrier's receipt and tracking code as your proof. You usually pay for the way back.",
	)
	if !stillOnItsWay.Holds(v) {
		return send
	}
	return strings.Join([]string{v.Say(r, "• Refuse it at the door: the carrier takes it back straight away."),
		v.Say(r, "• Don't collect it: it's stored for {parcel_storage_time}, and then goes back."), "• " + send}, "\n")
}

// returnHow tells a buyer what to do with the goods.
func returnHow(v *bot.View, r *bot.Person) string {
	switch way := v.Fact("way"); {
	case way == "leave" && v.Fact("left") != "":
		return v.Say(r, "You don't collect the parcel, so it goes back after its time in storage.")
	case way != "" && v.Fact("left") != "":
		return v.Say(r, "You've refused the parcel, and the carrier takes it back.")
	case way == "refuse":
		return v.Say(r, "Please refuse the parcel when it comes. {came_instead}")
	case way == "leave":
		return v.Say(r, "Please leave the parcel where it's stored. {came_instead}")
	}
	return v.Say(
		r,
		"Please send it back by {return_by}, unopened if it still is. Keep the carrier's receipt: its tracking code is your "+
			"proof.\n{return_to}",
	)
}

// cameInstead is what a buyer does if a parcel that was to go back by itself reaches them.
const cameInstead = "If it has reached you, don't open it, and press “It has reached me after all”. Then it has to be sent back."

// saySo tells a buyer whether anything has to be pressed: what was said already counts without it; and what happens else.
func saySo(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("way") != "":
		return v.Say(r, "You don't need to press anything.")
	case addressMissing.Holds(v):
		return v.Say(r, "While I have no address for you, you lose nothing by waiting.")
	case byLaw.Holds(v):
		return v.Say(r, "Press “I have sent it” by {return_by}.")
	}
	return v.Say(r, "Press “I have sent it” by {return_by}. After that the case is closed for good, without a refund.")
}

// returnReminder reminds a buyer at half of the time to give goods back.
func returnReminder(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("way") != "":
		return v.Say(r, "{return_how} {say_so}")
	case addressMissing.Holds(v):
		return v.Say(r, "{seller} hasn't told me yet where it goes back to. I've reminded them. You lose nothing by waiting.")
	}
	return v.Say(r, "Just a reminder. {return_how}\n{say_so}")
}

// untilThen tells a buyer what to do with the goods while the seller has time to answer (S06, S58, S63, S64, S66, Q12).
func untilThen(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("way") == "refuse":
		return v.Say(r, "If the parcel comes before that, refuse it at the door. You don't need to press anything.")
	case v.Fact("way") == "leave":
		return v.Say(r, "Until then, leave the parcel where it's stored. You don't need to press anything.")
	case v.Fact("claim_kind") == "return":
		return v.Say(r, "Please don't send it back before that: with the answer you get the address.")
	case v.Fact("problem") == "not_received":
		return v.Say(r, "If it comes after all, film it while you unpack it. If all is well, please withdraw the case.")
	}
	return ""
}

// deliveredWord tells both sides that the shop shows the parcel as delivered, and what that means for goods that were to
// come back by themselves, or had not come.
func deliveredWord(v *bot.View, r *bot.Person) string {
	if !isNews(v, v.Event) {
		return ""
	}
	switch mine := r.Party() == bot.Buyer; {
	case v.Fact("way") != "" && mine:
		return v.Say(
			r,
			"The shop now shows the parcel as delivered. {came_instead} If you've refused it or left it, you don't need to do "+
				"anything.",
		)
	case v.Fact("way") != "":
		return v.Say(
			r,
			"The shop now shows the parcel as delivered. If that means that you have it back, please press “The parcel is back”.",
		)
	case mine && v.Fact("problem") == "not_received":
		return v.Say(r, "The shop now shows the parcel as delivered. If you don't have it, tell me here. If you do, film it while you "+
			"unpack it: without that it's hard to show that any damage isn't yours. {no_receipt}")
	case mine:
		return v.Say(r, "The shop now shows the parcel as delivered. If that's not so, tell me here. {no_receipt}")
	}
	return v.Say(r, "The shop now shows the parcel as delivered.")
}

// cameWord tells a buyer what to do with a parcel that has reached them after all, before it is settled what becomes of it.
func cameWord(v *bot.View, r *bot.Person) string {
	if v.Fact("agreed") != "" {
		return v.Say(r, "Thank you for telling me.")
	}
	return v.Say(
		r,
		"Thank you for telling me. I've told {seller}. Please don't open it and don't send it yet. Once this is settled, I'll "+
			"tell you where it goes.",
	)
}

// returnAwaited tells a seller what comes back, and when.
func returnAwaited(v *bot.View, r *bot.Person) string {
	if v.Fact("way") != "" {
		return v.Say(r, "{buyer} refuses the parcel or leaves it, so it comes back by itself.")
	}
	return v.Say(r, "{buyer} has until {return_by} to send it back. I'll tell you the tracking code.")
}

// returnAwaitedDesk tells support the same.
func returnAwaitedDesk(v *bot.View, r *bot.Person) string {
	if v.Fact("way") != "" {
		return v.Say(r, "{buyer} refuses the parcel or leaves it, so it goes back by itself.")
	}
	return v.Say(r, "{buyer} has until {return_by} to send it back.")
}

// parcelSaid is how the parcel comes back.
func parcelSaid(v *bot.View, r *bot.Person) string {
	switch way := v.Fact("way"); {
	case way == "refuse" && v.Fact("left") == "":
		return sayTo(v, r, bot.To{
			bot.Buyer: "You refuse the parcel at the door, and it goes back by itself.",
			bot.Here:  "{buyer} refuses the parcel at the door, and it goes back by itself.",
		})
	case way == "refuse":
		return v.Say(r, "The parcel was refused at the door, and goes back by itself.")
	case way == "leave":
		return v.Say(r, "Nobody collects the parcel. It goes back by itself once its time in storage is over.")
	}
	code := strings.TrimSpace(bot.Clean(v.Fact("return_carrier")) + " " + v.Fact("return_code"))
	return v.With(bot.Facts{"code": code}).Say(r, "The parcel is on its way back. Its tracking code is {code}.")
}
