package flows

import "nevermind/bot"

// fileForCase asks about a photo or another file that came unasked: it is added to a case only where its sender says so,
// since the other side sees what is added. With one open case that is a yes or no, with several a choice. It ends with
// the file added, or with nobody sent anything. A file that is an answer to a case's message never comes here.
var fileForCase = bot.Flow{
	Name:  "filing",
	About: "A photo or another file that came unasked: which case is it for?",
	Talk:  true,
	First: "having_no_case",
	Starts: []bot.Way{
		{If: filesFor("stranger"), To: "not_knowing_whose"}, {If: filesFor("desk"), To: "explaining_desk"},
		{If: filesFor("one"), To: "confirming"}, {If: filesFor("several"), To: "choosing_case"},
	},
	Before: []bot.Hear{hearFile, hearCommand},
	Hear:   []bot.Hear{hearOrder, hearHelp, hearIntent, hearMeaning},
	Always: talkAlways,
	After:  talkTimeout,
	Facts:  []string{"case_name"},
	States: bot.States{
		"confirming": {
			Tell: bot.To{bot.Here: "I have {files_here}. Shall I add this to case {case_name}, {case_order}? " +
				"The other side and support see what is added."},
			Offer: bot.Offers{bot.Here: {{Event: "file_filed", Label: "Yes, add it", Style: bot.Primary}, leaveFile}},
			Rules: []string{"S52"},
			Then: bot.Moves{
				"file_sent":  bot.Stay().Showing(),
				"file_filed": bot.Go("filed").Asking(addFileToCase),
				"not_filed":  bot.Go("let_be"),
			},
		},
		"choosing_case": {
			Tell:  bot.To{bot.Here: "I have {files_here}. Which case is this for? The other side and support see what is added."},
			List:  listCasesForFile,
			Offer: bot.Offers{bot.Here: {leaveFile}},
			Then: bot.Moves{
				"file_sent":  bot.Stay().Showing(),
				"file_filed": bot.Go("filed").Asking(addFileToCase),
				"not_filed":  bot.Go("let_be"),
			},
		},
		"filed":  {}, // the case says what it has received
		"let_be": {Tell: bot.To{bot.Here: "All right, it was added to nothing and nobody was sent it."}},
		"having_no_case": {Tell: bot.To{bot.Here: "I have {files_here}, but you have no open case that it could be added to, " +
			"so nobody was sent it. Once you have one, send it again; or choose an order, write to the other side, and send it along."}},
		"not_knowing_whose": {Tell: bot.To{bot.Here: "Thank you, but I don't know yet who you are, so I haven't passed that on. " +
			"Please open this chat from your order page, where you are signed in, and send it again."}},
		"explaining_desk": {Tell: bot.To{bot.Here: "Nobody outside was sent that. To send a file to the buyer or the seller, " +
			"press “Write to the buyer” or “Write to the seller” below the case, and send it there."}},
	},
}

// leaveFile sends the file to nobody.
var leaveFile = bot.Choice{Event: "not_filed", Label: "No, leave it"}

// filesFor asks what there is that the files could be for.
func filesFor(what string) *bot.Cond { return factIs("files_for", what) }

// listCasesForFile lists the cases that the files could be for.
func listCasesForFile(v *bot.View) []bot.Choice {
	var choices []bot.Choice
	for _, c := range openCasesOf(v) {
		choices = append(choices, bot.Choice{Event: "file_filed", Facts: bot.Facts{"case_key": string(c.Key)}, Label: caseLabel(v, &c)})
	}
	return choices
}

// addFileToCase adds what has come to the case.
func addFileToCase(v *bot.View, e *bot.Event) (bot.Key, bot.Event) {
	key := v.Fact("case_key")
	return bot.Key(key), bot.Event{Name: "file_added", Text: v.Fact("caption"), Files: v.Frame.Files}
}

// caseOrder is the order of the case at hand: "order 81000001 · Lamp".
func caseOrder(v *bot.View, r *bot.Person) string {
	return ofOrder(v, func(*bot.Order) string { return v.Say(r, "order {order} · {item}") })
}
