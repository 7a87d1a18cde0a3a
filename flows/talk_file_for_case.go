package flows

import (
	"slices"

	"nevermind/bot"
)

// filing is where a photo or another file goes that came unasked: it is added to a case only where its sender says so.
var filing = bot.Flow{
	Name:  "filing",
	About: "A photo or another file that came unasked: which case is it for?",
	Talk:  true,
	First: "having_no_case",
	Starts: []bot.Way{
		{If: filesOf("stranger"), To: "not_knowing_whose"}, {If: filesOf("desk"), To: "explaining_desk"},
		{If: filesOf("one"), To: "confirming"}, {If: filesOf("several"), To: "choosing_case"},
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent},
	Always: talkManners,
	After:  talkAfter,
	Facts:  []string{"case_name"},
	States: bot.States{
		"confirming": {
			Tell:  bot.To{bot.Here: "I have {files_here}. Shall I add this to case {case_name}, {case_order}? The other side and support see what is added."},
			Offer: bot.Offers{bot.Here: {{Event: "file_filed", Label: "Yes, add it", Style: bot.Primary}, notFiled}},
			Rules: []string{"S52"},
			Then: bot.Moves{
				"file_sent":  bot.Stay().Showing(),
				"file_filed": bot.Go("filed").Asking(fileIt),
				"not_filed":  bot.Go("let_be"),
			},
		},
		"choosing_case": {
			Tell:  bot.To{bot.Here: "I have {files_here}. Which case is this for? The other side and support see what is added."},
			List:  listFiling,
			Offer: bot.Offers{bot.Here: {notFiled}},
			Then: bot.Moves{
				"file_sent":  bot.Stay().Showing(),
				"file_filed": bot.Go("filed").Asking(fileIt),
				"not_filed":  bot.Go("let_be"),
			},
		},
		"filed":             {}, // the case says what it has received
		"let_be":            {Tell: bot.To{bot.Here: "All right, it was added to nothing and nobody was sent it."}},
		"having_no_case":    {Tell: bot.To{bot.Here: "I have {files_here}, but you have no open case that it could be added to, so nobody was sent it. Once you have one, send it again; or choose an order, write to the other side, and send it along."}},
		"not_knowing_whose": {Tell: bot.To{bot.Here: "Thank you, but I do not know yet who you are, so nobody was sent that. Please open this chat from your order page, where you are signed in, and send it again."}},
		"explaining_desk":   {Tell: bot.To{bot.Here: "Nobody outside was sent that. To send a file to the buyer or the seller, press “Write to the buyer” or “Write to the seller” below the case, and send it there."}},
	},
}

var notFiled = bot.Choice{Event: "not_filed", Label: "No, leave it"}

// filesOf asks what there is that the files could be for.
func filesOf(what string) *bot.Cond { return fact("files_for", what) }

// listFiling lists the cases that the files could be for.
func listFiling(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, c := range casesOf(v) {
		choices = append(choices, bot.Choice{Event: "file_filed", Facts: bot.Facts{"case_key": string(c.Key)}, Label: caseLabel(v, &c)})
	}
	return choices
}

// casesOf are the open cases of whoever speaks.
func casesOf(v *bot.View) []bot.Conversation {
	term := "open:" + string(v.Actor.ID)
	return slices.Concat(v.Look.Cases(term, "case", 20), v.Look.Cases(term, "dispute", 20))
}

// fileIt adds what has come to the case.
func fileIt(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	key := v.Fact("case_key")
	return bot.Key(key), bot.Event{Name: "file_added", Text: v.Fact("caption"), Files: v.Frame.Files}
}
