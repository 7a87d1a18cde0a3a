package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"nevermind/bot"
)

// Text writes a report for a terminal.
func Text(w io.Writer, r *bot.Report) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, span(r))
	all(out, &r.All)
	quotes(out, r.Said)
	for _, t := range titles {
		if groups := r.By[t.by]; len(groups) > 0 {
			fmt.Fprintf(out, "\n%s\n", t.title)
			table(out, t.one, groups)
		}
	}
	return out.Flush()
}

// all writes what there is to say of all requests together.
func all(w io.Writer, g *bot.ReportGroup) {
	fmt.Fprintln(w, "\nWhat came of them")
	before := g.Asked
	for _, s := range funnel(g) {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", s.Name, share(s.N, before), s.how)
		for _, l := range g.Left {
			if l.After == s.Name {
				fmt.Fprintf(w, "    no further: %s\t%d\n", word(l.Why), l.N)
			}
		}
		before = s.N
	}
	fmt.Fprintln(w, "\nSellers")
	fmt.Fprintf(w, "  asked\t%d\n  first answers\t%s\n  took\t%s\n", g.Seller.Asked, cmp.Or(counts(g.Seller.Answers), "none"),
		took(g.Seller.Took))
	fmt.Fprintf(w, "  time ran out\t%d\n  odd tracking codes\t%d\n  refusals reversed by support\t%d\n", g.Seller.Silent,
		g.Seller.OddCodes, g.Seller.Reversed)
	fmt.Fprintln(w, "\nSupport")
	fmt.Fprintf(w, "  cases\t%d\n  decided\t%d\n  late\t%d\n", g.Support.Cases, g.Support.Decided, g.Support.Late)
	fmt.Fprintf(w, "  first act\t%s\n  decision\t%s\n", took(g.Support.First), took(g.Support.Decide))
	if len(g.Refunds) > 0 {
		fmt.Fprintln(w, "\nRefunds")
	}
	for _, method := range slices.Sorted(maps.Keys(g.Refunds)) {
		m := g.Refunds[method]
		fmt.Fprintf(w, "  %s\t%d sent, %d arrived\t%s\n", word(method), m.Sent, m.Arrived, strings.Join(m.Sums, ", "))
		fmt.Fprintf(w, "    until sent\t%s\n    until there\t%s\n", took(m.Sending), took(m.Arriving))
	}
	for _, who := range []bot.Party{bot.Buyer, bot.Seller} {
		if s, asked := g.Satisfaction[who]; asked {
			fmt.Fprintf(w, "\nHow %ss found it handled\n  %s\n", who, satisfied(s))
			fmt.Fprintf(w, "  well %d, so-so %d, badly %d; %d with a sentence\n", s.Good, s.Fair, s.Bad, s.Sentences)
		}
	}
}

// quotes writes what people wrote, a line each.
func quotes(w io.Writer, said []bot.ReportSentence) {
	if len(said) > 0 {
		fmt.Fprintln(w, "\nWhat they wrote")
	}
	for i := range said {
		s := &said[i]
		fmt.Fprintf(w, "  %s\t%s, %s\torder %s\t%s\n", day(s.At), s.By, rated[s.Rating], s.Order, bot.Clean(s.Text))
	}
}

// stepOf is one step of the funnel.
type stepOf struct {
	Name string
	N    int
	how  string
}

// Of is what share of a whole the step is.
func (s stepOf) Of(whole int) string {
	if whole == 0 {
		return ""
	}
	return percent(s.N, whole)
}

func funnel(g *bot.ReportGroup) []stepOf {
	return []stepOf{
		{"asked", g.Asked, ""}, {"answered", g.Answered, counts(g.AnsweredBy)}, {"agreed", g.Agreed, counts(g.AgreedBy)},
		{"refunded", g.Refunded, ""}, {"arrived", g.Arrived, ""},
	}
}

// table writes a line for each group.
func table(w io.Writer, one string, groups []bot.ReportGroup) {
	fmt.Fprintf(w, "  %s\tasked\tanswered\tagreed\trefunded\tarrived\tanswer\tsilent\treversed\t"+
		"buyers content\tsellers content\n", one)
	for i := range groups {
		g := &groups[i]
		fmt.Fprintf(w, "  %s\t%d\t%d\t%d\t%d\t%d\t%s\t%d\t%d\t%s\t%s\n", word(g.Name), g.Asked, g.Answered, g.Agreed, g.Refunded,
			g.Arrived,
			half(g.Seller.Took), g.Seller.Silent, g.Seller.Reversed, content(g.Satisfaction[bot.Buyer]),
			content(g.Satisfaction[bot.Seller]))
	}
}

// half is by when half were done; a dash where nothing was measured.
func half(t bot.ReportTimes) string {
	if t.N == 0 {
		return "–"
	}
	return hours(t.Half)
}

// content is the share of those who say that it was handled well, of how many; a dash where nobody has answered.
func content(s bot.ReportSatisfaction) string {
	if s.Answered == 0 {
		return "–"
	}
	return fmt.Sprintf("%s of %d", percent(s.Good, s.Answered), s.Answered)
}
