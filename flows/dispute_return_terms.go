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
	switch v.Fact("way") {
	case "refuse":
		return v.Say(r, "Please refuse the parcel when it comes, and tell me with the button. "+
			"If it is there already, send it back unopened and give me the tracking code.")
	case "leave":
		return v.Say(r, "Please leave the parcel where it is stored, and tell me with the button. "+
			"If you have it already, send it back unopened and give me the tracking code.")
	}
	return v.Say(r, "Please send it back to {seller} by {return_by}, unopened if it still is, keep the carrier's receipt, "+
		"and give me the tracking code: it is your proof.")
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
		return v.Say(r, "The parcel was refused at the door and goes back by itself.")
	case "leave":
		return v.Say(r, "The parcel is not collected and goes back by itself once its time in storage is over.")
	}
	return v.Say(r, "The parcel is on its way back, tracking code ") +
		strings.TrimSpace(bot.Clean(v.Fact("return_carrier"))+" "+v.Fact("return_code")) + "."
}
