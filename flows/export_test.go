package flows

// TalkAlways is shown to the tests of coverage.
var TalkAlways = talkAlways

// What is heard in settings and everywhere.
var (
	HearZone       = hearZone
	HearQuietHours = hearQuietHours
	HearCommand    = hearCommand
)
