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
	"return_to":           returnTo,
	"address_wanted":      addressWanted,
	"until_then":          untilThen,
	"say_so":              saySo,
	"return_reminder":     returnReminder,
	"delivered_word":      deliveredWord,
	"came_word":           cameWord,
	"left_label": func(v *bot.View, r *bot.Person) string {
		return v.Say(r, map[string]string{"refuse": "I have refused it", "leave": "I leave it there"}[v.Fact("way")])
	},
	"left_sure": func(v *bot.View, r *bot.Person) string {
		return v.Say(r,
			map[string]string{
				"refuse": "You have refused the parcel, and the carrier takes it back.",
				"leave":  "You do not collect the parcel; it goes back after {parcel_storage_time} in storage.",
			}[v.Fact("way")])
	},
}

// waySeller tells a seller how the goods will come back by themselves.
func waySeller(v *bot.View, r *bot.Person) string {
	switch v.Fact("way") {
	case "refuse":
		return v.Say(r, " They mean to refuse the parcel when it comes.")
	case "leave":
		return v.Say(r, " They mean not to collect the parcel, which then comes back after its time in storage.")
	}
	return ""
}

// waysTerm says what each way back means (S63–S66).
func waysTerm(v *bot.View, r *bot.Person) string {
	words := v.Say(r, "Send it back unopened: you keep the carrier's receipt and tracking code as proof, "+
		"and usually pay for the way back.")
	if !stillOnItsWay.Holds(v) {
		return words
	}
	return v.Say(r, "Refuse it at the door: the carrier takes it back at once. "+
		"Do not collect it: it is stored for {parcel_storage_time} and then goes back. ") + words
}

// returnHow tells a buyer what to do with the goods.
func returnHow(v *bot.View, r *bot.Person) string {
	switch way := v.Fact("way"); {
	case way != "" && v.Fact("left") != "":
		return v.Say(r, "You have refused the parcel, and the carrier takes it back. You need do nothing more.")
	case way == "refuse":
		return v.Say(r, "Please refuse the parcel when it comes. If it has reached you, do not open it, and press “It has reached me "+
			"after all”: then it has to be sent back.")
	case way == "leave":
		return v.Say(r, "Please leave the parcel where it is stored. If it has reached you, do not open it, and press “It has reached "+
			"me after all”: then it has to be sent back.")
	}
	return v.Say(r, "Please send it back by {return_by}, unopened if it still is, and keep the carrier's receipt: its tracking "+
		"code is your proof.{return_to}\n")
}

// saySo tells a buyer whether anything has to be pressed: what was said already counts without it.
func saySo(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("way") != "":
		return v.Say(r, "You need not press anything for that.")
	case addressMissing.Holds(v):
		return v.Say(r, "As long as I have no address for you, you lose nothing by waiting.")
	}
	return v.Say(r, "Press “I have sent it” by {return_by}.")
}

// returnReminder reminds a buyer at half of the time to give goods back.
func returnReminder(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("way") != "":
		return v.Say(r, "{return_how} {say_so}")
	case addressMissing.Holds(v) && !byLaw.Holds(v):
		return v.Say(r, "{seller} has not told me yet where the goods go back to. I have reminded them; you lose nothing by waiting.")
	}
	return v.Say(r, "A reminder: {return_how}After {return_by} {else_closed}.")
}

// untilThen tells a buyer what to do with the goods while the seller has time to answer (S06, S63, S64, S66, Q12).
func untilThen(v *bot.View, r *bot.Person) string {
	switch {
	case v.Fact("way") == "refuse":
		return v.Say(r, " If the parcel comes before that, refuse it at the door. What you have said counts; you need not press "+
			"anything for it.")
	case v.Fact("way") == "leave":
		return v.Say(r, " Until then leave the parcel where it is stored. What you have said counts; you need not press "+
			"anything for it.")
	case v.Fact("claim_kind") == "return":
		return v.Say(r, " Please do not send it back before that: with the answer you get the address.")
	case v.Fact("problem") == "not_received":
		return v.Say(r, " If it comes after all and is as it should be, please withdraw the case.")
	}
	return ""
}

// deliveredWord tells both sides that by the shop's word the parcel is there, and what that means for goods that were to
// come back by themselves.
func deliveredWord(v *bot.View, r *bot.Person) string {
	switch mine := r.Party() == bot.Buyer; {
	case v.Fact("way") != "" && mine:
		return v.Say(r, "The shop says that the parcel has been delivered. If it has reached you after all, do not open it, and press "+
			"“It has reached me after all”: then it has to be sent back. If you have refused it or left it, you need do nothing.")
	case v.Fact("way") != "":
		return v.Say(r, "The shop says that the parcel has been delivered. If that means that you have it back, please say so.")
	case mine:
		return v.Say(r, "The shop says that the parcel has been delivered. If that is not so, say so here; if it is, please do not "+
			"confirm the receipt to the shop while this is open.")
	}
	return v.Say(r, "The shop says that the parcel has been delivered.")
}

// cameWord tells a buyer what to do with a parcel that has reached them after all, before it is settled what becomes of it.
func cameWord(v *bot.View, r *bot.Person) string {
	if v.Fact("agreed") != "" {
		return v.Say(r, "Thank you for saying so.")
	}
	return v.Say(r, "Thank you for saying so. Please do not open it, and do not send it yet: once it is settled, I tell you where "+
		"to. I have told {seller}.")
}

// returnAwaited tells a seller what comes back, and when.
func returnAwaited(v *bot.View, r *bot.Person) string {
	if v.Fact("way") != "" {
		return v.Say(r, "{buyer} refuses the parcel or leaves it, so that it comes back by itself.")
	}
	return v.Say(r, "{buyer} has until {return_by} to send it back, and I will tell you the tracking code.")
}

// parcelSaid is how the parcel comes back.
func parcelSaid(v *bot.View, r *bot.Person) string {
	switch v.Fact("way") {
	case "refuse":
		if v.Fact("left") == "" {
			return v.Say(r, "The parcel is refused at the door, as {buyer} has said, and goes back by itself.")
		}
		return v.Say(r, "The parcel was refused at the door and goes back by itself.")
	case "leave":
		return v.Say(r, "The parcel is not collected and goes back by itself once its time in storage is over.")
	}
	return v.Say(r, "The parcel is on its way back, tracking code ") +
		strings.TrimSpace(bot.Clean(v.Fact("return_carrier"))+" "+v.Fact("return_code")) + "."
}
