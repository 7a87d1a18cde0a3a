package slack

// The sentences that this adapter says itself, because Slack wants words that no flow has: on a modal's buttons, in answers to
// commands, in the home tab. The English sentence is its key in the catalog of words, so a changed sentence has to be
// changed there too; translator.go looks it up.

// On the modals of forms.
const (
	wordsReview   = "Please look once more. This is what goes out:"
	wordsSend     = "Send it"
	wordsContinue = "Continue"
	wordsCancel   = "Go back"
	wordsTooSlow  = "Slack gave up before I could open the form, so nothing was sent. Please press the button again."
	wordsInDM     = "I answer in our direct messages, where only you can read it."
	wordsNoForm   = "This form cannot be sent as it is. Nothing was sent; please close it and press the button again."
)

// About a message that becomes evidence, where no case can say it.
const (
	wordsEvidence   = "Make this evidence"
	wordsSaidBy     = "{who} wrote this on {when}:"
	wordsWhich      = "Which case is it evidence of? Its name (C-…) or the order's number."
	wordsNoSuchCase = "I know no open case of that name or order. A case that is closed takes no more evidence."
	wordsElsewhere  = "Only messages of the support channel can become evidence. Please share it there first; nothing was kept."
	wordsOwnWords   = "This is a message of mine: what it says stands in the case already. Nothing was kept."
	wordsNotAgent   = "Only the support team makes evidence of messages, so nothing was kept. " +
		"If you are in a case, send what you have to me there."
	wordsFetching = "Slack has not handed over the file yet. Nothing was kept; please press again in a moment."
	wordsTooLarge = "A file of this message is larger than 20 MB, so nothing was kept. A smaller one will do."
	wordsUnwanted = "A file of this message is of a kind that cannot be evidence, so nothing was kept. " +
		"Photos, videos, voice messages, PDF and plain text can."
	wordsUnfetched = "Slack did not hand over a file of this message, so nothing was kept. Please close this and try again."
	wordsForgotten = "I was started anew meanwhile, so nothing was kept. Please close this and use the shortcut again."
	wordsClose     = "Close"
)

// In the home tab and the answers to commands, besides the board.
const (
	wordsMore    = "More in the Home tab: {n}"
	wordsEarlier = "Back"
	wordsNext    = "More"
	wordsNotHere = "I answer people of the team I work for. If you have an order, please write to me where you bought it."
	wordsHelp    = "/nevermind link TOKEN: connect this account, with a token from the shop\n" +
		"/nevermind queue: what waits for you\n" +
		"/nevermind case C-…: where a case stands\n" +
		"/nevermind order NUMBER: an order and its cases\n" +
		"/nevermind orders: your orders, in our direct messages\n" +
		"Only you see the answers. The Home tab shows the same, and stays fresh."
)
