package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"nevermind/adapters/shop/hook/hooktest"
	"nevermind/adapters/telegram/telegramtest"
)

// alertRules are deploy/prometheus/nevermind.rules.yaml.
type alertRules struct {
	Groups []struct {
		Rules []struct {
			Alert, Expr string
			Annotations map[string]string
		}
	}
}

func readAlerts(t *testing.T) (text string, rules alertRules) {
	t.Helper()
	raw, err := os.ReadFile("../../deploy/prometheus/nevermind.rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &rules); err != nil || len(rules.Groups) != 1 {
		t.Fatalf("%d groups (%v)", len(rules.Groups), err)
	}
	return string(raw), rules
}

var ownMetric = regexp.MustCompile(`\bnevermind_[a-z_]+`)

// TestAlertsAndDashboard: what they ask for exists, and every alert has its section in the runbook.
func TestAlertsAndDashboard(t *testing.T) {
	t.Parallel()
	exist := []string{"nevermind_build_info"}
	for _, m := range counters {
		exist = append(exist, "nevermind_"+m.name)
	}
	for _, m := range histograms {
		exist = append(exist, "nevermind_"+m.name+"_bucket", "nevermind_"+m.name+"_count", "nevermind_"+m.name+"_sum")
	}
	for _, d := range gaugeNames() {
		exist = append(exist, "nevermind_"+d)
	}
	alerts, rules := readAlerts(t)
	board, err := os.ReadFile("../../deploy/grafana/nevermind.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{alerts, string(board)} {
		for _, name := range ownMetric.FindAllString(text, -1) {
			if !slices.Contains(exist, name) {
				t.Errorf("there is no metric %s", name)
			}
		}
	}
	runbook, err := os.ReadFile("../../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.Groups[0].Rules {
		if !strings.Contains(string(runbook), "\n## "+r.Alert+"\n") ||
			r.Annotations["runbook"] != "docs/runbook.md#"+strings.ToLower(r.Alert) {
			t.Errorf("%s has no section in docs/runbook.md, or does not name it", r.Alert)
		}
	}
}

// figure adds up what /metrics says of a metric with some labels; 0 where it says nothing.
func figure(t *testing.T, url, name string, labels ...string) (sum float64) {
	t.Helper()
	_, text := fetch(t, url+"/metrics")
lines:
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		for _, l := range labels {
			if !strings.Contains(rest, l) {
				continue lines
			}
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(rest[strings.LastIndexByte(rest, ' '):]), 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += v
	}
	return sum
}

// crosses waits until a figure is as an alert has it, or as it is when all is well.
func crosses(t *testing.T, what string, holds func() bool) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); !holds(); <-look.C {
		if time.Now().After(end) {
			t.Fatal("never: ", what)
		}
	}
}

// breakable is a fake Telegram whose calls go wrong while somebody wants it.
func breakable(t *testing.T) (*telegramtest.Server, *atomic.Pointer[func(telegramtest.Call) telegramtest.Fault]) {
	var wrong atomic.Pointer[func(telegramtest.Call) telegramtest.Fault]
	fake := telegramtest.Open(t)
	fake.Fault = func(c telegramtest.Call) telegramtest.Fault {
		if f := wrong.Load(); f != nil {
			return (*f)(c)
		}
		return telegramtest.Fault{}
	}
	return fake, &wrong
}

// only is a fault of one method.
func only(method string, f telegramtest.Fault) *func(telegramtest.Call) telegramtest.Fault {
	fault := func(c telegramtest.Call) telegramtest.Fault {
		if c.Method == method {
			return f
		}
		return telegramtest.Fault{}
	}
	return &fault
}

