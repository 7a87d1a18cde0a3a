package bot

import (
	"strings"
	"time"
)

// Party is a side of a case, or what else can cause an event.
type Party string

// The parties, and the causes that are nobody's voice. Shop also causes what the house notices itself: not_delivered,
// <party>_left, <party>_reached.
const (
	Buyer    Party = "buyer"
	Seller   Party = "seller"
	Support  Party = "support"
	Shop     Party = "shop"     // the order book or the shop's own system, and what the house notices itself
	Clock    Party = "clock"    // a deadline that passed
	Operator Party = "operator" // whoever runs the house
	// Here is not a party: words under it go only to the room that caused the event.
	Here Party = "here"
	// Guest is none either: words under it go to a record's guest, who takes part by their room without being anybody yet, where
	// something else than they caused the event.
	Guest Party = "guest"
)

// PersonID names a person: party, a colon, and the marketplace's id ("buyer:b-1").
type PersonID string

// Desk is the one pseudo-person whose rooms are support's; agents are persons of their own.
const Desk PersonID = "support:desk"

// NewPersonID joins a party and the marketplace's id.
func NewPersonID(p Party, id string) PersonID { return PersonID(string(p) + ":" + id) }

// Split takes a PersonID apart again.
func (id PersonID) Split() (Party, string) {
	p, rest, _ := strings.Cut(string(id), ":")
	return Party(p), rest
}

// Person is a buyer, a seller or an agent, with what is linked to them.
type Person struct {
	ID       PersonID
	Name     string   // as the marketplace or the platform calls them; may be empty
	Language string   // what they read, a BCP 47 tag such as "en" or "pt-BR"
	Zone     string   // IANA time zone, "Europe/Madrid"; empty is UTC
	Accounts []string // who they are on the platforms: a message from one of these is theirs
	Rooms    []Room   // where their cards go; empty means that they cannot be reached
	Version  int64
	// Settings are what the person has chosen themselves: language, zone, quiet ("22:00-08:00"), digest ("off"); and
	// app_language, what their platform says they read. What the shop says of them does not change it.
	Settings Facts `json:",omitempty"`
	// Shut are rooms of theirs where they have blocked us: a word from there opens them again.
	Shut []Room `json:",omitempty"`
}

// Party returns the side the person is on.
func (p *Person) Party() Party {
	party, _ := p.ID.Split()
	return party
}

// Reachable says whether there is a room to write to.
func (p *Person) Reachable() bool { return len(p.Rooms) > 0 }

// QuietUntil says whether it is quiet hours where the person is, and when they are over.
func (p *Person) QuietUntil(at time.Time) (until time.Time, quiet bool) {
	from, to, ok := strings.Cut(p.Settings["quiet"], "-")
	if !ok {
		return time.Time{}, false
	}
	start, err := time.Parse("15:04", from)
	end, err2 := time.Parse("15:04", to)
	if err != nil || err2 != nil {
		return time.Time{}, false
	}
	local := at.In(p.Location())
	for day := -1; day <= 0; day++ { // the hours that began yesterday, or today
		on := func(clock time.Time, days int) time.Time {
			return time.Date(local.Year(), local.Month(), local.Day()+days, clock.Hour(), clock.Minute(), 0, 0, local.Location())
		}
		first, last := on(start, day), on(end, day)
		if !last.After(first) {
			last = on(end, day+1)
		}
		if !local.Before(first) && local.Before(last) {
			return last, true
		}
	}
	return time.Time{}, false
}

// Location returns the person's time zone, UTC where it is unknown.
func (p *Person) Location() *time.Location { return zone(p.Zone) }

// Parties lists the parties in the order in which they are told.
var Parties = []Party{Buyer, Seller, Support}
