package main

import (
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-analyze/charts"

	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/adapters/telegram/telegramtest"
)

// TestBrowserDashboard draws the dashboard without a Grafana: the file says which panel stands where and what it asks, a real
// Prometheus answers, over a time in which orders are cancelled and things go wrong. Each panel on which nothing shows while all
// is well shows something then, but for the two of what is late: nothing is.
func TestBrowserDashboard(t *testing.T) {
	t.Parallel()
	findBrowser(t)
	fake, wrong := breakable(t)
	var broken atomic.Bool
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if broken.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = w.Write([]byte(`{"outcome":"done"}`))
	}))
	t.Cleanup(shop.Close)
	h, _ := serveTelegram(t, fake, t.TempDir(), webhookMode,
		"--shop-webhook-url", shop.URL, "--shop-webhook-secret", hooktest.Secret)
	p := watched(t, h.URL)
	if p == nil {
		t.Skip("there is no prometheus to ask")
	}
	began := time.Now()
	lumen := h.Join(22, "seller", "s-1", "Lumen House")
	cancels := func(n int) *telegramtest.Chat {
		order, buyer := fmt.Sprintf("81234567890123%02d", n), fmt.Sprint("b-", n)
		ana := h.Join(int64(100+n), "buyer", buyer, "Ana")
		h.Order(order, buyer, "s-1", "Bamboo lamp")
		h.Ask(ana, order)
		h.Press(lumen, "Cancel and refund 24.90 USD")
		return ana
	}
	for n := range 4 {
		cancels(n)
	}
	broken.Store(true)
	for n := range 3 {
		var asked atomic.Bool
		slower := func(c telegramtest.Call) telegramtest.Fault {
			if c.Method == "sendMessage" && !asked.Swap(true) {
				return telegramtest.Fault{Code: 429, RetryAfter: time.Second, Words: "Too Many Requests"}
			}
			return telegramtest.Fault{}
		}
		wrong.Store(&slower)
		ana := cancels(4 + n)
		forge(t, h.URL)
		ana.Type("qwrtz lkjh") // nobody knows what is meant
	}
	crosses(t, "what waits for the shop shows", func() bool {
		n, _ := p.ask(`nevermind_tasks_waiting{lane=~"work|shop"} > 0`)
		return n > 0
	})
	broken.Store(false)
	wrong.Store(nil)
	for n := range 3 {
		cancels(7 + n)
	}
	crosses(t, "the shop's work is done", func() bool {
		return figure(t, h.URL, "nevermind_hands_total", `end="done"`, `task="cancel_order"`) == 10
	})
	board := readDashboard(t)
	var drawn []drawnPanel
	crosses(t, "every panel shows something", func() bool { // a rate takes two looks
		drawn = board.draw(p, began)
		return !slices.ContainsFunc(drawn, func(d drawnPanel) bool { return d.empty() })
	})
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := dashboardDrawn.Execute(w, drawn); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(site.Close)
	b := visit(t, site.URL)
	for _, panel := range drawn {
		b.sees("page", panel.Title)
		if panel.empty() {
			t.Errorf("%s shows nothing", panel.Title)
		}
	}
	b.picture("dashboard.png", 1500, 2160, "light")
}

// forge calls as somebody does who has neither the webhook's secret nor a key.
func forge(t *testing.T, url string) {
	t.Helper()
	answer, err := http.Post(url+"/telegram/webhook", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	fetch(t, url+"/v1/cases")
}

// drawnPanel is a panel as the page shows it.
type drawnPanel struct {
	dashboardPanel
	Style template.CSS
	Svg   template.HTML
	Tiles []tile
}

// empty says whether a panel shows nothing that should.
func (d *drawnPanel) empty() bool {
	late := d.Title == "Late" || d.Title == "Deadlines, how late, 99th percentile"
	return d.Svg == "" && d.Type == "timeseries" && !late
}

// tile is one value of a panel that shows values.
type tile struct {
	Name, Value string
	Color       template.CSS
}

// The page's grid, as Grafana's: 24 columns, and rows of so many pixels.
const (
	gridColumn = 60
	gridRow    = 32
)

// draw asks for every panel what it shows since a moment, and draws it.
func (d *dashboard) draw(p *prometheusServer, since time.Time) (all []drawnPanel) {
	for _, panel := range d.Panels {
		at := panel.GridPos
		one := drawnPanel{dashboardPanel: panel, Style: template.CSS(fmt.Sprintf("grid-area: %d / %d / span %d / span %d",
			at.Y+1, at.X+1, at.H, at.W))}
		var lines []promLine
		for _, target := range panel.Targets {
			lines = append(lines, p.since(target.filled("5s"), target.LegendFormat, since)...)
		}
		switch {
		case panel.Type == "stat":
			for _, l := range lines {
				one.Tiles = append(one.Tiles, panel.tile(l))
			}
		case len(lines) > 0:
			one.Svg = panel.lines(p.t, lines)
		}
		all = append(all, one)
	}
	return all
}

// tile is a series' last value in the words and colours that the file gives it.
func (p *dashboardPanel) tile(l promLine) tile {
	last := l.last()
	text := strconv.FormatFloat(last, 'g', 3, 64)
	out := tile{Name: l.name, Value: text}
	if p.FieldConfig.Defaults.Unit == "s" {
		out.Value += " s"
	}
	for _, m := range p.FieldConfig.Defaults.Mappings {
		if said, ok := m.Options[text]; ok {
			out.Value = said.Text
		}
	}
	for _, step := range p.FieldConfig.Defaults.Thresholds.Steps {
		if step.Value == nil || last >= *step.Value {
			out.Color = template.CSS(step.Color)
		}
	}
	return out
}

// units are how the file's units are written.
var units = map[string]func(float64) string{
	"ops":   func(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) + "/s" },
	"s":     func(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) + " s" },
	"bytes": func(v float64) string { return strconv.FormatFloat(v/(1<<20), 'f', 0, 64) + " MB" },
	"short": func(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) },
}

