package turn

import (
	"slices"
	"strings"

	"nevermind/bot"
)

// refuse is the turn that moves nothing: a kind word to whoever tried, where it stands, and a line in the journal.
func (t *turn) refuse(note string) bot.Turn {
	v, room := t.v, t.v.Event.Room
	t.rest()
	switch note {
	case bot.RefusedUnheard:
		t.lateMoney()
	case bot.RefusedColleagueNote:
		t.keepFiles(bot.Move{}) // a colleague's files are kept with their note
	}
	ours := t.flow.Talk || t.concerns(room)
	shows := ours && note != bot.RefusedUsed && !slices.Contains(v.Frame.Shown, room)
	words := t.Notices[note]
	if again := t.Notices[bot.RefusedLateAgain]; note == bot.RefusedLate && !shows && again != "" {
		words = again
	}
	if words == "" || room == "" {
		return t.finish(note)
	}
	r := bot.Reply{Room: room, Mode: bot.New, From: t.out.Conv.Key, Text: t.Say(v, v.Actor, words), Language: v.Actor.Language,
		Last: t.toStranger() || v.Event.Pressed() && v.Actor.ID == ""}
	if v.Event.Pressed() {
		r.Mode, r.Press = bot.Aside, v.Event.ID
	} else if ours {
		r.Title = t.Say(v, v.Actor, t.flow.Title)
	}
	if v.Event.Offer != "" && !v.Event.Pressed() {
		r.Quote = bot.Quotable(v.Event.Text) // what was written in a form is not lost
	}
	t.out.Replies = append(t.out.Replies, r)
	if shows {
		if v.Event.Offer != "" {
			v.Frame.Shown = append(v.Frame.Shown[:len(v.Frame.Shown):len(v.Frame.Shown)], room)
		}
		t.show(room)
	}
	return t.finish(note)
}

// lateMoney tells support that the shop has moved money, or says so, when nobody waited for it any more.
func (t *turn) lateMoney() {
	e, desk := t.v.Event, t.v.People[bot.Support]
	words := t.Notices[e.Name]
	if words == "" && t.aboutMoney(e.Name) && strings.HasPrefix(e.ID, "outcome:") { // news of the order may have the same name
		words = t.Notices[bot.NoticeLateMoney]
	}
	if e.By != bot.Shop || desk == nil || words == "" {
		return
	}
	for _, room := range desk.Rooms {
		t.reply(bot.Reply{Room: room, Mode: bot.New, Text: t.Say(t.v, desk, words)}, desk)
	}
}

// aboutMoney says whether an event is how a task that moves money may end.
func (r *Ruleset) aboutMoney(event string) bool {
	for _, w := range r.Works {
		if w.Class == bot.MoneyClass && slices.Contains(w.Outcomes, event) {
			return true
		}
	}
	return false
}
