package report

import (
	"html/template"
	"slices"
	"strings"

	"github.com/go-analyze/charts"

	"nevermind/bot"
)

// How large a chart is, in pixels; the page scales it to its width.
const (
	chartWidth  = 640
	chartHeight = 280
	chartAxis   = 80 // of the height, what is not bars
	chartBar    = 34
)

// funnelChart draws how many have reached each step.
func funnelChart(g *bot.ReportGroup) (template.HTML, error) {
	steps := funnel(g)
	slices.Reverse(steps) // horizontal bars are drawn from below
	values, labels := make([]float64, len(steps)), make([]string, len(steps))
	for i, s := range steps {
		values[i], labels[i] = float64(s.N), s.Name
	}
	return bars(labels, [][]float64{values}, nil, true)
}

// weekChart draws, for each week, how many asked, were agreed with and had their money.
func weekChart(weeks []bot.ReportGroup) (template.HTML, error) {
	if len(weeks) > mostWeeks {
		weeks = weeks[len(weeks)-mostWeeks:]
	}
	values, labels := make([][]float64, 3), make([]string, len(weeks))
	for i := range weeks {
		g := &weeks[i]
		labels[i] = g.Name
		for k, n := range []int{g.Asked, g.Agreed, g.Refunded} {
			values[k] = append(values[k], float64(n))
		}
	}
	return bars(labels, values, []string{"asked", "agreed", "refunded"}, false)
}

// mostWeeks is how many weeks are drawn; the table has them all.
const mostWeeks = 26

// reasonChart draws how many had each reason, the most frequent on top.
func reasonChart(reasons []bot.ReportGroup) (template.HTML, error) {
	reasons = slices.Clone(reasons[:min(len(reasons), 12)])
	slices.Reverse(reasons)
	values, labels := make([]float64, len(reasons)), make([]string, len(reasons))
	for i := range reasons {
		values[i], labels[i] = float64(reasons[i].Asked), word(reasons[i].Name)
	}
	return bars(labels, [][]float64{values}, nil, true)
}

// bars draws bars, of several series side by side where there is a legend.
func bars(labels []string, values [][]float64, legend []string, horizontal bool) (template.HTML, error) {
	height := chartHeight
	if horizontal {
		height = chartAxis + chartBar*len(labels)
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: chartWidth, Height: height})
	o := charts.NewBarChartOptionWithData(values)
	o.Theme, o.Horizontal = charts.GetTheme(charts.ThemeLight), horizontal
	o.CategoryAxis.Labels = labels
	o.Legend.SeriesNames = legend
	for i := range o.SeriesList {
		o.SeriesList[i].Label.Show = charts.Ptr(horizontal)
	}
	o.ValueAxis[0].Min = charts.Ptr(0.0) // a bar that begins elsewhere misleads
	o.ValueAxis[0].Unit = wholeUnit(values)
	o.ValueFormatter = func(n float64) string { return whole(n) }
	if err := p.BarChart(o); err != nil {
		return "", err
	}
	svg, err := p.Bytes()
	if err != nil {
		return "", err
	}
	return template.HTML(scaled(string(svg))), nil //nolint:gosec // drawn by us; the labels are escaped, see TestNamesAreEscaped
}

// wholeUnit is the step of an axis on which requests are counted: whole numbers, and not too many.
func wholeUnit(values [][]float64) float64 {
	most := 0.0
	for _, v := range values {
		most = max(most, slices.Max(v))
	}
	for unit := 1.0; ; unit *= 10 {
		for _, step := range []float64{1, 2, 5} {
			if most <= 8*step*unit {
				return step * unit
			}
		}
	}
}

// scaled lets a page give the drawing its width.
func scaled(svg string) string {
	return strings.Replace(svg, "<svg ", `<svg role="img" `, 1)
}
