package slack

// What this adapter says itself, where Slack wants words that no flow has.
const (
	wordsLook     = "Please look once more. This is what goes out:"
	wordsSend     = "Send it"
	wordsContinue = "Continue"
	wordsCancel   = "Go back"
	wordsTooSlow  = "Slack gave up before I could open the form, so nothing was sent. Please press the button again."
	wordsInDM     = "I answer in our direct messages, where only you can read it."
	wordsNoForm   = "This form cannot be sent as it is. Nothing was sent; please close it and press the button again."
)

// What the home tab and the command say besides what they are given.
const (
	wordsMore    = "… and %d more: see the Home tab."
	wordsEarlier = "Back"
	wordsNext    = "More"
	wordsNotHere = "I answer people of the team I work for. If you have an order, please write to me where you bought it."
	wordsHelp    = "/nevermind link TOKEN: connect this account, with a token from the shop\n/nevermind queue: what waits for you\n/nevermind case C-…: where a case stands\n" +
		"/nevermind order NUMBER: an order and its cases\n/nevermind orders: your orders, in our direct messages\nOnly you see the answers. The Home tab shows the same, and stays fresh."
)
