package understand

const (
	sureReason  = 0.35         // of a reason, while one is asked for: then something is one
	sureUnasked = 0.75         // and while none is
	leaning     = unit * 5 / 2 // so much less does "none" count where a reason is asked for
)

// ReasonsIn are the reasons that a text may give for cancelling, the likeliest first; asked says whether one was asked for.
func ReasonsIn(text, language string, asked bool) (all []string) {
	m := read(text, language)
	if len(m.words) == 0 {
		return nil
	}
	need := sureUnasked
	if asked {
		need = sureReason
	}
	scores := reasonScores(features(m.words, m.question))
	if asked {
		scores[0] -= leaning
	}
	shares(scores)
	for range 2 {
		best := 0
		for i, s := range scores {
			if s > scores[best] {
				best = i
			}
		}
		if best == 0 || float64(scores[best])/unit < need {
			break
		}
		all, scores[best] = append(all, Reasons[best]), -1
		need /= 2
	}
	return all
}
