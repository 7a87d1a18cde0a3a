package flows

import "nevermind/bot"

// Names are how people call in English what flows and policies name shortly, for whoever shows a timeline or a list.
type Names struct {
	States, Events, Ahead, Windows map[string]string
	Stages                         map[bot.Stage]string
	Problems, Methods              map[string]string // what can be wrong with goods, and ways of paying
}

// AllNames returns the words of everything that has a short name.
func AllNames() Names {
	all := Names{recordStateWords, recordEventWords, recordAheadWords, windowWords, orderStageWords, map[string]string{},
		methodLabels}
	for _, p := range problems {
		all.Problems[p.id] = p.label
	}
	return all
}
