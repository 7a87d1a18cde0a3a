package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// How often an assistant may act on one day, by the clock of UTC.
const (
	mostProposals = 5
	mostLooks     = 500
)

// said begins the names under which what an assistant says is kept apart; it is forgotten in the same turn.
const said = "said_"

// assistantsOn holds where this house lets buyers' assistants in.
var assistantsOn = cond("assistants are let in", func(v *bot.View) bool { return v.Policy.Choices["assistants"] == "on" })

// forgetSaid clears what was kept apart, and adds what is noted instead.
func forgetSaid(e *bot.Event, noted bot.Facts) bot.Facts {
	for name := range e.Facts {
		noted[said+name] = ""
	}
	return noted
}

// assistantAsked notes nothing: the buyer looks at how it stands.
func assistantAsked(_ *bot.View, e *bot.Event) bot.Facts { return forgetSaid(e, bot.Facts{}) }

// assistantLooked counts what was read, and turns down a reader who is not the assistant, or reads too much.
func assistantLooked(v *bot.View, e *bot.Event) bot.Facts {
	n := countToday(v, "looks")
	switch {
	case v.Fact("token") != e.Facts["token"]:
		return forgetSaid(e, turnedDown(e, bot.DeclinedToken))
	case n >= mostLooks:
		return forgetSaid(e, turnedDown(e, bot.DeclinedMany))
	}
	return forgetSaid(e, bot.Facts{"looks": today(v, n+1), "turned_down": ""})
}

// assistantProposed notes the proposal that now waits for the buyer's press; one at a time, and a few a day.
func assistantProposed(v *bot.View, e *bot.Event) bot.Facts {
	n := countToday(v, "proposals")
	switch {
	case v.Fact("token") != e.Facts["token"]:
		return forgetSaid(e, turnedDown(e, bot.DeclinedToken))
	case chatOf(v) == "":
		return forgetSaid(e, turnedDown(e, bot.DeclinedAway))
	case v.Fact("waiting") != "" && v.Now.Before(timeFact(v, "until")):
		return forgetSaid(e, turnedDown(e, bot.DeclinedWaiting))
	case n >= mostProposals:
		return forgetSaid(e, turnedDown(e, bot.DeclinedMany))
	}
	until := v.Now.Add(v.Policy.Windows["proposal"].Length)
	return forgetSaid(e, bot.Facts{"proposals": today(v, n+1), "turned_down": "", "waiting": e.Facts["proposal"],
		"until": until.UTC().Format(time.RFC3339)})
}

// turnedDown notes why what was asked for, named by the event, was not done.
func turnedDown(e *bot.Event, why bot.Declined) bot.Facts {
	return bot.Facts{"turned_down": e.Facts["proposal"] + " " + string(why)}
}

// proposalEnded notes what became of the proposal that waited.
func proposalEnded(v *bot.View, e *bot.Event) bot.Facts {
	noted := bot.Facts{}
	if v.Fact("waiting") == e.Facts["proposal"] {
		noted = bot.Facts{"waiting": "", "until": ""}
	}
	return forgetSaid(e, noted)
}

// showProposal has the buyer's chat ask about the proposal that was just noted.
func showProposal(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	if v.Fact("waiting") != e.Facts["proposal"] || v.Fact("turned_down") != "" {
		return "", bot.Event{}
	}
	who, room := v.People[bot.Buyer], chatOf(v)
	facts := bot.Facts{"until": v.Fact("until")}
	for name, value := range e.Facts {
		if name != "token" {
			facts[name] = value
		}
	}
	return bot.TalkKey(room, who), bot.Event{Name: bot.ProposalMade, By: bot.Buyer, Actor: who.ID, Room: room, Facts: facts}
}

// chatOf is the chat in which a proposal is asked: where the assistant was connected, or else the buyer's first.
func chatOf(v *bot.View) bot.Room {
	who := v.People[bot.Buyer]
	if who == nil || !who.Reachable() {
		return ""
	}
	for _, room := range who.Rooms {
		if string(room) == v.Fact("room") {
			return room
		}
	}
	return who.Rooms[0]
}

// today writes a count with its day; countToday reads it, and begins anew each day.
func today(v *bot.View, n int) string {
	return v.Now.UTC().Format(time.DateOnly) + " " + strconv.Itoa(n)
}

func countToday(v *bot.View, name string) int {
	day, n, _ := strings.Cut(v.Fact(name), " ")
	if day != v.Now.UTC().Format(time.DateOnly) {
		return 0
	}
	return intOrZero(n)
}

// timeFact reads a fact as a time; the zero time where it is none.
func timeFact(v *bot.View, name string) time.Time {
	at, _ := time.Parse(time.RFC3339, v.Fact(name))
	return at
}

// assistantCode is the code that a turn says in the chat, from the turn's own seed: twelve letters and digits.
func assistantCode(v *bot.View) string {
	code := strings.TrimPrefix(v.NewID("A"), "A-") + strings.TrimPrefix(v.NewID("B"), "B-")
	return code[:4] + "-" + code[4:8] + "-" + code[8:12]
}

// askAssistant has the buyer's record of their assistant shown, or begun with the hash of the code that this turn says.
func askAssistant(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	if !mayConnect.Holds(v) && !assistantThere.Holds(v) {
		return "", bot.Event{}
	}
	sum := sha256.Sum256([]byte(assistantCode(v)))
	return bot.Key("assistant/" + string(v.Actor.ID)), bot.Event{Name: "assistant_asked",
		Facts: bot.Facts{"code": hex.EncodeToString(sum[:]), "room": string(e.Room)}}
}

// Whether the buyer in a talk has an assistant, or may connect one.
var (
	assistantThere = cond("an assistant is connected", func(v *bot.View) bool {
		if v.Actor.Party() != bot.Buyer || v.Look == nil {
			return false
		}
		all := v.Look.Cases("open:"+string(v.Actor.ID), "assistant", 1)
		return len(all) > 0 && all[0].State == "connected"
	})
	mayConnect = cond("an assistant may be connected", func(v *bot.View) bool {
		return assistantsOn.Holds(v) && v.Actor.Party() == bot.Buyer && !assistantThere.Holds(v)
	})
)

// assistantTerms are what {names} stand for in words about assistants.
var assistantTerms = map[string]bot.Term{
	"assistant_how":  assistantHow,
	"assistant_code": func(v *bot.View, _ *bot.Person) string { return assistantCode(v) },
}

// assistantHow answers /assistant where no assistant is connected; where one is, its own card does.
func assistantHow(v *bot.View, r *bot.Person) string {
	switch {
	case assistantThere.Holds(v):
		return ""
	case !assistantsOn.Holds(v):
		return v.Say(r, "Assistants can't be connected here.")
	case r.ID == "":
		return v.Say(r, "I don't know yet whose orders are yours, so no assistant can be connected. {get_link}")
	case r.Party() != bot.Buyer:
		return v.Say(r, "Only buyers can connect an assistant of their own.")
	}
	return v.Say(r, "To connect your own AI assistant, give it this code:\n\n{assistant_code}\n\n"+
		"The code works once, for {link_time}. "+
		"Your assistant can then read your orders and suggest things. Whatever it suggests comes here as a question, and nothing is "+
		"sent before you press. Give the code to nobody else.")
}
