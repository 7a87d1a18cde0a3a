package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nevermind/adapters/telegram/telegramtest"
)

// prometheusServer is a real Prometheus that watches a server by the alert rules as they are, but for how long each waits, and
// over how long a time it looks: seconds instead of minutes, so that a test sees an alert end.
type prometheusServer struct {
	t   *testing.T
	url string
}

var waits = regexp.MustCompile(`(?m)^ +for: .*\n`)

// watched starts a Prometheus on a server; nil where none is installed.
func watched(t *testing.T, server string) *prometheusServer {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Log("no prometheus is installed: figures are looked at, and no rule is fired by one")
		return nil
	}
	folder, at := t.TempDir(), telegramtest.FreeAddress(t)
	rules, _ := readAlerts(t)
	rules = strings.ReplaceAll(waits.ReplaceAllString(rules, ""), `given up"}[10m]`, `given up"}[60s]`) // tried ever more rarely
	rules = strings.ReplaceAll(rules, "[10m]", "[15s]")
	if strings.Contains(rules, "m]") {
		t.Fatal("a rule looks over a time that is not ten minutes")
	}
	write(t, filepath.Join(folder, "rules.yaml"), rules)
	write(t, filepath.Join(folder, "prometheus.yaml"), "global:\n"+
		"  {scrape_interval: 300ms, scrape_timeout: 300ms, evaluation_interval: 300ms}\n"+
		"rule_files: [rules.yaml]\nscrape_configs:\n  - job_name: nevermind\n    static_configs: [{targets: ["+
		strings.TrimPrefix(server, "http://")+"]}]\n")
	cmd := exec.Command(program, "--config.file="+filepath.Join(folder, "prometheus.yaml"), "--storage.tsdb.path="+folder+"/data",
		"--web.listen-address="+at, "--log.level=warn")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	p := &prometheusServer{t, "http://" + at}
	crosses(t, "a Prometheus that watches", func() bool { n, _ := p.ask("up == 1"); return n == 1 })
	return p
}

// ask evaluates a query now: how many series it finds, and what is wrong with it.
func (p *prometheusServer) ask(query string) (series int, wrong string) {
	answer, err := http.Get(p.url + "/api/v1/query?" + url.Values{"query": {query}}.Encode())
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	var said struct {
		Error string
		Data  struct{ Result []json.RawMessage }
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		return 0, err.Error()
	}
	return len(said.Data.Result), said.Error
}

// promSeries is one series that a query has found: its labels, and its value now or over time.
type promSeries struct {
	Metric map[string]string
	Value  []any
	Values [][]any
}

// get asks the API for series.
func (p *prometheusServer) get(what string, asked map[string]string) []promSeries {
	p.t.Helper()
	form := url.Values{}
	for name, value := range asked {
		form.Set(name, value)
	}
	answer, err := http.Get(p.url + "/api/v1/" + what + "?" + form.Encode())
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	var found struct {
		Error string
		Data  struct{ Result []promSeries }
	}
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil || found.Error != "" {
		p.t.Fatal(asked["query"], ": ", found.Error, err)
	}
	return found.Data.Result
}

// said is what a query answers now, for a table: the first of its series, with their labels, and how many more there are.
func (p *prometheusServer) said(query string) string {
	p.t.Helper()
	found := p.get("query", map[string]string{"query": query})
	const most = 3
	var all []string
	for i, r := range found {
		if i == most {
			all = append(all, fmt.Sprintf("and %d more", len(found)-most))
			break
		}
		labels := []string{}
		for _, name := range slices.Sorted(maps.Keys(r.Metric)) {
			if name != "__name__" && name != "instance" && name != "job" {
				labels = append(labels, name+"="+r.Metric[name])
			}
		}
		all = append(all, strings.TrimSpace(fmt.Sprint(strings.Join(labels, " "), " ", shortNumber(r.Value[1]))))
	}
	return cmp.Or(strings.Join(all, "; "), "nothing: all is well")
}

// shortNumber is a value with three digits that matter.
func shortNumber(v any) string {
	n, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if err != nil {
		return fmt.Sprint(v)
	}
	return strconv.FormatFloat(n, 'g', 3, 64)
}

