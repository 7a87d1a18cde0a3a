package flows

// TalkManners is shown to the tests of coverage.
var TalkManners = talkManners

// What is heard in settings and everywhere.
var (
	HearZone    = hearZone
	HearQuiet   = hearQuiet
	HearCommand = hearCommand
)
