// Package bot is the nouns and the seams of the house. It knows no platform, no database and no words for people, and of
// other packages only the standard library.
//
// # One line
//
// Message → Event → State → Reply. An adapter makes the message, the state hears an event in it, the machine moves, the
// new state speaks. And for the world outside: State → Task → Event. Asking the shop, telling another conversation,
// waiting a day: each is a task that comes back as an event. There is nothing else.
//
// A talk is what one person has with the assistant in one room; it ends when it has what it needs. A case, or another
// record, is what the parties have with each other about an order; it outlives every talk. Both are conversations, and
// both are looplab machines, taken from a pool for one turn.
//
// # Three rooms
//
//	bot         nouns and seams: what everybody speaks of, and what adapters and stores must be
//	bot/turn    the pure heart: hears, decides, speaks; touches no clock, store, network or dice
//	bot/engine  the loops around it: receive, deliver, clock, people, reading
//
// # The way of one message
//
// From Receive to Send a message passes eight files and fifteen stops:
//
//	engine/receive.go   Receive         may be acknowledged once it returns nil
//	                    hear            which conversation is it for? A press: the one that offered it; a reply: the one
//	                                    that sent what it answers; all else: the room's one talk
//	                    heardBy         (press, for a button)
//	engine/turns.go     take            one turn of a conversation at a time; a stale record is loaded again
//	engine/load.go      view            the conversation, and the time, policy and ids to use
//	turn/hear.go        Hear            the message becomes an event
//	engine/load.go      participants    who takes part, and the order
//	turn/decide.go      Decide          does it count? Breakpoints go here: from here on all is pure
//	                    make            learn, then the machine moves
//	turn/enter.go       enter           a new visit: deadlines, buttons, the state's task
//	turn/card.go        card            (question, in a talk) the new state speaks
//	turn/decide.go      finish          the journal's line, chained to the one before
//	engine/turns.go     commit          message, turn and "handled" in one transaction: now the adapter may acknowledge
//	engine/deliver.go   work            the outbox: the head of a room's lane, leased to one worker
//	                    message         Adapter.Send, at the platform's pace; how it ended is settled
//
// A task's outcome (engine/deliver_tasks.go) and a deadline (engine/clock.go) join at take.
//
// # Who is who
//
// A message comes from an account, and PersonAt knows whose that is; anybody else is a stranger, who sees no order. A chat
// becomes somebody's only by a one-time link (engine/people_links.go): Invite makes it, the first chat that opens it is
// asked, and a yes tells the person. What a conversation wants changed about a person it tells to PersonKey, and hears back.
//
// # Guarantees
//
// Nothing acknowledged is lost. Every decision counts once: a button is legal while the visit that offered it lasts.
// Every task that moves money has one id for ever, so that a repeat is idempotent, and a late outcome of it is still
// believed. What must reach a person reaches them at least once; after a crash a message may come twice, never a payment.
// A turn is committed whole or not at all, and the journal is enough to make it again.
package bot
