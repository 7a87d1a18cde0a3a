package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"nevermind/bot"
)

// CSV writes a report as a long table for a sheet: what it is grouped by, the group, what is counted, and how much. Whoever
// wants another shape pivots it.
func CSV(w io.Writer, r *bot.Report) error {
	out := csv.NewWriter(w)
	write := func(by string, g *bot.ReportGroup) {
		for _, line := range rows(g) {
			_ = out.Write([]string{by, plain(g.Name), line[0], line[1]}) // the error is the writer's own: see below
		}
	}
	_ = out.Write([]string{"by", "group", "figure", "value"})
	write("all", &r.All)
	for _, t := range titles {
		for i := range r.By[t.by] {
			write(t.by, &r.By[t.by][i])
		}
	}
	for i := range r.Said {
		s := &r.Said[i]
		_ = out.Write([]string{"said by " + string(s.By), plain(s.Order), "said." + rated[s.Rating], plain(s.Text)})
	}
	out.Flush()
	return out.Error()
}

// rows are the figures of a group.
func rows(g *bot.ReportGroup) (all [][2]string) {
	put := func(name string, n int) { all = append(all, [2]string{name, strconv.Itoa(n)}) }
	times := func(name string, t bot.ReportTimes) {
		if t.N > 0 {
			put(name+".n", t.N)
			all = append(all, [2]string{name + ".half_hours", fmt.Sprint(t.Half)})
			all = append(all, [2]string{name + ".nine_in_ten_hours", fmt.Sprint(t.Nine)})
		}
	}
	named := func(name string, of map[string]int) {
		for _, k := range slices.Sorted(maps.Keys(of)) {
			put(name+"."+k, of[k])
		}
	}
	for _, s := range funnel(g) {
		put(s.Name, s.N)
	}
	for _, l := range g.Left {
		put("left."+l.After+"."+l.Why, l.N)
	}
	named("answered_by", g.AnsweredBy)
	named("agreed_by", g.AgreedBy)
	put("seller.asked", g.Seller.Asked)
	named("seller.answers", g.Seller.Answers)
	times("seller.took", g.Seller.Took)
	put("seller.silent", g.Seller.Silent)
	put("seller.odd_codes", g.Seller.OddCodes)
	put("seller.reversed", g.Seller.Reversed)
	put("support.cases", g.Support.Cases)
	put("support.decided", g.Support.Decided)
	put("support.late", g.Support.Late)
	times("support.first", g.Support.First)
	times("support.decide", g.Support.Decide)
	for _, method := range slices.Sorted(maps.Keys(g.Refunds)) {
		m, name := g.Refunds[method], "refunds."+method
		put(name+".sent", m.Sent)
		put(name+".arrived", m.Arrived)
		times(name+".sending", m.Sending)
		times(name+".arriving", m.Arriving)
		for _, sum := range m.Sums {
			amount, currency, _ := strings.Cut(sum, " ")
			all = append(all, [2]string{name + ".sum." + currency, amount})
		}
	}
	for _, who := range []bot.Party{bot.Buyer, bot.Seller} {
		if s, asked := g.Satisfaction[who]; asked {
			name := "satisfaction." + string(who) + "."
			put(name+"asked", s.Asked)
			put(name+"answered", s.Answered)
			put(name+"good", s.Good)
			put(name+"fair", s.Fair)
			put(name+"bad", s.Bad)
			put(name+"sentences", s.Sentences)
		}
	}
	return all
}

// plain keeps a name from being read as a formula by a sheet: an id may begin with anything. Sheets pass over blanks before a
// sign, and take wide signs for narrow ones.
func plain(name string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r)
	}))
	if strings.ContainsRune("=+-@＝＋－＠", first) || strings.ContainsAny(name, "\t\r\n") {
		return "'" + name
	}
	return name
}
