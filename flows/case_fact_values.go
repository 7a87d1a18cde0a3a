package flows

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"nevermind/bot"
)

// FactValues are English words for what some facts of a case say in short: "fact=value". What somebody typed stands for itself.
var FactValues = map[string]string{
	"agreed=accepted": "Agreed", "agreed=claim": "Agreed", "agreed=offer": "Took the offer", "agreed=solution": "Took a solution",
	"agreed=silent": "The seller did not answer in time", "agreed=unproved": "The shipping was not proved in time",
	"agreed=proposal": "Suggested a solution", "agreed=policy": "Support did not decide in time",
	"agreed=policy_back": "Support did not decide in time", "agreed=policy_offer": "Support did not decide in time",
	"agreed=law": "Withdrew from the contract by law", "agreed=shop": "The order is cancelled",
	"agreed=verdict": "Decided", "agreed=ruling": "Decided", "agreed=unpaid": "The order is not paid",
	"cancels=yes": "Yes", "cancels=no": "No", "appealed=yes": "Yes",
	"verdict=full": "Decided: all the money back", "ruling=all": "Decided: all the money back",
	"verdict=partial": "Decided: part of the money back", "ruling=part": "Decided: part of the money back",
	"verdict=refused": "Decided: nothing goes back", "ruling=nothing": "Decided: nothing goes back",
	"ruling=return": "Refund after a return", "way=refuse": "Refuse it at the door", "way=leave": "Don't collect it",
	"shop_says=shipped": "The order has shipped", "shop_says=delivered": "The order was delivered",
	"offer_kind=discount": "Keep the order, money off", "offer_kind=partial": "Cancel, part of the money back",
	"offer_kind=costs": "Cancel, minus the seller's costs", "proof=else": "Something else",
	"kind=keep": "Refund, and the buyer keeps the goods", "kind=return": "Refund after a return",
	"side=buyer": "The buyer", "side=seller": "The seller",
}

// RefusalWords are why a message has moved nothing, shortly.
var RefusalWords = map[string]string{
	bot.RefusedUsed: "the button was pressed before", bot.RefusedLate: "the button was out of date",
	bot.RefusedLateAgain: "the button was out of date", bot.RefusedForged: "there was no such button",
	bot.RefusedFailed: "something went wrong, and it was tried again", bot.RefusedColleagueNote: "a note for colleagues",
	bot.RefusedNotYours: "it was somebody else's to press", bot.RefusedUnheard: "nothing waited for it",
	bot.RefusedNotUnderstood: "it was not understood", bot.RefusedTooLong: "it was too long",
}

// CaseFileNames are English words for the states, events and facts that a case file shows.
func CaseFileNames() map[string]string {
	all, names := maps.Clone(FactWords), AllNames()
	maps.Copy(all, RefusalWords)
	maps.Copy(all, names.Events)
	maps.Copy(all, names.States)
	return all
}

// FactSaid is how a fact of a case is said in English: by its words, as the policy labels it, or by the names of the goods. Empty
// where it says itself.
func FactSaid(p *bot.Policy, o *bot.Order, fact, value string) string {
	switch fact {
	case "agreed_kind", "claim_kind", "solution_kind", "proposal_kind":
		return FactValues["kind="+value]
	case "offer_by", "evidence_of", "called_for":
		return FactValues["side="+value]
	case "problem":
		i := slices.IndexFunc(problems, func(p problemKind) bool { return p.id == value })
		if i >= 0 {
			return problems[i].label
		}
	case "reason":
		reason, _ := p.Reason(value)
		return reason.Label
	case "proof":
		return cmp.Or(FactValues[fact+"="+value], proofLabel(p, value))
	case "lines":
		return titlesOf(o, strings.Split(value, ","))
	case bot.Through:
		return "Their own AI assistant"
	}
	return FactValues[fact+"="+value]
}

// proofLabel is what a proof is called in the policy's checklists; empty where it has none of that name.
func proofLabel(p *bot.Policy, id string) string {
	for _, problem := range slices.Sorted(maps.Keys(p.Evidence)) {
		for _, proof := range p.Evidence[problem] {
			if proof.ID == id {
				return proof.Label
			}
		}
	}
	return ""
}

// titlesOf names lines of an order; empty where the order is not there.
func titlesOf(o *bot.Order, lines []string) string {
	if o == nil {
		return ""
	}
	var all []string
	for _, id := range lines {
		all = append(all, bot.Clean(titleOf(o, id).Title))
	}
	return strings.Join(all, ", ")
}
