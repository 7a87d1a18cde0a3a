package flows

import (
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// decisionPreview is what each side will read once a decision that is held goes out: the very words, each in the reader's own
// language.
func decisionPreview(v *bot.View, r *bot.Person) string {
	flow, follows := &caseFlow, verdictFacts
	if v.Conv.Flow == dispute.Name {
		flow, follows = &dispute, rulingFacts
	}
	then := viewWithFacts(v, carryOutDecision(follows)(v, v.Event))
	state := flow.States[decisionTarget(then, flow.States["with_support"].Then["decision_stood"])]
	var lines string
	for _, p := range bothSides {
		if who := v.People[p]; who != nil {
			lines += "• " + v.Say(r, "{"+string(p)+"} will read: ") + "“" + strings.TrimSpace(then.Say(who, state.Tell[p])) + "”\n"
		}
	}
	return lines
}

// decisionTarget is where a decision leads; what the shop is asked first is said on the way there.
func decisionTarget(v *bot.View, m bot.Move) string {
	for _, w := range m.Ways {
		switch {
		case w.If != nil && !w.If.Holds(v):
			continue
		case w.To == "cancelling":
			return "refunding"
		}
		return w.To
	}
	return ""
}

// viewWithFacts is a view as it would be with those facts, and with the deadlines that would run.
func viewWithFacts(v *bot.View, facts bot.Facts) *bot.View {
	then, conv := *v, *v.Conv
	conv.Facts = maps.Clone(v.Frame.Facts)
	maps.Copy(conv.Facts, facts)
	for name, window := range map[string]bot.Window{"appeal": v.Policy.Appeal, "return_by": returnWindow(v)} {
		at := v.Policy.After(window, v.Now, v.People[bot.Seller].Location())
		conv.Deadlines = append(slices.Clone(conv.Deadlines), bot.Deadline{Name: name, At: at})
	}
	then.Conv, then.Frame = &conv, &conv.Frame
	return &then
}
