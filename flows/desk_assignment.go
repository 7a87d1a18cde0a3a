package flows

import (
	"cmp"
	"slices"
	"strings"

	"nevermind/bot"
)

// assignmentMoves are heard wherever something waits for support: somebody of support takes it, releases it, or hands it
// to a colleague. It is a note among support's people: nobody else hears of it, and nobody is kept from deciding.
var assignmentMoves = with(joined(snoozeMoves, leadAlertMoves), bot.Moves{
	"claimed":  bot.Stay().Learning(assignFacts).Dealing(bot.Support),
	"released": bot.Stay().Learning(unassignFacts).Dealing(bot.Support),
	"handed_over": bot.Stay().Learning(handOverFacts).Saying(bot.To{bot.Support: "{agent} has handed this to {agent_name}."}).
		Dealing(bot.Support),
})

// supportReminded reminds support at half of its time that somebody waits, and says whose it is.
var supportReminded = bot.Stay().Saying(bot.To{bot.Support: "{support_reminder}"}).Rules("S31")

// Whether somebody of support has it.
var (
	unassigned = cond("nobody has it", func(v *bot.View) bool { return v.Fact("agent") == "" })
	assigned   = cond("somebody has it", func(v *bot.View) bool { return v.Fact("agent") != "" })
)

// The buttons by which it is claimed, released and handed over.
var (
	takeIt   = bot.Choice{Event: "claimed", Label: "Take it", When: unassigned}
	release  = bot.Choice{Event: "released", Label: "Release it", When: assigned}
	handOver = bot.Choice{Event: "handed_over", Label: "Hand it to…", Form: func(v *bot.View) []bot.Field {
		return []bot.Field{{Name: "hand_to", Kind: bot.OneOf, Ask: "Who should have it?", Options: colleagues(v)}}
	}}
)

// colleagues are the agents known, by name; their id comes first in the answer.
func colleagues(v *bot.View) []bot.Option {
	var options []bot.Option
	for _, p := range v.Agents {
		called := agentName(v, v.Actor, &p)
		options = append(options, bot.Option{Value: string(p.ID) + " " + called, Label: called})
	}
	return options
}

// assignFacts records that whoever pressed has it, with the name as it is then.
func assignFacts(v *bot.View, _ *bot.Event) bot.Facts {
	return bot.Facts{"agent": string(v.Actor.ID), "agent_name": agentName(v, v.Actor, v.Actor)}
}

// unassignFacts records that nobody has it any more.
func unassignFacts(*bot.View, *bot.Event) bot.Facts { return bot.Facts{"agent": "", "agent_name": ""} }

// handOverFacts records the colleague who was chosen: the answer is an id and a name.
func handOverFacts(_ *bot.View, e *bot.Event) bot.Facts {
	id, called, _ := strings.Cut(e.Facts["hand_to"], " ")
	return bot.Facts{"agent": id, "agent_name": called, "hand_to": ""}
}

// mineFirst sorts support's list for one of them: what they have first, then what nobody has, then what colleagues have,
// and what is snoozed last. The order within each stays.
func mineFirst(v *bot.View, all []bot.Conversation) []bot.Conversation {
	rank := func(c *bot.Conversation) int {
		if _, _, _, asleep := Snoozed(c); asleep {
			return 3
		}
		switch c.Facts["agent"] {
		case string(v.Actor.ID):
			return 0
		case "":
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b bot.Conversation) int { return cmp.Compare(rank(&a), rank(&b)) })
	return all
}

// assigneeLabel says in support's list who has a record.
func assigneeLabel(v *bot.View, c *bot.Conversation) string {
	switch who := c.Facts["agent"]; {
	case v.Actor.Party() != bot.Support || who == "":
		return ""
	case who == string(v.Actor.ID):
		return " · " + v.Say(v.Actor, "yours")
	}
	return " · " + bot.Clean(c.Facts["agent_name"])
}
