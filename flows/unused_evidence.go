package flows

import (
	"maps"
	"slices"

	"nevermind/bot"
)

// UnusedEvidence returns one sentence for each of the policy's lists of evidence that no case ever asks for: its heading
// is no problem with goods, no reason of the policy or of one of its overrides, and no place in a case. "nevermind
// check" shows them.
func UnusedEvidence(p *bot.Policy) (gaps []string) {
	asked := slices.Clone(evidencePlaces)
	for _, kind := range problems {
		asked = append(asked, kind.id)
	}
	reasons := slices.Clone(p.Reasons)
	for _, o := range p.Overrides {
		reasons = append(reasons, o.Reasons...)
	}
	for _, r := range reasons {
		asked = append(asked, r.ID)
	}
	for _, about := range slices.Sorted(maps.Keys(p.Evidence)) {
		if len(p.Evidence[about]) > 0 && !slices.Contains(asked, about) {
			gaps = append(gaps, "evidence."+about+
				": nothing asks for it; it is no problem with goods, no reason of this policy and no place in a case")
		}
	}
	return gaps
}
