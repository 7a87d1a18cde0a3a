package flows

import (
	"strings"
	"time"

	"nevermind/bot"
)

// exhibitsTerm is what support reads of the evidence in a case: how many files each side has brought, and its checklist.
func exhibitsTerm(v *bot.View, r *bot.Person) string {
	var words strings.Builder
	for _, p := range []bot.Party{bot.Buyer, bot.Seller} {
		files, lines := filesFrom(v, p, time.Time{}), checklistFor(v, p)
		if v.Fact("stuck") != "" {
			lines = nil
		}
		if len(files) == 0 && len(lines) == 0 {
			continue
		}
		words.WriteString("\n• " + v.Say(r, "Files from {"+string(p)+"}: "))
		if len(files) == 0 {
			words.WriteString(v.Say(r, "none yet"))
		} else {
			words.WriteString(fileWords(v, r, files) + v.Say(r, ", the last received ") + formatReceived(v, r, files[len(files)-1].At))
		}
		for _, s := range lines {
			words.WriteString(lineForSupport(v, r, &s))
		}
	}
	if ours := filesFrom(v, bot.Support, time.Time{}); len(ours) > 0 {
		words.WriteString("\n• " + v.Say(r, "Files from our team: ") + fileWords(v, r, ours))
	}
	return words.String()
}

// lineForSupport is one line of a checklist with the files that stand for it.
func lineForSupport(v *bot.View, r *bot.Person, s *bot.Shown) string {
	if len(s.Files) == 0 {
		return "\n– " + v.Say(r, "missing: ") + v.Say(r, s.Ask)
	}
	var hashes []string
	for _, f := range s.Files {
		hashes = append(hashes, shortHash(f.Hash))
	}
	return "\n✓ " + v.Say(r, s.Ask) + v.Say(r, ", received ") + formatReceived(v, r, s.Files[0].At) + " (" +
		strings.Join(hashes, ", ") + ")"
}

// exhibitList names each file of a case: whose it is, when it came, what it shows, and its hash.
func exhibitList(v *bot.View, r *bot.Person) string {
	shows := map[string]string{}
	for _, s := range Checklist(v.Policy, v.Conv) {
		for _, f := range s.Files {
			shows[string(s.From)+f.Hash] += "; " + v.Say(r, s.Ask)
		}
	}
	var words strings.Builder
	for _, x := range v.Conv.Exhibits {
		said := shows[string(x.By)+x.Hash]
		if x.By == bot.Support {
			said = shows[string(bot.Buyer)+x.Hash] + shows[string(bot.Seller)+x.Hash]
		}
		words.WriteString("\n• " + bot.Shorten(bot.Clean(x.Name), 40) + broughtBy(v, r, &x) + v.Say(r, ", received ") +
			formatReceived(v, r, x.At) +
			said + " (" + shortHash(x.Hash) + ")")
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
			return v.Say(r, "{"+string(v.Event.By)+"} says what a file in case {case} shows: ") + v.Say(r, s.Ask) + "."
		}
	}
	return ""
}
