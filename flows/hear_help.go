package flows

import (
	"maps"
	"strings"

	"nevermind/bot"
	"nevermind/flows/understand"
)

// What is meant for a person reaches one: while somebody has a question open with support, their free words are passed on,
// whatever else is heard in them.

// hearHelp hears words that ask for nothing else: they are passed on rather than not understood.
func hearHelp(v *bot.View, m *bot.Message) (bot.Event, bool) {
	wish, ok := hearIntent(v, m)
	asks := ok && wish.Name != "greeted" && wish.Name != "thanked"
	if asks || strings.TrimSpace(m.Text) == "" || !helpOpen(v) {
		return bot.Event{}, false
	}
	return bot.Event{Name: "help_written"}, true
}

// wishesReachSupport has every talk pass on the words in which it hears a wish, besides what the wish leads to.
func wishesReachSupport(all []*bot.Flow) []*bot.Flow {
	for n, f := range all {
		if !f.Talk {
			continue
		}
		also := *f
		also.Always, also.States = passOn(f.Always), maps.Clone(f.States)
		for name, s := range also.States {
			s.Then = passOn(s.Then)
			also.States[name] = s
		}
		all[n] = &also
	}
	return all
}

// passOn adds the task that passes words on to each move on a wish that is heard in free words.
func passOn(moves bot.Moves) bot.Moves {
	all := maps.Clone(moves)
	for event, m := range all {
		if wishes[event] {
			all[event] = m.Asking(alsoToSupport)
		}
	}
	return all
}

// wishes are the events that are heard in free words, besides a greeting, thanks, and the wish for a person itself.
var wishes = func() map[string]bool {
	all := map[string]bool{"order_named": true, "address_asked": true}
	for _, event := range wishEvents {
		all[event] = true
	}
	for _, other := range []string{"person_asked", "greeted", "thanked"} {
		delete(all, other)
	}
	return all
}()

// alsoToSupport passes free words on to support; nothing that was pressed, and no command.
func alsoToSupport(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	wish := understand.Decide(e.Text, v.Actor.Language)
	free := wish.Act != "" || wish.Denied != "" || wish.IfOnly != ""
	if !free || e.Offer != "" || commandOf(v, e.Text) != "" || !helpOpen(v) {
		return "", bot.Event{}
	}
	return writeHelp(v, e)
}
