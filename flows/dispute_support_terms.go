package flows

import "nevermind/bot"

// disputeSupportReasons says why a case about goods is with support, besides what caseSupportReasons says: to the buyer, to
// the seller, to support.
var disputeSupportReasons = map[string][3]string{
	"seller_unreachable": {
		"{seller} has no chat with me.", "{buyer} has opened a case about this order.",
		"A case for you: {seller} can't be reached by chat. Please tell them another way.",
	},
	"on_hold": {
		"The shop has put this order on hold.", "The shop has put this order on hold, and {buyer} has opened a case about it.",
		"A case for you: the shop has put the order on hold.",
	},
	"not_sent_back": {
		"I haven't heard that you sent it back.", "{buyer} hasn't said that they sent it back.",
		"A case for you: {buyer} withdrew by law, and hasn't said that the goods were sent back.",
	},
	"no_address": {
		"{seller} hasn't told me where it goes back to. You lose nothing by that.",
		"You haven't said where it goes back to, so {buyer} couldn't send it.",
		"A case for you: the goods were to be sent back, and {seller} never said where to. Please find the address, or decide.",
	},
	"proof_odd": {
		"Thank you. Something about the tracking code looks odd.",
		"{buyer} says that the goods are on their way back. The tracking code is {return_code}.",
		"A case for you: {buyer} withdrew by law and gives tracking code {return_code} as proof of sending. Something about it " +
			"looks odd. If it stands, all the money is due now, whether or not the parcel is back.",
	},
	"parcel_wrong": {
		"{seller} says that the parcel is back, but not right: {parcel_fault_quoted}", "You say that the parcel isn't right.",
		"A case for you: the parcel is back, but {seller} says that it isn't right: {parcel_fault_quoted}",
	},
	"parcel_missing": {
		"{seller} hasn't said that the parcel is back.", "You haven't said whether the parcel is back.",
		"A case for you: nobody has said that the parcel is back. {parcel_said}",
	},
	"appealed": {
		"The decision gets another look.", "The decision gets another look.",
		"A case for you: an appeal. Your next decision is final.",
	},
}

// supportReason is why a case is with support.
func supportReason(v *bot.View) [3]string {
	if words, ok := disputeSupportReasons[v.Fact("why")]; ok {
		return words
	}
	if words, ok := moneyReasons[v.Fact("why")]; ok {
		return words
	}
	return caseSupportReasons[v.Fact("why")]
}
