package flows

import (
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// filesTerms are what {names} stand for in words about photos and other files.
var filesTerms = map[string]bot.Term{
	"files_left_out":         filesLeftOut,
	"files_along":            filesAlong,
	"sealed_for_support":     forSupport(sealedWords),
	"not_sealed_for_support": forSupport(notSealed),
	"files_here":             filesHere,
	"files_for_buyer":        filesAdded(bot.Buyer),
	"files_for_seller":       filesAdded(bot.Seller),
	"files_for_support":      filesAdded(bot.Support),
	"files_received":         filesReceived,
	"case_order":             caseOrder,
}

// filesAdded is the term by which a side is told that the other one has added something to the case; empty for whoever
// did it, and for support while the case is not theirs yet.
func filesAdded(p bot.Party) bot.Term {
	return func(v *bot.View, r *bot.Person) string {
		by := v.Event.By
		if by == p || len(newFiles(v)) == 0 && strings.TrimSpace(v.Event.Text) == "" {
			return ""
		}
		if p == bot.Support && !supportHasIt(v) && v.People[bot.Seller].Reachable() {
			return "" // they see everything when the case comes to them
		}
		added := bot.Facts{"who": partyName(v, r, by), "files": fileWords(v, r, newFiles(v))}
		return v.With(added).Say(r, "{who} adds to case {case}: {files}")
	}
}

// filesReceived says back what has come, how much there is now, and when it came: time matters (S58).
func filesReceived(v *bot.View, r *bot.Person) string {
	fresh := newFiles(v)
	switch {
	case len(fresh) == 0 && leftOutCount(v) > 0:
		return v.Sentences(r, v.Say(r, "I already have as many files from you as one case can take."), filesLeftOut(v, r))
	case len(fresh) == 0 && len(v.Event.Files) > 0:
		return v.With(bot.Facts{"when": formatReceived(v, r, firstCame(v))}).
			Say(r, "I already have that, received {when}. It counts from then.")
	case len(fresh) == 0:
		return ifText(v, v.Say(r, "I've added that to case {case}."))
	}
	came := bot.Facts{"when": formatReceived(v, r, fresh[0].At), "files": fileWords(v, r, fresh)}
	said := []string{v.With(came).Say(r, "{files} received on {when}.")}
	all := len(filesFrom(v, v.Event.By, time.Time{}))
	said = append(said, v.Count(r, all, "You have sent {n} file for this case. The other side and our support team see it.",
		"You have sent {n} files for this case. The other side and our support team see them."), filesLeftOut(v, r))
	if len(checklistFor(v, v.Event.By)) > 0 {
		said = append(said, v.Count(r, len(fresh), "If you like, say what it shows:", "If they all show the same, you can say what:"))
	}
	return v.Sentences(r, said...)
}

// ifText is these words where the event carries text; empty where it carries none.
func ifText(v *bot.View, words string) string {
	if strings.TrimSpace(v.Event.Text) == "" {
		return ""
	}
	return words
}

// allFiles are all files of a case, whoever brought them, in the order in which they came.
func allFiles(v *bot.View) []bot.File {
	var files []bot.File
	for _, x := range v.Conv.Exhibits {
		files = append(files, x.File)
	}
	return files
}

// leftOutCount counts the event's files that were not stored because the side has reached mostFiles.
func leftOutCount(v *bot.View) int {
	n := len(v.Event.Files)
	for _, f := range v.Event.Files {
		for _, x := range v.Conv.Exhibits {
			if x.By == v.Event.By && x.Hash == f.Hash {
				n--
				break
			}
		}
	}
	return n
}

// filesLeftOut says so, in a further sentence; empty where all were taken.
func filesLeftOut(v *bot.View, r *bot.Person) string {
	n := leftOutCount(v)
	if n == 0 {
		return ""
	}
	return v.With(bot.Facts{"most": strconv.Itoa(mostFiles)}).Count(r, n, "{n} file was not added, because each side can bring "+
		"{most} to a case. You can still describe it in words. If it matters, ask for “a person”.",
		"{n} files were not added, because each side can bring {most} to a case. You can still describe them in words. "+
			"If they matter, ask for “a person”.")
}

// filesAlong is the line of a request that says what goes along with it; empty where nothing does.
func filesAlong(v *bot.View, r *bot.Person) string {
	if len(v.Frame.Files) == 0 {
		return ""
	}
	return v.Say(r, "• Sent along: {files_here}")
}

// supportHasIt says whether a case is with support, or waits for what support has asked a side to show.
func supportHasIt(v *bot.View) bool {
	return v.Conv.State == "with_support" || v.Conv.State == "awaiting_evidence"
}
