package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// titles are what the groupings are called, in the order in which they are shown.
var titles = []struct{ by, title, one string }{
	{"week", "By week", "Week"}, {"kind", "By kind", "Kind"}, {"reason", "By reason", "Reason"}, {"seller", "By seller", "Seller"},
	{"language", "By the buyer's language", "Language"}, {"method", "By the way of payment", "Paid by"},
}

// said are words for names that are not told by themselves.
var said = map[string]string{
	"withdrawn": "withdrawn by the buyer", "refused": "refused", "overtaken": "the order had changed",
	"nothing_owed": "cancelled, no money owed", "charged_back": "the bank gave the money back",
	"not_returned": "not sent back in time",
	"open":         "still open", "on_its_way": "on its way", "looked_for": "missing, looked for",
	"came_back":    "came back to the shop",
	"not_followed": "not followed", "": "not known",
}

// word says a name in words.
func word(name string) string { return cmp.Or(said[name], strings.ReplaceAll(name, "_", " ")) }

// share is a part of a whole: "3 (60%)"; of nothing, the number alone.
func share(n, of int) string {
	if of == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d (%s)", n, percent(n, of))
}

func percent(n, of int) string { return fmt.Sprintf("%d%%", (n*100+of/2)/of) }

// hours says a span of time that was measured in hours.
func hours(h float64) string {
	switch {
	case h < 1:
		return fmt.Sprintf("%.0f min", h*60)
	case h < 48:
		return fmt.Sprintf("%.1f h", h)
	}
	return fmt.Sprintf("%.1f d", h/24)
}

// took says how long something took: half within, nine in ten within, and how many times it was measured.
func took(t bot.ReportTimes) string {
	if t.N == 0 {
		return "not measured"
	}
	return fmt.Sprintf("half within %s, nine in ten within %s (%d)", hours(t.Half), hours(t.Nine), t.N)
}

// span says of when a report is.
func span(r *bot.Report) string {
	day := func(t *time.Time, open string) string {
		if t == nil {
			return open
		}
		return t.Format("2 January 2006, 15:04")
	}
	return fmt.Sprintf("Requests made from %s to %s (UTC).", day(r.From, "the first"), day(r.To, day(&r.Made, "")))
}

// counts says a few counts: "seller 3, silence 1".
func counts(of map[string]int) string {
	names := slices.SortedFunc(maps.Keys(of), func(a, b string) int { return cmp.Or(-cmp.Compare(of[a], of[b]), cmp.Compare(a, b)) })
	all := make([]string, 0, len(names))
	for _, name := range names {
		all = append(all, fmt.Sprintf("%s %d", word(name), of[name]))
	}
	return strings.Join(all, ", ")
}

// satisfied says how people found it handled: the share of those who answered, and the share of "good" among them.
func satisfied(s bot.ReportSatisfaction) string {
	if s.Answered == 0 {
		return fmt.Sprintf("%d asked, nobody has answered", s.Asked)
	}
	return fmt.Sprintf("%s say it was handled well; %d of %d have answered (%s)", percent(s.Good, s.Answered), s.Answered, s.Asked,
		percent(s.Answered, s.Asked))
}

// rated are the answers in words.
var rated = map[string]string{"good": "well", "fair": "so-so", "bad": "badly", "": "no tap"}

// day is when something was written.
func day(at time.Time) string { return at.Format("2 January 2006") }
