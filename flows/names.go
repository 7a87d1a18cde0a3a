package flows

import "nevermind/bot"

// Names are how people call in English what flows and policies name shortly, for whoever shows a timeline or a list.
type Names struct {
	States, Events, Windows map[string]string
	Stages                  map[bot.Stage]string
}

// AllNames returns the words of states, events, windows and an order's stages.
func AllNames() Names {
	return Names{recordStateWords, recordEventWords, windowWords, orderStageWords}
}
