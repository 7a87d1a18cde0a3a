package flows

import (
	"strings"

	"nevermind/bot"
)

// stakes is what hangs on each deadline: whose move it is, and who loses what when it passes. What runs out for nobody
// (a talk that idles, a link, a count) is not in it.
var stakes = map[string]bot.Stake{
	"check_late":         {Loses: "Support takes it over without a look at the order; nobody loses anything."},
	"dispute.check_late": {Loses: "It goes on without a look at the order; nobody loses anything."},
	"seller_reminded":    {Whose: []bot.Party{bot.Seller}, Loses: "{seller} is reminded; nobody loses anything."},
	"seller_silent":      {Whose: []bot.Party{bot.Seller}, Loses: "Without an answer {on_silence}, and {seller} loses their say in it."},
	"dispute.seller_silent": {Whose: []bot.Party{bot.Seller},
		Loses: "Without an answer {on_dispute_silence}, and {seller} loses their say in it."},
	"negotiation_over": {Whose: []bot.Party{bot.Buyer, bot.Seller}, Loses: "Support decides, and both lose the choice to settle it between themselves."},
	"evidence_late":    {Asked: "evidence_of", Loses: "Support decides with what there is, and whoever was asked loses the chance to show more."},
	"cancel_late":      {Loses: "Support takes it over, for the shop has not confirmed; nobody loses anything, and its answer still counts."},
	"refund_late":      {Loses: "Support takes it over, for the shop has not confirmed; what was agreed stands, and nobody loses anything."},
	"support_late":     {Whose: []bot.Party{bot.Support}, Loses: "Support is reminded; nothing runs out for the others meanwhile."},
	"appeal_over":      {Whose: []bot.Party{bot.Buyer, bot.Seller}, Loses: "The decision is carried out, and both lose the appeal."},
	"support_reminded": {Whose: []bot.Party{bot.Support}, Loses: "Support is reminded; nobody loses anything."},
	"decision_stood":   {Whose: []bot.Party{bot.Support}, Loses: "What support has decided goes out, and can no longer be undone."},
	"return_reminded":  {Whose: []bot.Party{bot.Buyer}, Loses: "{buyer} is reminded; nobody loses anything."},
	"return_missed":    {Whose: []bot.Party{bot.Buyer}, Loses: "The case closes without a refund, and {buyer} loses {amount}."},
	"parcel_missing":   {Whose: []bot.Party{bot.Seller}, Loses: "Support looks where the parcel is; nobody loses anything yet."},
	"arrival_due":      {Loses: "{buyer} is asked whether the money is there; nobody loses anything."},
	"nobody_missed_it": {Whose: []bot.Party{bot.Buyer}, Loses: "The money counts as arrived; {buyer} can still say that it has not."},
	"payment_late":     {Loses: "{buyer} is told that it takes longer than usual; nobody loses anything."},
	"let_be":           {Whose: []bot.Party{bot.Buyer}, Loses: "The offer to cancel is taken back; {buyer} can still ask as long as it has not shipped."},
	"letter_unanswered": {Whose: []bot.Party{bot.Seller},
		Loses: "{buyer} is told that no answer came, and can bring in support; nobody loses anything."},
}

// mostForetold is how many steps of what comes are told.
const mostForetold = 8

// aheadTerm tells what happens if nobody moves, step by step, with its time and what it costs whom.
func aheadTerm(v *bot.View, r *bot.Person) string {
	var lines strings.Builder
	told := map[string]bool{}
	steps := v.Ahead(mostForetold)
	for _, s := range steps {
		if s.By != bot.Clock || told[s.From+s.Event] {
			continue // what the shop does at once is not waited for, and what comes again is told once
		}
		told[s.From+s.Event] = true
		lines.WriteString("\n• " + moment(v, r, s.At) + ": " + v.Say(r, stakeOf(v.Frame.Flow, s.Event).Loses))
	}
	if lines.Len() == 0 {
		return v.Say(r, "No clock is running here; it waits for people.")
	}
	last := steps[len(steps)-1].To
	return v.Say(r, "If nobody moves (the shop included):") + lines.String() + "\n" + v.Say(r, "It then stands at: ") + v.Say(r, standing[last]) + "."
}

func stakeOf(flow, event string) bot.Stake {
	if s, ok := stakes[flow+"."+event]; ok {
		return s
	}
	return stakes[event]
}

// whatIf asks what happens if nobody moves.
var whatIf = bot.Choice{Event: "ahead_asked", Label: "What if nobody moves?"}

// foretell answers it.
var foretell = bot.Stay().Saying(bot.To{bot.Here: "{ahead}"}).Rules("S41", "S55")
