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
