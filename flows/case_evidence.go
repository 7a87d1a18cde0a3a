package flows

import (
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// mostFiles is how many files each side can bring to one case. Further ones are not added, and their sender is told.
const mostFiles = 20

// Checklist returns what each side of a case can show by its policy, in the policy's order, each line with the files by
// which it has been shown (S46, S50, S52, S58, S62). A line counts only files of the side that has to bring it, or of
// support. A file is linked to a line by the fact "shown_<line>", which holds short hashes with spaces between.
func Checklist(p *bot.Policy, c *bot.Conversation) []bot.Shown {
	var all []bot.Shown
	for _, about := range evidenceLists(c) {
		for _, proof := range p.Evidence[about] {
			line := bot.Shown{Proof: proof}
			for _, x := range c.Exhibits {
				if (x.By == proof.From || x.By == bot.Support) &&
					slices.Contains(strings.Fields(c.Facts["shown_"+proof.ID]), shortHash(x.Hash)) {
					line.Files = append(line.Files, x.File)
				}
			}
			all = append(all, line)
		}
	}
	return all
}

// evidenceLists are the names of the policy's lists that concern a case: of what is wrong or of the reason, and of where
// it stands.
func evidenceLists(c *bot.Conversation) []string {
	f := c.Facts
	about := []string{f["reason"]}
	if c.Flow == "dispute" {
		about = []string{f["problem"]}
	}
	for i, here := range []bool{
		f["tracking_code"] != "" && f["shop_says"] != "shipped", f["return_code"] != "", f["parcel_fault"] != "",
	} {
		if here {
			about = append(about, evidencePlaces[i])
		}
	}
	return about
}

// evidencePlaces are the places in a case that have a list of evidence of their own: a seller says that it has shipped,
// the goods were sent back, or they came back damaged.
var evidencePlaces = []string{"said_to_be_shipped", "sent_back", "back_but_wrong"}

// shortHash is as much of a file's hash as people compare, and as tells the files of one case apart.
func shortHash(hash string) string { return hash[:min(len(hash), 12)] }

// checklistFor are the lines of a case's checklist that one side has to bring.
func checklistFor(v *bot.View, p bot.Party) []bot.Shown {
	return slices.DeleteFunc(Checklist(v.Policy, v.Conv), func(s bot.Shown) bool { return s.From != p })
}

// missingEvidence are those lines for which nothing has come yet.
func missingEvidence(v *bot.View, p bot.Party) []bot.Shown {
	return slices.DeleteFunc(checklistFor(v, p), func(s bot.Shown) bool { return len(s.Files) > 0 })
}

// askWhatFilesShow offers whoever has just sent files the lines of their checklist, to say with one press what the files
// show. Nobody has to.
func askWhatFilesShow(v *bot.View) []bot.Choice {
	var hashes []string
	for _, f := range newFiles(v) {
		hashes = append(hashes, shortHash(f.Hash))
	}
	lines := checklistFor(v, v.Event.By)
	if len(hashes) == 0 || len(lines) == 0 {
		return nil
	}
	var choices []bot.Choice
	for _, o := range proofOptions(lines) {
		choices = append(choices, bot.Choice{
			Event: "proof_named", Label: o.Label, Facts: bot.Facts{"proof": o.Value, "proof_files": strings.Join(hashes, " ")},
		})
	}
	return choices
}

// proofOptions are what files can be said to show.
func proofOptions(lines []bot.Shown) []bot.Option {
	var options []bot.Option
	for _, s := range lines {
		options = append(options, bot.Option{Value: s.ID, Label: s.Label})
	}
	return append(options, bot.Option{Value: "else", Label: "Something else"})
}

// unnamedFiles are the files of one side of which nobody has said what they show.
func unnamedFiles(v *bot.View, p bot.Party) []bot.File {
	lines := checklistFor(v, p)
	if len(lines) == 0 {
		return nil
	}
	said := strings.Fields(v.Fact("shown_else"))
	for _, s := range lines {
		said = append(said, strings.Fields(v.Fact("shown_"+s.ID))...)
	}
	return slices.DeleteFunc(filesFrom(v, p, time.Time{}), func(f bot.File) bool { return slices.Contains(said, shortHash(f.Hash)) })
}

// nameFile lets a side say what a file shows that came without a word.
func nameFile(p bot.Party) bot.Choice {
	open := cond("a file of theirs has no name yet", func(v *bot.View) bool {
		return undecided.Holds(v) && len(unnamedFiles(v, p)) > 0
	})
	return bot.Choice{Event: "proof_named", Label: "Say what a file shows", When: open, Form: func(v *bot.View) []bot.Field {
		which := bot.Field{Name: "proof_files", Kind: bot.OneOf, Ask: "Which one?"}
		for _, f := range unnamedFiles(v, p) {
			which.Options = append(which.Options, bot.Option{Value: shortHash(f.Hash), Label: bot.Shorten(bot.Clean(f.Name), 30)})
		}
		return []bot.Field{
			which, {Name: "proof", Kind: bot.OneOf, Ask: "What does it show?", Options: proofOptions(checklistFor(v, p))},
		}
	}}
}

// proofFacts records what files show. A file can show more than one thing; "something else" takes nothing back that was
// said of it before.
func proofFacts(v *bot.View, e *bot.Event) bot.Facts {
	named, files := "shown_"+e.Facts["proof"], strings.Fields(e.Facts["proof_files"])
	known := slices.DeleteFunc(strings.Fields(v.Fact(named)), func(h string) bool { return slices.Contains(files, h) })
	return bot.Facts{"proof_files": "", named: strings.Join(append(known, files...), " ")}
}

// showFilesAlong tells a case that has just been put to the other side to show the files that came with the request.
func showFilesAlong(v *bot.View, _ *bot.Event) (bot.Key, bot.Event) {
	var files []bot.File
	for _, x := range v.Conv.Exhibits {
		if x.By == bot.Buyer {
			files = append(files, x.File)
		}
	}
	if len(files) == 0 {
		return "", bot.Event{}
	}
	return v.Conv.Key, bot.Event{Name: "files_shown", By: bot.Buyer, Actor: v.Conv.Parties[bot.Buyer], Files: files}
}

// giveEvidence is the button by which the party that was asked answers support, with files or in words. The condition
// says which party that is.
func giveEvidence(c *bot.Cond) bot.Choice {
	return bot.Choice{Event: "evidence_given", Label: "Answer support", When: c, Style: bot.Primary,
		Form: bringFiles("What can you show? Send photos, videos, documents or voice messages, or describe it in words. " +
			"I keep the time each one comes.")}
}

// nothingMore lets the party that was asked say that there is nothing to show, rather than let the time run out (S60).
func nothingMore(c *bot.Cond) bot.Choice {
	return bot.Choice{Event: "evidence_given", Label: "I have nothing more", When: c}
}
