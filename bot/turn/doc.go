// Package turn is the pure heart: it makes an event of a message, decides what follows, and says it. Everything it looks at
// comes as one value, the bot.View; everything it decides leaves as one value, the bot.Turn, which bot/engine commits. It
// imports no store, no clock and no random source, so that the same view of a record gives the same turn, in production, in
// a forecast and in a replay. A talk also reads the store, through View.Look, so its turns do not replay.
//
// A Ruleset is the flows made ready for turns. It is asked:
//
//	Hear         which event is in this message?
//	Decide       what follows from the event?          decide.go enter.go leave.go deadlines.go
//	Refuse       what is answered where nothing does?  refuse.go
//	FormOf       what does a button ask first?         form.go
//	Hears Leads  what would be heard, and where would it lead?
//	Say Count    words for a reader, with {names}      words.go
//	Forecast     what happens if nobody moves?         forecast.go
//	Countdown    what is to be said of a deadline?     countdown.go
//
// Within a turn looplab moves the conversation (machine.go): Can says what is heard and offered, Event makes the move by the
// first arrow whose guard holds, Current says where the conversation then stands. Words and cards are in card.go, question.go
// and speak.go, the journal's line in journal.go. Check finds at the start what looplab would let pass in silence.
package turn
