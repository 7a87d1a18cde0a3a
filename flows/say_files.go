package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

// fileWords counts files by what they are: "2 photos, 1 voice message".
func fileWords(v *bot.View, r *bot.Person, files []bot.File) string {
	kinds := []struct {
		prefix string
		count  func(n int) string
	}{
		{"image/", func(n int) string { return v.Count(r, n, "{n} photo", "{n} photos") }},
		{"video/", func(n int) string { return v.Count(r, n, "{n} video", "{n} videos") }},
		{"audio/", func(n int) string { return v.Count(r, n, "{n} voice message", "{n} voice messages") }},
		{"", func(n int) string { return v.Count(r, n, "{n} document", "{n} documents") }},
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
			words = append(words, k.count(n))
		}
	}
	return together(v, r, words)
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
