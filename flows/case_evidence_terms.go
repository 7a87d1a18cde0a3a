package flows

import (
	"strconv"
	"strings"
	"time"

	"nevermind/bot"
)

// whatHelps says what proof helps with a problem, before it is sent (S46, S50, S52, S58, S62).
func whatHelps(v *bot.View, r *bot.Person) string {
	var asks []string
	for _, p := range v.Policy.Evidence[v.Fact("problem")] {
		if p.From == bot.Buyer {
			asks = append(asks, v.Say(r, p.Ask))
		}
	}
	if len(asks) == 0 {
		return ""
	}
	return v.Say(r, "What helps most: ") + strings.Join(asks, "; ") + v.Say(r, ". Photos and videos can come along, here or later.")
}

// evidenceMine is what a side can show, line by line: what has come, and when, and what is missing; empty where there is
// nothing to show, or nothing to decide any more.
func evidenceMine(v *bot.View, r *bot.Person) string {
	lines := checklistFor(v, r.Party())
	if len(lines) == 0 || v.Fact("stuck") != "" {
		return ""
	}
	words := "\n" + v.Say(r, "What would help your side:")
	for _, s := range lines {
		if len(s.Files) == 0 {
			words += "\n– " + v.Say(r, "missing: ") + v.Say(r, s.Ask)
		} else {
			words += "\n✓ " + v.Say(r, s.Ask) + v.Say(r, ", received ") + formatReceived(v, r, s.Files[0].At)
		}
	}
	return words
}

// proofNoted says back what files show, and what is missing still.
func proofNoted(v *bot.View, r *bot.Person) string {
	for _, s := range checklistFor(v, v.Event.By) {
		if s.ID == v.Event.Facts["proof"] {
			return v.Say(r, "Noted as this: ") + v.Say(r, s.Ask) + "." + evidenceMine(v, r)
		}
	}
	return v.Say(r, "Noted: something else. It stays with the case.") + evidenceMine(v, r)
}

// proofForSupport tells support what files show while the case is theirs; else the case tells them when it comes.
func proofForSupport(v *bot.View, r *bot.Person) string {
	if v.Conv.State != "with_support" && v.Conv.State != "awaiting_evidence" || v.Event.Facts["proof"] == "else" {
		return ""
	}
	for _, s := range checklistFor(v, v.Event.By) {
		if s.ID == v.Event.Facts["proof"] {
			return v.Say(r, "{"+string(v.Event.By)+"} says what a file in case {case} shows: ") + v.Say(r, s.Ask) + "."
		}
	}
	return ""
}

// evidenceWanted is what support has asked a side for: a line of the checklist, words of their own, or all that is missing.
func evidenceWanted(v *bot.View, r *bot.Person) string {
	side, own := bot.Party(v.Fact("evidence_of")), strings.TrimSpace(v.Fact("evidence_ask"))
	var asks []string
	for _, s := range checklistFor(v, side) {
		if s.ID == v.Fact("evidence_proof") || v.Fact("evidence_proof")+own == "" && len(s.Files) == 0 {
			asks = append(asks, v.Say(r, s.Ask))
		}
	}
	switch {
	case len(asks) > 0 && own != "":
		return v.Say(r, "please show ") + strings.Join(asks, "; ") + ". " + quoted(own)
	case len(asks) > 0:
		return v.Say(r, "please show ") + strings.Join(asks, "; ") + "."
	case own != "":
		return quoted(own)
	}
	return v.Say(r, "please show whatever proves your side.")
}

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
	return "\n✓ " + v.Say(r, s.Ask) + v.Say(r, ", received ") + formatReceived(v, r, s.Files[0].At) + " (" + strings.Join(hashes, ", ") + ")"
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
		words.WriteString("\n• " + shorten(bot.Clean(x.Name), 40) + broughtBy(v, r, &x) + v.Say(r, ", received ") + formatReceived(v, r, x.At) +
			said + " (" + shortHash(x.Hash) + ")")
	}
	return words.String()
}

// leftOutCount counts the event's files for which there was no room any more.
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
	return strings.ReplaceAll(v.Count(r, n, " {n} file was not added: each side can bring {most} to a case, and that is reached. Words still count; if it matters, ask for “a person”.",
		" {n} files were not added: each side can bring {most} to a case, and that is reached. Words still count; if they matter, ask for “a person”."), "{most}", strconv.Itoa(mostFiles))
}

// filesAlong is the line of a request that says what goes along with it; empty where nothing does.
func filesAlong(v *bot.View, r *bot.Person) string {
	if len(v.Frame.Files) == 0 {
		return ""
	}
	return v.Say(r, "\n• Sent along: {files_here}")
}
