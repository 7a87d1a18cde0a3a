// Package bot is the house: its nouns and the engine that runs conversations. It knows no platform, no database and no
// words for people.
//
// # One line
//
// Message → Event → State → Reply. An adapter makes the message, the state hears an event in it, the machine moves, the
// new state speaks. And for the world outside: State → Task → Event. Asking the shop, telling another conversation,
// waiting a day: each is a task that comes back as an event. There is nothing else.
//
// A talk is what one person has with the assistant in one room; it ends when it has what it needs. A case, or another
// record, is what the parties have with each other about an order; it outlives every talk. Both are conversations, and
// both are machines, taken from a pool for one turn.
//
// # The way of one message
//
//  1. An adapter makes a Message and calls Engine.Receive.
//  2. receive.go finds the conversation: a press goes to the one that offered it, a reply to the one that sent that
//     message, all else to the room's talk.
//  3. turn.go hears and decides. That is pure: everything it looks at is in the View. Breakpoints go here.
//  4. Store.Commit keeps the message, the turn and what it sends in one transaction. Now the adapter may acknowledge.
//  5. deliver.go sends what was said, in order for each room, and settles how that ended.
//
// A task's outcome (task.go) and a deadline (run.go) join at stop 3.
//
// # Who is who
//
// A message comes from an account, and PersonAt knows whose that is; anybody else is a stranger, who sees no order. A chat
// becomes somebody's only by a one-time link (link.go): Invite makes it, the first chat that opens it is asked, and a yes
// tells the person (change.go). What a conversation wants changed about a person it tells to PersonKey, and hears back.
//
// # Guarantees
//
// Nothing acknowledged is lost. Every decision counts once: a button is legal while the visit that offered it lasts.
// Every task that moves money has one id for ever, and a late outcome of it is still believed. What must reach a person
// reaches them at least once; after a crash a message may come twice, never a payment. A turn is committed whole or not
// at all, and the journal is enough to make it again.
package bot
