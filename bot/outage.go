package bot

// What a record hears where somebody could not be told, or could not answer: a clock that decides against them does not run
// meanwhile. The names are stored: promises.
const (
	// OutageOver: the house could not be reached; fact "away" is how much longer the record's clocks have.
	OutageOver = "was_away"
	// ToldLate: the card by which a party was asked has come late; facts "told", the party, and "away", by how much.
	ToldLate = "told_late"
)

// FoundBusy is the event that comes in place of a deadline's own, where whom it spares is in the middle of something: see
// Wait.Spares.
const FoundBusy = "found_busy"

// Untold is the event by which a record hears that a party cannot be told what is asked of them, "seller_untold"; fact
// "untold_why" says why: one of the constants below, "untold_on" the platform, "untold_for" how long it was tried.
func Untold(p Party) string { return string(p) + "_untold" }

// Why somebody cannot be told: the values of the fact "untold_why".
const (
	UntoldNoChat  = "no_chat" // there is no room to write to
	UntoldRefused = "refused" // the platform will never take it
	UntoldAway    = "away"    // the platform took nothing for a day
	UntoldUnsent  = "unsent"  // it was set aside before it was sent
)
