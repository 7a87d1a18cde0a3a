// Package engine is the loops around the pure package turn: it receives messages, makes turns of them, delivers what the
// turns ask for, and fires deadlines. Everything that reads the clock, the store or a platform on behalf of the flows
// happens here; what is said and decided happens in package turn, from a View that this package loads.
//
// # Lifecycle
//
// New checks the flows and makes an Engine; it starts nothing and stores nothing. From then on every exported method may be
// called, from any number of goroutines: a message may be received and an order put before Run has begun, and what they
// ask for waits in the store. Run works until its context ends. It then finishes what is in flight and returns; nothing
// that was acknowledged is lost by stopping it, or by killing the process, because everything between two steps stands
// in the store. Drain does in one goroutine what Run's loops do, until nothing is due: it is for tests and tools, and never
// runs beside Run. An Engine has no Close: the store belongs to whoever opened it, and outlives Run.
//
// Several processes may work on one store that allows it. They share no memory: a conversation's version decides whose turn
// counts, a task's lease who does it.
//
// # The loops
//
// Run starts these, each in goroutines of its own:
//
//   - one for each adapter, which calls Receive for every message. One that gives up is started again with a backoff.
//   - tasks (deliverer.run): claims due heads of lanes, and does up to 192 of them at a time.
//   - deadlines (clock.run): fires what is due, at least once a second.
//   - housekeeping (housekeeper.run): checks the indexes once, and forgets every hour what nobody needs.
//
// The loops of tasks and deadlines sleep until the earliest instant that the store knows, a second at most, and are woken by
// a signal from whoever commits something that is due.
//
// # The collaborators
//
// Engine only puts these together, and each owns its state alone. They know each other in one direction, from the bottom of
// this list to the top:
//
//	base         configuration, clock and signals             engine.go base.go commit.go
//	loader       what a turn may look at                      load*.go
//	turner       one turn of one conversation, committed      turns.go terms.go case_webhooks.go
//	settler      how a leased task ends                       deliver_settle.go
//	people       persons, their rooms, one-time links         people*.go put_person.go
//	orders       what the shop says of orders                 put_order.go
//	receiver     messages, presses, notes, evidence, albums   receive*.go
//	deliverer    messages out, hands, late outcomes           deliver*.go
//	clock        deadlines, and whether time can be trusted   clock*.go
//	lookout      forecasts, the ledger of deadlines, replays  lookout.go read_*.go
//	operators    dead letters put back or dropped             operate.go
//	housekeeper  what is forgotten                            housekeeping.go
//
// # What is promised
//
// Every change of a record goes through base.commit, and every turn through turner.take: load, decide, commit, in that
// order and whole or not at all. Three rules hold everywhere:
//
//   - An event counts once. Its id is stored with its turn, and a repeat is ErrSeen, which every caller takes for success.
//   - A change made on a stale record is made again (retryStale). Whoever changes something therefore loads it inside the
//     function that it hands over.
//   - Work outside happens at least once and under an id that does not change, after the commit that asked for it. A task
//     ends in the commit of the turn that hears how it ended, or by settler.settle where nobody hears it.
//
// What fails is one of three things, and settler.finish tells them apart: the event was handled before; the turn itself
// cannot be made, which is a fault of this program (errTurn), so the message or task is stored and tried later, and in the
// end is a dead letter; or the store or a platform has failed, so nothing is acknowledged and it comes again.
package engine
