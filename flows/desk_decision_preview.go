package flows

import (
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// decisionEvents are the events by which support decides, and what each is held as; a ruling says itself what it is.
var decisionEvents = map[string]string{
	"full_decided": "full", "partial_decided": "partial", "refused_decided": "refused", "ruled": "",
}

// formDecisionPreview is what each side would read by the decision whose form is being filled in, before it is made;
// empty while anything is left to be answered.
func formDecisionPreview(v *bot.View, r *bot.Person) string {
	if v.Event == nil || v.Order == nil || v.Event.Facts["grounds"] == "" {
		return ""
	}
	kind, ok := decisionEvents[v.Event.Name]
	if !ok {
		return ""
	}
	return decisionPreview(viewWithFacts(v, decisionFacts(kind)(v, v.Event)), r)
}

// talkDecisionPreview is the same where a talk asks the form field by field, on platforms without forms: the record is
// looked up as it stands.
func talkDecisionPreview(v *bot.View, r *bot.Person) string {
	if _, ok := decisionEvents[v.Fact("form_event")]; !ok || v.Look == nil {
		return ""
	}
	record := formRecord(v)
	if record == nil {
		return ""
	}
	return formDecisionPreview(record, r)
}

// formRecord is the record whose button a talk's form is for, as its own turn will see it; nil where it is gone.
func formRecord(v *bot.View) *bot.View {
	key := bot.Key(v.Fact("form_key"))
	_, rest, _ := strings.Cut(string(key), "/")
	id, _, _ := strings.Cut(rest, "/")
	order, ok := v.Look.OrderByID(id)
	if !ok {
		return nil
	}
	for _, c := range v.Look.Cases("order:"+id, key.Kind(), 100) {
		if c.Key != key {
			continue
		}
		record := *v
		record.Conv, record.Frame, record.Order, record.Policy = &c, &c.Frame, order, v.Look.PolicyOf(&c).For(order)
		record.People = map[bot.Party]*bot.Person{}
		for p, who := range c.Parties {
			record.People[p] = v.Look.Person(who)
		}
		record.Event = &bot.Event{
			Name: v.Fact("form_event"), By: bot.Support, Actor: v.Actor.ID, Facts: bot.Facts{"ruling": v.Fact("ruling")},
		}
		for i := range v.Frame.Fields {
			record.Event.Facts[v.Frame.Fields[i].Name] = v.Fact(v.Frame.Fields[i].Name)
		}
		record.Look = nil
		return &record
	}
	return nil
}

// decisionPreview is what each side will read once the decision that is held goes out: the very words, each in the
// reader's own language, since they are said by the state that the decision leads to.
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
			reads := v.With(bot.Facts{"side": partyName(v, r, p), "words": strings.TrimSpace(then.Say(who, state.Tell[p]))})
			lines += "• " + reads.Say(r, "{side} will read: “{words}”") + "\n"
		}
	}
	return lines
}

// decisionTarget is the state that a decision leads to; for a cancellation the one after it, since what the shop is
// asked first is only said on the way.
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

// viewWithFacts is the view as it would be with further facts, and with the deadlines that would run then.
func viewWithFacts(v *bot.View, facts bot.Facts) *bot.View {
	then, conv := *v, *v.Conv
	conv.Facts = maps.Clone(v.Frame.Facts)
	maps.Copy(conv.Facts, facts)
	for name, window := range map[string]bot.Window{"appeal": v.Policy.Appeal, "return_by": returnWindow(v)} {
		at := v.Policy.After(window, v.Now, v.People[bot.Seller].Location())
		conv.Deadlines = append(slices.Clone(conv.Deadlines), bot.Deadline{Window: name, At: at})
	}
	then.Conv, then.Frame = &conv, &conv.Frame
	return &then
}
