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

// said is what a query answers now, for a table: the first of its series, with their labels, and how many more there are.
func (p *prometheusServer) said(query string) string {
	p.t.Helper()
	answer, err := http.Get(p.url + "/api/v1/query?" + url.Values{"query": {query}}.Encode())
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	var found struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  []any
			}
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		p.t.Fatal(err)
	}
	const most = 3
	var all []string
	for i, r := range found.Data.Result {
		if i == most {
			all = append(all, fmt.Sprintf("and %d more", len(found.Data.Result)-most))
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
	raw, err := os.ReadFile("../../deploy/grafana/nevermind.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(raw, &board); err != nil {
		t.Fatal(err)
	}
	asked, table := 0, ""
	fill := strings.NewReplacer("$__rate_interval", "1m", "$instance", ".*")
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			asked++
			query := fill.Replace(target.Expr)
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
const dashboardPage = `# The dashboard, asked

What each query of [deploy/grafana/nevermind.json](../deploy/grafana/nevermind.json) has answered, asked of a real Prometheus
that watches a real server, after one order was cancelled over a fake Telegram; ` + "`TestDashboard -update`" + ` writes this. No
Grafana could be had where this was written (Debian has no package of it, and the Go proxy does not hand it out), so how its
panels look was not seen.

| panel | query | answer |
|---|---|---|
`

// row is a line of that table.
func row(title, query, answer string) string {
	cell := func(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
	return fmt.Sprintf("| %s | `%s` | %s |\n", title, cell(query), cell(answer))
}
