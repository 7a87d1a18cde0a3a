package flows

import "nevermind/bot"

// evidenceTerms are what {names} stand for in words about the evidence in a case.
var evidenceTerms = map[string]bot.Term{
	"evidence_mine":     evidenceMine,
	"proof_noted":       proofNoted,
	"proof_for_support": proofForSupport,
	"exhibit_list":      exhibitList,
	"exhibits":          exhibitsTerm,
}

// evidenceMine is what a side can show, line by line: what has come, and when, and what is missing; empty where there is
// nothing to show, or nothing to decide any more.
func evidenceMine(v *bot.View, r *bot.Person) string {
	lines := checklistFor(v, r.Party())
	if len(lines) == 0 || v.Fact("stuck") != "" {
		return ""
	}
	words := "\n" + v.Say(r, "What would help your side:")
	for _, s := range lines {
		if len(s.Files) == 0 {
			words += "\n– " + v.Say(r, "missing: ") + v.Say(r, s.Ask)
		} else {
			words += "\n✓ " + v.Say(r, s.Ask) + v.Say(r, ", received ") + formatReceived(v, r, s.Files[0].At)
		}
	}
	return words
}

// proofNoted says back what files show, and what is missing still.
func proofNoted(v *bot.View, r *bot.Person) string {
	for _, s := range checklistFor(v, v.Event.By) {
		if s.ID == v.Event.Facts["proof"] {
			return v.Say(r, "Noted as this: ") + v.Say(r, s.Ask) + "." + evidenceMine(v, r)
		}
	}
	return v.Say(r, "Noted: something else. It stays with the case.") + evidenceMine(v, r)
}
