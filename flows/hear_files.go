package flows

import (
	"strings"

	"nevermind/bot"
)

// takesFiles are the places of talks that take files along with words, as "<flow>.<state>"; true where files are enough
// without any words. Everywhere else a file is asked about (see fileForCase).
var takesFiles = map[string]bool{
	"order_stage.writing_letter": true,
	"cancel.writing_letter":      true,
	"cancel.adding_note":         false,
	"cancel.telling_reason":      false,
	"cancel.confirming":          false,
	"problem.telling_story":      false,
	"problem.confirming":         false,
}

// takesFilesHere says whether files belong where a talk is.
func takesFilesHere(v *bot.View) bool {
	_, ok := takesFiles[v.Frame.Flow+"."+v.Frame.State]
	return ok
}

// hearFilesAlong hears files that go along with a request and came before its words, or after them.
func hearFilesAlong(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if len(m.Files) == 0 || strings.TrimSpace(m.Text) != "" && v.Frame.Flow+"."+v.Frame.State != "problem.confirming" {
		return bot.Event{}, false
	}
	return bot.Event{Name: "files_brought"}, true
}

// hearFile hears that a file has come where none was asked for. The fact "files_for" says what it could be for: "one"
// case, "several", "none", or nothing since a "stranger" or the "desk" has sent it.
func hearFile(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if m.Unsupported == bot.Unknown && m.Text == "" { // it was not even fetched
		return bot.Event{Name: "file_sent", Facts: bot.Facts{"files_for": "stranger"}}, true
	}
	if len(m.Files) == 0 || takesFilesHere(v) {
		return bot.Event{}, false
	}
	facts := bot.Facts{}
	if caption := strings.TrimSpace(m.Text); caption != "" {
		facts["caption"] = caption
	}
	if v.Look == nil || v.Actor.ID == "" || v.Actor.Party() == bot.Support {
		facts["files_for"] = map[bool]string{true: "desk", false: "stranger"}[v.Actor.Party() == bot.Support]
		return bot.Event{Name: "file_sent", Facts: facts}, true
	}
	open := openCasesOf(v)
	if len(open) == 0 && helpOpen(v) {
		return bot.Event{Name: "help_written"}, true
	}
	facts["files_for"] = "none"
	switch c := caseAtHand(v, open); {
	case c != nil:
		facts["files_for"], facts["case_key"], facts["case_name"], facts["order"] = "one", string(c.Key), c.ID, c.Order
	case len(open) > 0:
		facts["files_for"] = "several"
	}
	return bot.Event{Name: "file_sent", Facts: facts}, true
}

// caseAtHand is the only open case, or the one about the order that the talk is about.
func caseAtHand(v *bot.View, open []bot.Conversation) *bot.Conversation {
	if len(open) == 1 {
		return &open[0]
	}
	for i := range open {
		if order := v.Fact("order"); order != "" && open[i].Order == order && v.Frame.Flow != "filing" {
			return &open[i]
		}
	}
	return nil
}

// hearExhibit hears a file in answer to a case's message: buyer and seller add it to the case.
func hearExhibit(v *bot.View, m *bot.Message) (bot.Event, bool) {
	if len(m.Files) == 0 || v.Actor.Party() != bot.Buyer && v.Actor.Party() != bot.Seller {
		return bot.Event{}, false
	}
	return bot.Event{Name: "file_added"}, true
}

// hearFormFile hears a file while a form is filled in: one field takes them, with letters they go along, elsewhere they
// do not fit.
func hearFormFile(v *bot.View, m *bot.Message) (bot.Event, bool) {
	f := currentField(v)
	if len(m.Files) == 0 || f == nil {
		return bot.Event{}, false
	}
	text := strings.TrimSpace(m.Text)
	switch {
	case f.Kind == bot.Files:
		return bot.Event{Name: "files_sent"}, true
	case f.Kind != bot.Text || f.Name != "text":
		return bot.Event{
			Name: "field_unfit",
			Facts: bot.Facts{"unfit": "A file doesn't fit here, so nothing was sent. " +
				"Please answer in words; you can send it afterwards."},
		}, true
	case text == "":
		return bot.Event{Name: "field_answered", Facts: bot.Facts{f.Name: ""}}, true
	}
	return hearField(v, m)
}