// lines draws a panel's series over time.
func (p *dashboardPanel) lines(t *testing.T, lines []promLine) template.HTML {
	t.Helper()
	values, names := make([][]float64, len(lines)), make([]string, len(lines))
	for i, l := range lines {
		values[i], names[i] = l.values, l.name
	}
	painter := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG,
		Width: p.GridPos.W*gridColumn - 20, Height: p.GridPos.H*gridRow - 40})
	o := charts.NewLineChartOptionWithData(values)
	o.Theme, o.Symbol, o.LineStrokeWidth = charts.GetTheme(charts.ThemeLight), charts.Symbol{Shape: charts.SymbolNone}, 1.5
	o.Legend.SeriesNames = names
	o.XAxis.Labels = make([]string, len(values[0]))
	for i := range o.XAxis.Labels {
		o.XAxis.Labels[i] = fmt.Sprintf("%d s", i)
	}
	o.XAxis.LabelCount = 6
	o.YAxis[0].Min = charts.Ptr(0.0)
	o.ValueFormatter = units[p.FieldConfig.Defaults.Unit]
	if err := painter.LineChart(o); err != nil {
		t.Fatal(p.Title, err)
	}
	svg, err := painter.Bytes()
	if err != nil {
		t.Fatal(p.Title, err)
	}
	return template.HTML(svg)
}

// promLine is a series over time, a value a second; where it has none, the chart has a gap.
type promLine struct {
	name   string
	values []float64
}

// last is the newest value that there is.
func (l *promLine) last() (found float64) {
	for _, v := range l.values {
		if v != charts.GetNullValue() {
			found = v
		}
	}
	return found
}

var legendLabel = regexp.MustCompile(`{{ *(\w+) *}}`)

// since is what a query answers for each second since a moment.
func (p *prometheusServer) since(query, legend string, began time.Time) (lines []promLine) {
	p.t.Helper()
	seconds := int(time.Since(began).Seconds())
	found := p.get("query_range", map[string]string{"query": query, "step": "1", "start": strconv.FormatInt(began.Unix(), 10),
		"end": strconv.FormatInt(began.Unix()+int64(seconds), 10)})
	for _, r := range found {
		l := promLine{values: slices.Repeat([]float64{charts.GetNullValue()}, seconds+1),
			name: legendLabel.ReplaceAllStringFunc(legend, func(label string) string {
				return r.Metric[legendLabel.FindStringSubmatch(label)[1]]
			})}
		for _, v := range r.Values {
			n, err := strconv.ParseFloat(fmt.Sprint(v[1]), 64)
			if err != nil {
				p.t.Fatal(err)
			}
			if !math.IsNaN(n) { // a quantile of nothing is not a number
				l.values[int(v[0].(float64))-int(began.Unix())] = n
			}
		}
		lines = append(lines, l)
	}
	return lines
}

var dashboardDrawn = template.Must(template.New("").Parse(`<!doctype html><meta charset="utf-8"><title>Nevermind</title>
<style>
body { margin: 12px; font: 13px sans-serif; background: #f4f5f5; color: #222; width: 1464px }
main { display: grid; grid-template-columns: repeat(24, 60px); grid-auto-rows: 32px }
section { margin: 3px; background: #fff; border: 1px solid #ddd; border-radius: 3px; padding: 4px 6px; overflow: hidden }
.row { background: none; border: 0; font-weight: bold }
h2 { font-size: 13px; margin: 0 0 2px; font-weight: 600 } small { font-weight: 400; color: #666 }
.tiles { display: flex; gap: 6px; height: calc(100% - 22px) }
.tile { flex: 1; color: #fff; border-radius: 3px; display: grid; place-content: center; text-align: center; font-size: 22px }
.tile span { font-size: 12px } .none { color: #666; display: grid; place-content: center; height: 80% }
</style><main>{{range .}}
<section style="{{.Style}}" class="{{.Type}}"><h2>{{.Title}} <small>{{.Description}}</small></h2>
{{if .Tiles}}<div class="tiles">{{range .Tiles}}
<div class="tile" style="background: {{.Color}}">{{.Value}}<span>{{.Name}}</span></div>{{end}}</div>
{{else if .Svg}}{{.Svg}}{{else if ne .Type "row"}}<div class="none">No data</div>{{end}}</section>{{end}}</main>`))