// TestAlertsPlatform breaks Telegram: a revoked token (NevermindNotReady), answers of 500 (NevermindSendsFail), a message that
// it will not take (NevermindDeadLetters). Then the server is gone (NevermindDown). Each is over when it is mended.
func TestAlertsPlatform(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	fake, wrong := breakable(t)
	data := t.TempDir()
	h, s := serveTelegram(t, fake, data, pollMode)
	ana := fake.Private(telegramtest.Person{ID: 11, Name: "Ana"})
	alerts := watched(t, h.URL)
	ana.Type("hello")
	crosses(t, "a first answer", func() bool { return figure(t, h.URL, "nevermind_sends_total", `end="done"`) > 0 })

	wrong.Store(only("getUpdates", telegramtest.Fault{Code: 401, Words: "Unauthorized"}))
	ana.Type("hello") // ends the poll that waits
	crosses(t, "not ready", func() bool { return figure(t, h.URL, "nevermind_ready", `part="telegram"`) == 0 })
	alerts.fires("NevermindNotReady")
	wrong.Store(nil)
	crosses(t, "ready again", func() bool { return figure(t, h.URL, "nevermind_ready", `part="telegram"`) == 1 })
	alerts.ends("NevermindNotReady")

	wrong.Store(only("sendMessage", telegramtest.Fault{Code: 500, Words: "Internal Server Error"}))
	ana.Type("/help")
	crosses(t, "sends that fail", func() bool { return figure(t, h.URL, "nevermind_sends_total", `end="again"`) > 0 })
	alerts.fires("NevermindSendsFail")
	wrong.Store(only("sendMessage", telegramtest.Fault{Code: 400, Words: "Bad Request: not to be sent"}))
	crosses(t, "a dead letter", func() bool { return figure(t, h.URL, "nevermind_dead_letters") > 0 })
	alerts.fires("NevermindDeadLetters")
	wrong.Store(nil)
	command(t, "", "deadletter", "retry", "--all", "--why", "mended", "--data", data).want(t, exitDone)
	crosses(t, "no dead letter", func() bool { return figure(t, h.URL, "nevermind_dead_letters") == 0 })
	alerts.ends("NevermindDeadLetters")
	failed := figure(t, h.URL, "nevermind_sends_total", `end="again"`)
	sent := figure(t, h.URL, "nevermind_sends_total", `end="done"`)
	ana.Type("/help")
	crosses(t, "a send", func() bool { return figure(t, h.URL, "nevermind_sends_total", `end="done"`) > sent })
	var now float64
	crosses(t, "a figure that is there", func() bool {
		now = figure(t, h.URL, "nevermind_sends_total", `end="again"`)
		return now >= failed
	})
	if now > failed {
		t.Errorf("sends go on failing: %v, then %v", failed, now)
	}
	alerts.ends("NevermindSendsFail")
	s.stop()
	if answer, err := http.Get(h.URL + "/metrics"); err == nil {
		answer.Body.Close()
		t.Error("a server that has ended answers")
	}
	alerts.fires("NevermindDown")
	serveTelegram(t, fake, data, pollMode, "--listen", strings.TrimPrefix(h.URL, "http://"))
	alerts.ends("NevermindDown")
}

// TestAlertsTime breaks the clock and the deliveries: it jumps by a day (NevermindClockNotTrusted), so the seller's deadline
// waits (NevermindDeadlinesOverdue), and so does what Telegram never answers (NevermindTasksLate).
func TestAlertsTime(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	fake, wrong := breakable(t)
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	data := t.TempDir()
	args := []string{"--api-key", telegramtest.HouseKey, "--telegram-token", fake.Token, "--telegram-api", fake.URL(),
		"--telegram-rate", "0", "--telegram-chat-rate", "0", "--listen", telegramtest.FreeAddress(t)}
	s, log := serveBy(t, now, data, args...)
	h := &telegramtest.House{T: t, Fake: fake, URL: s.url, Log: log}
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, "8123456789012345")
	h.Await(lumen, "would like to cancel")
	crosses(t, "everything said", func() bool { return figure(t, s.url, "nevermind_tasks_late_seconds") == 0 })

	alerts := watched(t, s.url)
	wrong.Store(only("sendMessage", telegramtest.Fault{Hole: true}))
	before := len(fake.Calls("sendMessage"))
	ana.Type("/help")
	fake.Until(func() bool { return len(fake.Calls("sendMessage")) > before })
	ahead.Store(int64(25 * time.Hour))
	crosses(t, "a clock that is not trusted", func() bool { return figure(t, s.url, "nevermind_clock_trusted") == 0 })
	crosses(t, "a deadline that waits", func() bool { return figure(t, s.url, "nevermind_deadline_overdue_seconds") > 60 })
	crosses(t, "a task that waits", func() bool { return figure(t, s.url, "nevermind_tasks_late_seconds", `lane="room"`) > 120 })
	broken := []string{"NevermindClockNotTrusted", "NevermindDeadlinesOverdue", "NevermindTasksLate"}
	for _, alert := range broken {
		alerts.fires(alert)
	}

	wrong.Store(nil)
	ahead.Store(0)
	s.stop()
	s, _ = serveBy(t, now, data, args...) // the clock is right, so the server is started again, as the runbook says
	crosses(t, "a clock that is trusted", func() bool { return figure(t, s.url, "nevermind_clock_trusted") == 1 })
	crosses(t, "no deadline that waits", func() bool { return figure(t, s.url, "nevermind_deadline_overdue_seconds") == 0 })
	crosses(t, "no task that waits", func() bool { return figure(t, s.url, "nevermind_tasks_late_seconds") == 0 })
	for _, alert := range broken {
		alerts.ends(alert)
	}
}

