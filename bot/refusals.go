package bot

// Notices: why a turn moved nothing (Refused), and what support is told besides (Notice). Flows.Notices holds the words for
// them, and for what the shop says when nobody waits for it, by its event.
const (
	RefusedLate          = "late"           // the button was offered in a visit that is over
	RefusedLateAgain     = "late_again"     // the same, where nothing is shown of where it stands
	RefusedForged        = "forged"         // no such button was ever offered
	RefusedNotYours      = "not_yours"      // the button was offered to somebody else
	RefusedNotUnderstood = "not_understood" // words that no state heard
	RefusedTooLong       = "too_long"       // more than can be read
	RefusedUsed          = "used"           // pressed before, and it counts once
	RefusedUnheard       = "unheard"        // an outcome or news that this state does not wait for
	RefusedFailed        = "failed"         // our own fault: the message is kept and tried again
	RefusedColleagueNote = "kept"           // words for colleagues: kept with the record, and answered by nobody
	NoticeLateMoney      = "late_money"     // said to support: the shop has moved money, and nobody waited for it
	NoticeUndelivered    = "undelivered"    // said to support: somebody was not reached, and no record could say so
	NoticeDeskRefused    = "desk_refused"   // said to support: a message for it was refused by the platform
	NoticeAway           = "away"           // said to support: a platform takes no messages
	NoticeDeskAway       = "desk_away"      // said to support: one of its own rooms takes no messages
	NoticeOverpaid       = "overpaid"       // said to support: more has gone back for an order than was paid
	NoticeGivenUp        = "given_up"       // said to support: what had to be done has failed for good
)
