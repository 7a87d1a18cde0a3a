package report

import (
	_ "embed"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"

	"nevermind/bot"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"word": word, "took": took, "half": half, "content": content, "counts": counts,
	"buyers":    func(g bot.ReportGroup) bot.ReportSatisfaction { return g.Satisfaction[bot.Buyer] },
	"sellers":   func(g bot.ReportGroup) bot.ReportSatisfaction { return g.Satisfaction[bot.Seller] },
	"satisfied": satisfied, "day": day, "rated": func(how string) string { return rated[how] },
}).Parse(pageText))

// HTML writes a report as one page: no scripts, nothing from elsewhere, charts as drawings in it. It names sellers and no
// buyers.
func HTML(w io.Writer, r *bot.Report) error {
	v := pageView{Report: r, Span: span(r), Steps: funnel(&r.All)}
	for _, draw := range []struct {
		into *template.HTML
		draw func() (template.HTML, error)
		some bool
	}{
		{&v.Funnel, func() (template.HTML, error) { return funnelChart(&r.All) }, r.All.Asked > 0},
		{&v.Weeks, func() (template.HTML, error) { return weekChart(r.By["week"]) }, len(r.By["week"]) > 0},
		{&v.Reasons, func() (template.HTML, error) { return reasonChart(r.By["reason"]) }, len(r.By["reason"]) > 0},
	} {
		if !draw.some {
			continue
		}
		drawn, err := draw.draw()
		if err != nil {
			return err
		}
		*draw.into = drawn
	}
	for _, method := range slices.Sorted(maps.Keys(r.All.Refunds)) {
		v.Refunds = append(v.Refunds, pageRefund{method, r.All.Refunds[method]})
	}
	for _, t := range titles {
		if len(r.By[t.by]) > 0 {
			v.Tables = append(v.Tables, pageTable{t.title, t.one, r.By[t.by]})
		}
	}
	return page.Execute(w, v)
}

// pageView is what the page is made from.
type pageView struct {
	*bot.Report
	Span                   string
	Steps                  []stepOf
	Funnel, Weeks, Reasons template.HTML
	Refunds                []pageRefund
	Tables                 []pageTable
}

type pageRefund struct {
	Method string
	bot.ReportRefunds
}

type pageTable struct {
	Title, One string
	Groups     []bot.ReportGroup
}

// whole writes a number of requests.
func whole(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
