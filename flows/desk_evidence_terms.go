package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

// exhibitsTerm is what support reads of the evidence in a case: for each side how much it has brought, and what of its
// checklist is not there. Each file, with what it shows and when it came, is a press away.
func exhibitsTerm(v *bot.View, r *bot.Person) string {
	var words strings.Builder
	for _, p := range bothSides {
		files, missing := filesFrom(v, p, time.Time{}), missingLabels(v, r, p)
		if v.Fact("stuck") != "" {
			missing = ""
		}
		side := v.With(bot.Facts{"side": partyName(v, r, p), "files": fileWords(v, r, files), "missing": missing})
		switch {
		case len(files) == 0 && missing == "":
			continue
		case len(files) == 0:
			words.WriteString("\n• " + side.Say(r, "{side} has shown nothing yet. Missing: {missing}."))
		case missing == "":
			words.WriteString("\n• " + side.Say(r, "{side} has sent {files}."))
		default:
			words.WriteString("\n• " + side.Say(r, "{side} has sent {files}. Missing: {missing}."))
		}
	}
	if ours := filesFrom(v, bot.Support, time.Time{}); len(ours) > 0 {
		words.WriteString("\n• " + v.With(bot.Facts{"files": fileWords(v, r, ours)}).Say(r, "Our team has added {files}."))
	}
	return words.String()
}

// missingLabels names what a side could show and has not.
func missingLabels(v *bot.View, r *bot.Person, p bot.Party) string {
	var labels []string
	for _, s := range missingEvidence(v, p) {
		labels = append(labels, v.Say(r, s.Label))
	}
	return strings.Join(labels, " · ")
}

// exhibitList names each file of a case: whose it is, when it came, and what it shows.
func exhibitList(v *bot.View, r *bot.Person) string {
	shows := map[string][]string{}
	for _, s := range Checklist(v.Policy, v.Conv) {
		for _, f := range s.Files {
			shows[string(s.From)+f.Hash] = append(shows[string(s.From)+f.Hash], v.Say(r, s.Label))
		}
	}
	var words strings.Builder
	for _, x := range v.Conv.Exhibits {
		said := shows[string(x.By)+x.Hash]
		if x.By == bot.Support {
			said = append(shows[string(bot.Buyer)+x.Hash], shows[string(bot.Seller)+x.Hash]...)
		}
		file := v.With(bot.Facts{
			"file": bot.Shorten(bot.Clean(x.Name), 40), "from": broughtBy(v, r, &x), "when": formatReceived(v, r, x.At),
			"shows": strings.Join(said, " · "),
		})
		line := file.Say(r, "{file}. {from} Received {when}.")
		if len(said) > 0 {
			line = v.Sentences(r, line, file.Say(r, "It shows: {shows}."))
		}
		words.WriteString("\n• " + line)
	}
	return words.String()
}

// proofForSupport tells support what files show while the case is theirs; else the case tells them when it comes.
func proofForSupport(v *bot.View, r *bot.Person) string {
	if !supportHasIt(v) || v.Event.Facts["proof"] == "else" {
		return ""
	}
	for _, s := range checklistFor(v, v.Event.By) {
		if s.ID == v.Event.Facts["proof"] {
			shows := v.With(bot.Facts{"side": partyName(v, r, v.Event.By), "proof": v.Say(r, s.Label)})
			return shows.Say(r, "{side} says what a file in case {case} shows: {proof}.")
		}
	}
	return ""
}
