package web

// What a page may have to tell a person of a request that failed. What only a script could send wrong is not here.
const (
	wordsTooFar    = "The clock cannot be moved any further."
	wordsNotNow    = "The shop cannot do this with the order now."
	wordsManyPages = "Too many pages are open, or the demo is ending."
	wordsFileGone  = "One of the files is no longer there. Please choose it again."
	wordsNoFiles   = "This demo keeps no files."
	wordsLargeFile = "A file may have 20 MB at most."
	wordsFileKind  = "Only photos, videos, voice messages, PDF and plain text can be sent."
	wordsManyFiles = "Ten files at most go with one message."
	wordsNothing   = "There is nothing in this message yet."
	wordsNotReady  = "Nevermind is just starting. Please try again in a moment."
	wordsNotHere   = "That is not here any more."
	wordsBusy      = "Nevermind is busy. Please try again in a moment."
	wordsBroken    = "Something went wrong. Please try again; the program's log says more."
	wordsTooLong   = "That is too long."
	wordsTooSlow   = "The story has begun, but the rest of it takes longer. Please go on by hand."
)

// faultWords are all of them, for the catalog.
var faultWords = []string{wordsTooFar, wordsNotNow, wordsManyPages, wordsFileGone, wordsNoFiles, wordsLargeFile, wordsFileKind,
	wordsManyFiles, wordsNothing, wordsNotReady, wordsNotHere, wordsBusy, wordsBroken, wordsTooLong, wordsTooSlow}
