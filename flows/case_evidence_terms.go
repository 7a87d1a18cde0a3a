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

// evidenceMine is what a side can show, line by line: what has come, and when, and what would still help; empty where there
// is nothing to show, or nothing to decide any more.
func evidenceMine(v *bot.View, r *bot.Person) string {
	lines := checklistFor(v, r.Party())
	if len(lines) == 0 || v.Fact("stuck") != "" {
		return ""
	}
	words := "\n" + v.Say(r, "What would help your side:")
	for _, s := range lines {
		if len(s.Files) == 0 {
			words += "\n– " + v.Say(r, s.Ask)
		} else {
			seen := v.With(bot.Facts{"proof": v.Say(r, s.Label), "when": formatReceived(v, r, s.Files[0].At)})
			words += "\n✓ " + seen.Say(r, "{proof}, received {when}")
		}
	}
	return words
}

// proofNoted says back what files show, and what would still help.
func proofNoted(v *bot.View, r *bot.Person) string {
	for _, s := range checklistFor(v, v.Event.By) {
		if s.ID == v.Event.Facts["proof"] {
			return v.With(bot.Facts{"proof": v.Say(r, s.Label)}).Say(r, "Noted as “{proof}”.") + evidenceMine(v, r)
		}
	}
	return v.Say(r, "Noted as “Something else”. It stays with the case.") + evidenceMine(v, r)
}
