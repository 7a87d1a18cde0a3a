package flows

import "nevermind/bot"

// disputeSupportReasons says why a case about goods is with support, besides what caseSupportReasons says: to the buyer, to
// the seller, to support.
var disputeSupportReasons = map[string][3]string{
	"seller_unreachable": {
		"{seller} has no chat with me, so our support team takes it on at once.", "A buyer has opened a case about this order.",
		"A case for you: {seller} cannot be reached by chat. Please tell them another way.",
	},
	"on_hold": {
		"The shop has put this order on hold.", "The shop has put this order on hold, and {buyer} has opened a case about it.",
		"A case for you: the shop has put the order on hold.",
	},
	"not_sent_back": {
		"I have not heard that the goods were sent back.", "{buyer} has not said that the goods were sent back.",
		"A case for you: {buyer} withdrew by law, and has not said that the goods were sent back.",
	},
	"no_address": {
		"{seller} has not told me where the goods go back to. You have lost nothing by that.",
		"You have not said where the goods go back to, so {buyer} could not send them.",
		"A case for you: the goods were to be sent back, and {seller} has never said where to. Please find the address, or decide.",
	},
	"proof_odd": {
		"Thank you. The tracking code needs a look before the money goes back.",
		"{buyer} says that the goods are on their way back, with tracking code {return_code}.",
		"A case for you: {buyer} withdrew by law and gives tracking code {return_code} as proof that the goods were sent. " +
			"Something about it looks odd. If it stands, all the money is due now, whether or not the parcel is back.",
	},
	"parcel_wrong": {
		"{seller} says that the parcel is back, but not right: {parcel_fault_quoted}",
		"I have told support what is wrong with the parcel.",
		"A case for you: the parcel is back, but {seller} says that it is not right: {parcel_fault_quoted}",
	},
	"parcel_missing": {
		"{seller} has not said that the parcel is back.", "You have not said whether the parcel is back.",
		"A case for you: nobody has said that the parcel is back. {parcel_said}",
	},
	"appealed": {
		"The decision is looked at again.", "The decision is looked at again.",
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
