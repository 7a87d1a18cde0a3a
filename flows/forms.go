package flows

import "nevermind/bot"

// bringFiles is a form that takes files, each passed on as it comes, and words to end with (2,000 characters at most).
func bringFiles(ask string) bot.Form {
	return func(*bot.View) []bot.Field {
		return []bot.Field{{Name: "text", Kind: bot.Files, Ask: ask, Limit: 2000}}
	}
}

// letter is a form of one text, of 2,000 characters at most, that is passed on as it was written.
func letter(ask string) bot.Form {
	return func(*bot.View) []bot.Field { return []bot.Field{{Name: "text", Kind: bot.Text, Ask: ask, Limit: 2000}} }
}

// sure is a form that shows what will happen and asks whether it is meant (S22).
func sure(ask, yes string) bot.Form {
	return func(*bot.View) []bot.Field {
		return []bot.Field{{Name: "sure", Kind: bot.Sure, Ask: ask, Options: yesNo(yes)}}
	}
}

// yesNo are the two answers of a last question; only the first goes on.
func yesNo(yes string) []bot.Option {
	return []bot.Option{{Value: "yes", Label: yes}, {Value: "no", Label: "No, go back"}}
}