// TestAlertsShop breaks the shop: it answers 500, then not at all (NevermindShopWorkFails, NevermindShopDoesNotListen); when it
// answers again, nothing fails any more. Strangers call besides (NevermindForged, NevermindWrongKeys).
func TestAlertsShop(t *testing.T) {
	onlyInCI(t)
	t.Parallel()
	var mode atomic.Pointer[string]
	set := func(m string) { mode.Store(&m) }
	set("broken")
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch *mode.Load() {
		case "broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "silent":
			panic(http.ErrAbortHandler)
		default:
			_, _ = w.Write([]byte(`{"outcome":"done"}`))
		}
	}))
	t.Cleanup(shop.Close)
	h := onTelegram(t, webhookMode, "--shop-webhook-url", shop.URL, "--shop-webhook-secret", hooktest.Secret)
	h.Order("8123456789012345", "b-1", "s-1", "Bamboo lamp")
	ana, lumen := h.Join(11, "buyer", "b-1", "Ana"), h.Join(22, "seller", "s-1", "Lumen House")
	h.Ask(ana, "8123456789012345")
	h.Press(lumen, "Cancel and refund 24.90 USD")
	failing := func() float64 { return figure(t, h.URL, "nevermind_hands_total", `end="again"`) }
	crosses(t, "a refused webhook", func() bool {
		return failing() > 0 && figure(t, h.URL, "nevermind_webhooks_total", `answer="refused"`) > 0
	})
	alerts := watched(t, h.URL)
	set("silent")
	crosses(t, "no answer", func() bool { return figure(t, h.URL, "nevermind_webhooks_total", `answer="no answer"`) > 0 })
	alerts.fires("NevermindShopWorkFails")
	alerts.fires("NevermindShopDoesNotListen")
	set("well")
	crosses(t, "the shop's work done", func() bool {
		return figure(t, h.URL, "nevermind_hands_total", `end="done"`, `task="cancel_order"`) > 0 &&
			figure(t, h.URL, "nevermind_tasks_late_seconds", `lane="work"`) == 0
	})
	alerts.ends("NevermindShopWorkFails")
	alerts.ends("NevermindShopDoesNotListen")

	strangers := func() {
		answer, err := http.Post(h.URL+"/telegram/webhook", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		fetch(t, h.URL+"/v1/cases")
	}
	for range 25 {
		strangers()
	}
	crosses(t, "forged requests", func() bool { return figure(t, h.URL, "nevermind_forged_total", `adapter="telegram"`) > 10 })
	crosses(t, "wrong keys", func() bool { return figure(t, h.URL, "nevermind_rest_total", `status="401"`) > 20 })
	alerts.fires("NevermindForged", strangers)
	alerts.fires("NevermindWrongKeys", strangers)
	alerts.ends("NevermindForged")
	alerts.ends("NevermindWrongKeys")
}

// onlyInCI leaves out what takes its time: what waits for an alert, and whole servers on PostgreSQL.
func onlyInCI(t *testing.T) {
	t.Helper()
	if os.Getenv("CI") == "" {
		t.Skip("played in CI: CI=true go test ./cmd/nevermind")
	}
}
