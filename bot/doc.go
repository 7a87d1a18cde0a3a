// Package bot is the nouns and the seams of the house. It knows no platform, no database and no words for people, and of
// other packages only the standard library.
//
// # One line
//
// Message → Event → State → Reply. An adapter makes the message, the state hears an event in it, the machine moves, the
// new state speaks. And for the world outside: State → Task → Event. Work for the shop is a task whose outcome comes back
// as an event; telling another conversation is a task that arrives there as an event; waiting is a Deadline, which has an
// index of its own and becomes an event when it has passed. There is nothing else.
//
// A talk is what one person has with the assistant in one room: one flow after the other, each of which ends when it has
// what it needs, while the conversation "talk/<room>" itself never ends. A case, or another record, is what the parties
// have with each other about an order; it outlives the talks' flows. Both are conversations, and both are looplab
// machines, taken from a pool for one turn.
//
// # Three rooms
//
//	bot         nouns and seams: what everybody speaks of, and what adapters and stores must be
//	bot/turn    the pure heart: hears, decides, speaks; touches no clock, store, network or dice
//	bot/replay  makes turns again from a journal, also under another policy; as pure
//	bot/engine  the loops around it: receive, deliver, clock, people, reading
//
// # The way of one message
//
// These are the eight files to open first, in fifteen stops; the helpers that they call live beside them:
//
//	engine/receive.go  accept          behind Engine.Receive, which may be acknowledged once it returns nil
//	                   route           which conversation is it for? A press: the one that offered it; a reply: the one that
//	                                   sent what it answers; a one-time link, evidence and notes: the record they name; all
//	                                   else: the room's talk. In support's room each agent has a talk of their own
//	engine/turns.go    take            one turn of a conversation at a time; on a stale record it is made again
//	                   attempt         loads the conversation, the time, the policy and ids to use (view in load.go)
//	                   decide          hears, loads the rest, decides
//	engine/receive.go  eventOfMessage  who speaks; the first words in a room are a greeting where nothing else is understood
//	turn/hear.go       Hear            the message becomes an event
//	engine/load.go     participants    of a record: who takes part, and the order; a talk finds its order by itself
//	turn/decide.go     Decide          does it count? Refusals are said by refuse.go
//	                   make            learn; looplab moves (machine.go); the move speaks (speak.go)
//	turn/enter.go      enter           where the move does not stay, a new visit: deadlines, buttons and the state's words
//	                                   (card.go, in a talk question.go); in a record also the state's task
//	turn/decide.go     finish          the journal's line, chained to the one before, and a send task for each reply (tasks.go)
//	engine/commit.go   commit          message, turn, tasks and "handled" in one transaction: now the adapter may acknowledge
//	engine/deliver.go  run             claims the heads of lanes that are due, each leased to one worker (work)
//	                   message         Adapter.Send; the platform's pace and how a send ended are in deliver_messages.go,
//	                                   how its task ends in deliver_settle.go
//
// Breakpoints go to Hear and Decide: of a record's turn both are pure. A talk's turn reads the store besides, through
// View.Look. A task's outcome (engine/deliver_tasks.go, deliver_late_outcome.go), a deadline (engine/clock.go) and what
// another conversation tells join at take.
//
// # Who is who
//
// A message comes from an account, and PersonAt knows whose that is; anybody else is a stranger, who sees no order. A chat
// becomes somebody's where the shop's system says so (Engine.PutPerson), or by a one-time link (engine/people_links.go):
// Invite makes it, the first chat that opens it is asked, and a yes tells the person. What a conversation wants changed
// about a person it tells to PersonKey; it hears back what came of it, except where a chat joins or leaves.
//
// # Guarantees
//
// Nothing acknowledged is lost. Every decision counts once: a button is legal while the visit that offered it lasts. Every
// attempt to move money is a task with one id, so that a repeat is idempotent, and a late outcome of it is still believed;
// another attempt begins only where the shop has definitely failed and a person starts it again, or something else is to
// be paid. What must reach a person reaches them at least once; after a crash a message may come twice, never a payment. A
// turn is committed whole or not at all, and a record's journal is enough to make its turns again; a talk's is not,
// because a talk reads the store.
package bot
