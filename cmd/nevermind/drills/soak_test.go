package drills

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/telegram/telegramtest"
)

// soaked is what was looked at in one moment of a soak.
type soaked struct {
	at                                       time.Duration
	held, mapped, goroutines, files, storeMB float64
	steps                                    int
}

// TestSoak lets people walk through the dialogue at a steady pace, against the server as people have it and a fake Telegram, and
// looks at it every so often. What it holds of memory, goroutines and open files must not grow, and a step must not take more
// and more of the file. NEVERMIND_SOAK=1h is how long, NEVERMIND_SOAK_RATE=200 how many steps a second.
func TestSoak(t *testing.T) {
	onlyInCI(t)
	most, rate, people := 15*time.Second, 50, 50
	if text := os.Getenv("NEVERMIND_SOAK"); text != "" {
		var err error
		most, err = time.ParseDuration(text)
		must(t, err)
		rate, people = 200, 200
	}
	if text := os.Getenv("NEVERMIND_SOAK_RATE"); text != "" {
		var err error
		rate, err = strconv.Atoi(text)
		must(t, err)
	}
	fake := telegramtest.New()
	fake.Quiet = true
	c := newCrowd(t, fake, people) // before it starts: it sets what the fake does
	c.longest = patience           // a busy machine is slow, and no slower for that
	fake.Start()
	t.Cleanup(fake.Close)
	data := filepath.Join(t.TempDir(), "data")
	l := beginAs(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--api-key", telegramtest.HouseKey, "--log", "warn",
		"--telegram-token", fake.Token, "--telegram-api", fake.URL(), "--telegram-rate", "0", "--telegram-chat-rate", "0")
	h := &telegramtest.House{T: t, Fake: fake, URL: l.up(t), Log: &l.errs}
	settle(h, c)

	every := min(max(most/30, time.Second/2), time.Minute)
	var seen []soaked
	steps := 0
	for began := time.Now(); time.Since(began) < most && !t.Failed(); {
		n, _, _ := c.walk(every, rate)
		steps += n
		seen = append(seen, lookAt(t, l, h.URL, data, time.Since(began), steps))
	}
	t.Log("\n" + soakTable(seen))
	judge(t, seen)
	l.end(t)
}

// lookAt asks the system and the server's own metrics.
func lookAt(t *testing.T, l *life, url, data string, at time.Duration, steps int) soaked {
	t.Helper()
	kB := memory(t, l)
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", l.cmd.Process.Pid))
	must(t, err)
	answer, err := http.Get(url + "/metrics")
	must(t, err)
	defer answer.Body.Close()
	s := soaked{at: at, steps: steps, held: float64(kB["RssAnon"]) / 1024, mapped: float64(kB["RssFile"]) / 1024,
		files: float64(len(open)), storeMB: float64(size(t, data)) / (1 << 20)}
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if n, ok := strings.CutPrefix(lines.Text(), "go_goroutines "); ok {
			s.goroutines, err = strconv.ParseFloat(n, 64)
			must(t, err)
		}
	}
	return s
}

// soakTable is a line a minute at most.
func soakTable(seen []soaked) string {
	var b strings.Builder
	b.WriteString("| after | steps | held (RssAnon) | of the file mapped | goroutines | open files | the file |\n")
	b.WriteString("|---|---|---|---|---|---|---|\n")
	for _, s := range seen {
		fmt.Fprintf(&b, "| %v | %d | %.0f MB | %.0f MB | %.0f | %.0f | %.0f MB |\n", s.at.Round(time.Second), s.steps, s.held, s.mapped,
			s.goroutines, s.files, s.storeMB)
	}
	return b.String()
}

// judge fails what grows. Of the last two thirds it takes the slope that half of all pairs of looks are below (Theil and Sen), so
// no single look counts, and asks what that comes to from the first of them to the last: a third more, and a floor that is
// more than a garbage collector, a poll or a connection makes, is no noise.
func judge(t *testing.T, seen []soaked) {
	t.Helper()
	warm := seen[len(seen)/3:]
	if len(warm) < 8 {
		t.Fatalf("only %d looks", len(seen))
	}
	for what, of := range map[string]struct {
		floor float64
		value func(soaked) float64
	}{
		"MB held":      {24, func(s soaked) float64 { return s.held }},
		"goroutines":   {30, func(s soaked) float64 { return s.goroutines }},
		"open files":   {20, func(s soaked) float64 { return s.files }},
		"MB of a step": {0.02, func(s soaked) float64 { return (s.storeMB - 16) / float64(max(s.steps, 1)) }}, // new, it is 16 MB
	} {
		values := make([]float64, len(warm))
		for i, s := range warm {
			values[i] = of.value(s)
		}
		if by, most := growth(warm, values), max(median(values)/3, of.floor); by > most {
			t.Errorf("%s: grew by %.2f, from about %.2f; at most %.2f is noise", what, by, median(values), most)
		}
	}
}

// growth is what the median slope comes to over all looks.
func growth(seen []soaked, values []float64) float64 {
	var slopes []float64
	for i := range values {
		for j := range i {
			slopes = append(slopes, (values[i]-values[j])/(seen[i].at-seen[j].at).Seconds())
		}
	}
	return median(slopes) * (seen[len(seen)-1].at - seen[0].at).Seconds()
}

// TestSoakJudges: what grows is found among noise, what only swings is not.
func TestSoakJudges(t *testing.T) {
	seen := make([]soaked, 60)
	flat, leak := make([]float64, 60), make([]float64, 60)
	for i := range seen {
		seen[i].at = time.Duration(i) * time.Minute
		swing := float64(i * 37 % 23)
		flat[i], leak[i] = 60+swing, 60+swing+float64(i)
	}
	if by := growth(seen, flat); by > 10 || by < -10 {
		t.Errorf("what swings has grown by %.1f", by)
	}
	if by := growth(seen, leak); by < 50 {
		t.Errorf("what grew by 59 has grown by %.1f", by)
	}
}
