package flows

import "nevermind/bot"

// Names are how people call in English what flows and policies name shortly, for whoever shows a timeline or a list.
type Names struct {
	States, Events, Ahead, Windows map[string]string
	Stages                         map[bot.Stage]string
}

// AllNames returns the words of states, of events and of what is still ahead, of windows and an order's stages.
func AllNames() Names {
	return Names{recordStateWords, recordEventWords, recordAheadWords, windowWords, orderStageWords}
}
