package bot

// OutageOver is the event by which a record hears that the house could not be reached; fact "away" is how much longer it has.
const OutageOver = "was_away"
