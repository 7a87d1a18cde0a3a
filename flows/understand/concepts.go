package understand

import "slices"

// concept is what a word means, by its place in conceptNames.
type concept uint8

// conceptNames are the headings of the files in lexicon.
var conceptNames = []string{
	"cancel", "cancelled", "stop", "order", "parcel", "item", "refund", "money", "giveback", "return", "delete",
	"deleted", "data", "account", "person", "talk", "support", "seller", "complain", "dispute", "broken", "wrong",
	"nothere", "arrive", "ship", "where", "when", "howlong", "status", "late", "show", "history", "language", "tongue",
	"hello", "thanks", "bye", "want", "need", "please", "can", "cannot", "how", "what", "why", "if", "not", "nomore",
	"know", "past", "third", "said", "keep", "withdraw", "request", "change", "address", "size", "fee", "policy",
	"coupon", "foreign", "service", "manager", "scam", "wait", "mistake", "cheaper", "me", "bot", "help", "buy", "answer",
	"stock", "price", "pickup", "agree", "refuse", "gone", "offer", "only", "except", "fake", "lacking", "colour", "filler",
}

// The concepts by name, in the order of conceptNames.
const (
	isCancel concept = iota
	isCancelled
	isStop
	isOrder
	isParcel
	isItem
	isRefund
	isMoney
	isGiveback
	isReturn
	isDelete
	isDeleted
	isData
	isAccount
	isPerson
	isTalk
	isSupport
	isSeller
	isComplain
	isDispute
	isBroken
	isWrong
	isNothere
	isArrive
	isShip
	isWhere
	isWhen
	isHowlong
	isStatus
	isLate
	isShow
	isHistory
	isLanguage
	isTongue
	isHello
	isThanks
	isBye
	isWant
	isNeed
	isPlease
	isCan
	isCannot
	isHow
	isWhat
	isWhy
	isIf
	isNot
	isNomore
	isKnow
	isPast
	isThird
	isSaid
	isKeep
	isWithdraw
	isRequest
	isChange
	isAddress
	isSize
	isFee
	isPolicy
	isCoupon
	isForeign
	isService
	isManager
	isScam
	isWait
	isMistake
	isCheaper
	isMe
	isBot
	isHelp
	isBuy
	isAnswer
	isStock
	isPrice
	isPickup
	isAgree
	isRefuse
	isGone
	isOffer
	isOnly
	isExcept
	isFake
	isLacking
	isColour
	isFiller // what is a word in another language, and none here
)

// misspelt are those whose words are found with a letter mistyped too.
var misspelt = setOf(isCancel, isCancelled, isOrder, isParcel, isRefund, isDelete, isAccount, isPerson, isSupport, isSeller,
	isComplain, isDispute, isBroken, isStatus, isLanguage, isHello, isThanks, isPolicy, isFee, isAddress, isForeign, isService)

func conceptNamed(name string) concept {
	n := slices.Index(conceptNames, name)
	if n < 0 {
		panic("the lexicon has no concept " + name)
	}
	return concept(n)
}