// fires waits until an alert does, while something goes on.
func (p *prometheusServer) fires(alert string, while ...func()) {
	if p == nil {
		return
	}
	p.t.Helper()
	crosses(p.t, alert+" fires", func() bool {
		for _, do := range while {
			do()
		}
		n, _ := p.ask(`ALERTS{alertstate="firing",alertname="` + alert + `"}`)
		return n > 0
	})
}

// ends waits until an alert does not fire any more, while something goes on.
func (p *prometheusServer) ends(alert string, while ...func()) {
	if p == nil {
		return
	}
	p.t.Helper()
	crosses(p.t, alert+" ends", func() bool {
		for _, do := range while {
			do()
		}
		n, wrong := p.ask(`ALERTS{alertstate="firing",alertname="` + alert + `"}`)
		return n == 0 && wrong == ""
	})
}

// dashboard is deploy/grafana/nevermind.json.
type dashboard struct{ Panels []dashboardPanel }

type dashboardPanel struct {
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Targets                  []dashboardTarget
	FieldConfig              struct {
		Defaults struct {
			Unit     string
			Mappings []struct {
				Options map[string]struct{ Text string }
			}
			Thresholds struct {
				Steps []struct {
					Color string
					Value *float64
				}
			}
		}
	}
}

type dashboardTarget struct{ Expr, LegendFormat string }

// filled is a panel's query with what Grafana puts in place of its variables.
func (q *dashboardTarget) filled(rateInterval string) string {
	return strings.NewReplacer("$__rate_interval", rateInterval, "$instance", ".*").Replace(q.Expr)
}

func readDashboard(t *testing.T) (d dashboard) {
	t.Helper()
	raw, err := os.ReadFile("../../deploy/grafana/nevermind.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// quiet are the panels on which nothing shows while all is well.
var quiet = []string{"Trouble with platforms", "The shop's answers", "Deadlines, how late, 99th percentile",
	"Presses and words that moved nothing", "Late", "Waiting"}

// TestDashboard asks a real Prometheus every query of the dashboard, after an order was cancelled: each is answered, and shows
// something where something has happened.
func TestDashboard(t *testing.T) {
	t.Parallel()
	h := onTelegram(t, webhookMode)
	p := watched(t, h.URL)
	if p == nil {
		t.Skip("there is no prometheus to ask")
	}
	h.Cancelled("8123456789012345")
	board := readDashboard(t)
	asked, table := 0, ""
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			asked++
			query := target.filled("1m")
			if slices.Contains(quiet, panel.Title) {
				if _, wrong := p.ask(query); wrong != "" {
					t.Errorf("%s: %s: %s", panel.Title, query, wrong)
				}
				table += row(panel.Title, target.Expr, p.said(query))
				continue
			}
			crosses(t, panel.Title+" shows something: "+query, func() bool {
				n, wrong := p.ask(query)
				if wrong != "" {
					t.Fatalf("%s: %s: %s", panel.Title, query, wrong)
				}
				return n > 0
			})
			table += row(panel.Title, target.Expr, p.said(query))
		}
	}
	if asked < 20 {
		t.Errorf("the dashboard asks %d queries", asked)
	}
	if *update {
		write(t, "../../docs/dashboard.md", dashboardPage+table)
	}
}

// dashboardPage stands above the table of what the dashboard's queries answer.
const dashboardPage = `# The dashboard

[deploy/grafana/nevermind.json](../deploy/grafana/nevermind.json), drawn from what a real Prometheus has answered
(` + "`make dashboard`" + `): a server on which ten orders are cancelled over a fake Telegram; in the middle the shop answers 500,
Telegram asks to slow down, and somebody calls without a key.

![Every panel of the dashboard: what works, what people do, what waits, platforms and shop, how fast](dashboard.png)

**This is not Grafana**: none could be had where it was written. Where each panel stands, what it asks and its units are the
file's; how it is drawn is the test's, so what Grafana makes of colours and lines was not seen.

## Each query, asked

After one order was cancelled and nothing was wrong:

| panel | query | answer |
|---|---|---|
`

// row is a line of that table.
func row(title, query, answer string) string {
	cell := func(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
	return fmt.Sprintf("| %s | `%s` | %s |\n", title, cell(query), cell(answer))
}
