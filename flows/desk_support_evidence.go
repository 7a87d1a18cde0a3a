package flows

import (
	"slices"
	"strings"
	"time"

	"nevermind/bot"
)

// supportEvidenceTerms are what {names} stand for in words about what support makes evidence.
var supportEvidenceTerms = map[string]bot.Term{
	"kept_said":      supportEvidenceNoted,
	"kept_for_sides": supportEvidenceForSides,
}

// makeEvidence is how support's people make a message of their room evidence of a case: a photo that came by mail, what
// a carrier said on the phone.
var makeEvidence = &bot.Choice{Event: "evidence_kept", Label: "Make this evidence", Form: makeEvidenceForm}

// evidenceMade adds the message to the evidence, with who said it and when. Buyer and seller hear of it only where that
// was chosen.
var evidenceMade = bot.Stay().Learning(supportEvidenceFacts).Dealing(bot.Support).
	Quoting(bot.To{bot.Buyer: "{kept_for_sides}", bot.Seller: "{kept_for_sides}", bot.Here: "{kept_said}"}, nil).
	Rules("S52", "S58", "S62")

// makeEvidenceForm asks what a message is evidence of, and who sees it.
func makeEvidenceForm(v *bot.View) []bot.Field {
	what := bot.Field{Name: "kept_as", Kind: bot.OneOf, Ask: "Whose side does it support, and what does it show?"}
	for _, side := range []struct {
		party bot.Party
		label string
	}{{bot.Buyer, "The buyer"}, {bot.Seller, "The seller"}} {
		for _, s := range checklistFor(v, side.party) {
			what.Options = append(what.Options, bot.Option{
				Value: string(side.party) + " " + s.ID,
				Label: v.With(bot.Facts{"proof": v.Say(v.Actor, s.Label)}).Say(v.Actor, sideShows[side.party]),
			})
		}
		what.Options = append(what.Options, bot.Option{Value: string(side.party), Label: side.label})
	}
	what.Options = append(what.Options, bot.Option{Value: "neither", Label: "Neither, we found it ourselves"})
	return []bot.Field{what,
		{
			Name: "kept_seen", Kind: bot.OneOf, Ask: "Who sees it?",
			Options: []bot.Option{
				{Value: "team", Label: "Only our team"},
				{Value: "both", Label: "The buyer and the seller too"},
			},
		},
		{
			Name: "sure", Kind: bot.Sure,
			Ask:     "It becomes evidence of case {case}, with who posted it, your name and the time. Keep it?",
			Options: yesNo("Yes, keep it"),
		}}
}

// supportEvidenceFacts records for each new file who said it, when, and who made it evidence; and for all of them what
// they show.
func supportEvidenceFacts(v *bot.View, e *bot.Event) bot.Facts {
	side, proof, _ := strings.Cut(e.Facts["kept_as"], " ")
	facts := bot.Facts{"kept": "", "kept_as": "", "kept_seen": "", "said_by": "", "said_at": "", "kept_new": ""}
	for _, f := range e.Files {
		h := shortHash(f.Hash)
		if v.Fact("kept_by_"+h) != "" {
			continue // made evidence before
		}
		facts["kept_new"] += f.Hash + " "
		facts["kept_for_"+h], facts["kept_by_"+h] = side, agentName(v, v.Actor, v.Actor)
		facts["said_by_"+h], facts["said_at_"+h] = e.Facts["said_by"], e.Facts["said_at"]
	}
	if proof == "" {
		return facts
	}
	known := strings.Fields(v.Fact("shown_" + proof))
	for _, hash := range strings.Fields(e.Facts["kept"]) {
		if h := shortHash(hash); !slices.Contains(known, h) {
			known = append(known, h)
		}
	}
	facts["shown_"+proof] = strings.Join(known, " ")
	return facts
}

// supportEvidenceNoted says back to whoever made it evidence what is kept now, or that it was there before.
func supportEvidenceNoted(v *bot.View, r *bot.Person) string {
	fresh := newSupportEvidence(v)
	kept := v.With(bot.Facts{"files": fileWords(v, r, fresh), "when": formatReceived(v, r, supportEvidenceFirstCame(v))})
	words := []string{kept.Say(r, "This is in case {case} already. It counts from when it came first: {when}.")}
	if len(fresh) > 0 {
		words = []string{kept.Say(r, "Kept as evidence of case {case}: {files}."),
			saidByAndWhen(v, r, v.Event.Facts["said_by"], v.Event.Facts["said_at"])}
	}
	side, proof, _ := strings.Cut(v.Event.Facts["kept_as"], " ")
	for _, s := range checklistFor(v, bot.Party(side)) {
		if s.ID == proof {
			words = append(words, v.With(bot.Facts{"proof": v.Say(r, s.Label)}).Say(r, "It shows: {proof}."))
		}
	}
	if v.Event.Facts["kept_seen"] == "both" && len(fresh) > 0 {
		return v.Sentences(r, append(words, v.Say(r, "I've sent it to the buyer and the seller."))...)
	}
	return v.Sentences(r, append(words, v.Say(r, "The buyer and the seller don't see it."))...)
}

// newSupportEvidence are the event's files that were not evidence before.
func newSupportEvidence(v *bot.View) []bot.File {
	return slices.DeleteFunc(slices.Clone(v.Event.Files), func(f bot.File) bool {
		return !strings.Contains(v.Fact("kept_new"), f.Hash)
	})
}

// supportEvidenceFirstCame is when the event's evidence came first, from whomever.
func supportEvidenceFirstCame(v *bot.View) time.Time {
	for _, x := range v.Conv.Exhibits {
		if strings.Contains(v.Event.Facts["kept"], x.Hash) {
			return x.At
		}
	}
	return v.Now
}

// supportEvidenceForSides tells buyer and seller what support has found, where they may see it.
func supportEvidenceForSides(v *bot.View, r *bot.Person) string {
	fresh := newSupportEvidence(v)
	if v.Event.Facts["kept_seen"] != "both" || len(fresh) == 0 {
		return ""
	}
	return v.With(bot.Facts{"files": fileWords(v, r, fresh)}).Say(r, "Our support team adds to this case: {files}.")
}

// saidByAndWhen is who has said something in support's room, and when.
func saidByAndWhen(v *bot.View, r *bot.Person, by, at string) string {
	then, err := time.Parse(time.RFC3339, at)
	if by == "" || err != nil {
		return ""
	}
	return v.With(bot.Facts{"who": bot.Clean(by), "when": formatReceived(v, r, then)}).Say(r, "{who} posted it {when}.")
}

// broughtBy says who has brought a file to a case; for one that support has made evidence also whose words it was.
func broughtBy(v *bot.View, r *bot.Person, x *bot.Exhibit) string {
	h := shortHash(x.Hash)
	switch {
	case x.By != bot.Support:
		return v.With(bot.Facts{"side": partyName(v, r, x.By)}).Say(r, "Sent by {side}.")
	case v.Fact("kept_by_"+h) != "":
		who := v.With(bot.Facts{"who": bot.Clean(v.Fact("kept_by_" + h))})
		return v.Sentences(r, who.Say(r, "Kept by {who}."), saidByAndWhen(v, r, v.Fact("said_by_"+h), v.Fact("said_at_"+h)))
	}
	return v.Say(r, "Sent by our team, with a note or a message.")
}
