package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

// fileWords counts files by what they are: "2 photos, 1 voice message".
func fileWords(v *bot.View, r *bot.Person, files []bot.File) string {
	kinds := []struct{ prefix, one, other string }{
		{"image/", "{n} photo", "{n} photos"}, {"video/", "{n} video", "{n} videos"},
		{"audio/", "{n} voice message", "{n} voice messages"}, {"", "{n} document", "{n} documents"},
	}
	left := files
	var words []string
	for _, k := range kinds {
		n, rest := 0, []bot.File(nil)
		for _, f := range left {
			if strings.HasPrefix(f.Type, k.prefix) {
				n++
			} else {
				rest = append(rest, f)
			}
		}
		if left = rest; n > 0 {
			words = append(words, v.Count(r, n, k.one, k.other))
		}
	}
	return strings.Join(words, ", ")
}

// filesHere are the files a talk or an event has.
func filesHere(v *bot.View, r *bot.Person) string {
	if len(v.Frame.Files) > 0 {
		return fileWords(v, r, v.Frame.Files)
	}
	return fileWords(v, r, v.Event.Files)
}

// newFiles are those that came with the event and had not come from the same side before.
func newFiles(v *bot.View) []bot.File {
	var fresh []bot.File
	for _, x := range v.Conv.Exhibits {
		for _, f := range v.Event.Files {
			if x.By == v.Event.By && x.Hash == f.Hash && x.At.Equal(f.At) {
				fresh = append(fresh, f)
			}
		}
	}
	return fresh
}

// filesFrom are the files of one side, since an instant.
func filesFrom(v *bot.View, p bot.Party, since time.Time) []bot.File {
	var files []bot.File
	for _, x := range v.Conv.Exhibits {
		if x.By == p && !x.At.Before(since) {
			files = append(files, x.File)
		}
	}
	return files
}

// filesAdded tells a side that the other one has added something to the case; empty for whoever did it.
func filesAdded(p bot.Party) bot.Term {
	return func(v *bot.View, r *bot.Person) string {
		by := v.Event.By
		if by == p || len(newFiles(v)) == 0 && strings.TrimSpace(v.Event.Text) == "" {
			return ""
		}
		if p == bot.Support && v.Conv.State != "with_support" && v.Conv.State != "awaiting_evidence" && v.People[bot.Seller].Reachable() {
			return "" // they see everything when the case comes to them
		}
		words := v.Say(r, "{"+string(by)+"} adds to case {case}:")
		if n := newFiles(v); len(n) > 0 {
			words += " " + fileWords(v, r, n)
		}
		return words
	}
}

// filesReceived says back what has come, how much there is now, and when it came: time matters (S58).
func filesReceived(v *bot.View, r *bot.Person) string {
	fresh := newFiles(v)
	switch {
	case len(fresh) == 0 && leftOutCount(v) > 0:
		return v.Say(r, "I have as many files from you in this case as I can take.") + filesLeftOut(v, r)
	case len(fresh) == 0 && len(v.Event.Files) > 0:
		return v.Say(r, "I have that already, received ") + formatReceived(v, r, firstCame(v)) + v.Say(r, ". It counts from then.")
	case len(fresh) == 0:
		return ifText(v, v.Say(r, "I have added that to case {case}."))
	}
	words := v.Say(r, "Received ") + formatReceived(v, r, fresh[0].At) + ": " + fileWords(v, r, fresh) + "."
	all := len(filesFrom(v, v.Event.By, time.Time{}))
	words += " " + v.Count(r, all, "That makes {n} file from you in this case; the other side and support see it.", "That makes {n} files from you in this case; the other side and support see them.") + filesLeftOut(v, r)
	if len(checklistFor(v, v.Event.By)) == 0 {
		return words
	}
	return words + " " + v.Count(r, len(fresh), "If you like, say what it shows:", "If they all show the same, you can say what:")
}

func ifText(v *bot.View, words string) string {
	if strings.TrimSpace(v.Event.Text) == "" {
		return ""
	}
	return words
}

// firstCame is when this side first sent one of the event's files.
func firstCame(v *bot.View) time.Time {
	for _, x := range v.Conv.Exhibits {
		for _, f := range v.Event.Files {
			if x.By == v.Event.By && x.Hash == f.Hash {
				return x.At
			}
		}
	}
	return v.Now
}

// formatReceived is an instant to the minute in the reader's zone.
func formatReceived(v *bot.View, r *bot.Person, at time.Time) string {
	return formatDate(v, r, at.In(r.Location()), "Monday 2 January, 15:04")
}

// evidenceAnswer says how a side has answered support.
func evidenceAnswer(v *bot.View, r *bot.Person) string {
	if strings.TrimSpace(v.Event.Text) != "" || len(v.Event.Files) > 0 {
		return v.Say(r, "The {evidence_of} has answered what you asked:")
	}
	if sent := v.Say(r, "{evidence_files}"); sent != "" {
		return v.Say(r, "The {evidence_of} has sent what there is: {evidence_files}.")
	}
	return v.Say(r, "The {evidence_of} says that there is nothing to show.")
}

// evidenceFiles are the files that came since support asked.
func evidenceFiles(v *bot.View, r *bot.Person) string {
	since, _ := time.Parse(time.RFC3339Nano, v.Fact("evidence_since"))
	return fileWords(v, r, filesFrom(v, bot.Party(v.Fact("evidence_of")), since))
}

// caseOrder is the order of the case at hand: "order 81000001 · Lamp".
func caseOrder(v *bot.View, r *bot.Person) string {
	return ofOrder(v, func(*bot.Order) string { return v.Say(r, "order {order} · {item}") })
}
