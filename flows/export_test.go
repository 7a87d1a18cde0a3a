package flows

// TalkManners is shown to the tests of coverage.
var TalkManners = talkManners
