package report

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

// aReport is a small one, in which names are hostile.
func aReport() *bot.Report {
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	group := func(name string) bot.ReportGroup {
		return bot.ReportGroup{
			Name: name, Asked: 10, Answered: 8, Agreed: 5, Refunded: 4, Arrived: 3,
			Left: []bot.ReportLeft{
				{After: "asked", Why: "open", N: 2}, {After: "answered", Why: "withdrawn", N: 3},
				{After: "agreed", Why: "nothing_owed", N: 1}, {After: "refunded", Why: "on_its_way", N: 1},
			},
			AnsweredBy: map[string]int{"seller": 6, "silence": 2}, AgreedBy: map[string]int{"seller": 3, "silence": 2},
			Seller: bot.ReportSeller{
				Asked: 9, Answers: map[string]int{"agreed": 3, "refused": 3}, Took: bot.ReportTimes{N: 6, Half: 3.25, Nine: 50}, Silent: 2,
				OddCodes: 1, Reversed: 1,
			},
			Support: bot.ReportSupport{Cases: 3, Decided: 2, Late: 1, First: bot.ReportTimes{N: 3, Half: 0.5, Nine: 2}},
			Refunds: map[string]bot.ReportRefunds{"card": {
				Sent: 4, Arrived: 3, Arriving: bot.ReportTimes{N: 3, Half: 120, Nine: 400}, Sums: []string{"99.60 USD"},
			}},
			Satisfaction: map[bot.Party]bot.ReportSatisfaction{
				bot.Buyer: {Asked: 4, Answered: 2, Good: 1, Bad: 1, Sentences: 1}, bot.Seller: {Asked: 3, Answered: 3, Good: 2, Fair: 1},
			},
		}
	}
	return &bot.Report{
		Said: []bot.ReportSentence{{At: from, By: bot.Buyer, Rating: "bad", Order: "81000001", Text: "=1+1 <script>alert(2)</script>"}},
		From: &from, Made: from.AddDate(0, 1, 0), All: group(""), By: map[string][]bot.ReportGroup{
			"week": {group("2026-W45"), group("2026-W46")}, "reason": {group("not_needed"), group(`<script>alert("x")</script>`)},
			"seller": {group("s-1"), group(`<img src=x onerror=alert(1)>&`), group("=HYPERLINK(1)")},
		},
	}
}

// TestNamesAreEscaped: a seller's id or a reason is the shop's, so it is text wherever it stands, in drawings too; and the page
// asks for nothing from elsewhere and runs nothing.
func TestNamesAreEscaped(t *testing.T) {
	var out bytes.Buffer
	if err := HTML(&out, aReport()); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, bad := range []string{"<script", "<img", "javascript:", "@import", "url("} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if found := regexp.MustCompile(`(?:src|href)="[^"]*"`).FindString(text); found != "" {
		t.Errorf("the page leads elsewhere: %s", found)
	}
	if n := strings.Count(text, "<svg"); n != 3 {
		t.Errorf("the page has %d charts, want 3", n)
	}
	if !strings.Contains(text, "&lt;img src=x") || !strings.Contains(text, "alert(") {
		t.Error("the names are not on the page at all")
	}
	if folder := os.Getenv("NEVERMIND_REPORT"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, "report.html"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCSV: a line for each figure, which a sheet reads as text and numbers and never as a formula.
func TestCSV(t *testing.T) {
	var out bytes.Buffer
	if err := CSV(&out, aReport()); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, l := range lines {
		got[l[0]+" "+l[1]+" "+l[2]] = l[3]
		if strings.HasPrefix(l[1], "=") {
			t.Errorf("a sheet would reckon %s", l[1])
		}
	}
	for name, want := range map[string]string{
		"by group figure": "value", "all  asked": "10", "week 2026-W46 arrived": "3", "all  left.answered.withdrawn": "3",
		"seller s-1 seller.took.half_hours": "3.25", "all  refunds.card.sum.USD": "99.60", "all  satisfaction.buyer.good": "1",
		"week 2026-W45 satisfaction.seller.fair": "1", "said by buyer 81000001 said.badly": "'=1+1 <script>alert(2)</script>",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

// TestText: what a terminal shows.
func TestText(t *testing.T) {
	var out bytes.Buffer
	if err := Text(&out, aReport()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Requests made from 1 November 2026, 00:00 to 1 December 2026, 00:00 (UTC).", "answered", "8 (80%)",
		"no further: withdrawn by the buyer", "half within 3.2 h, nine in ten within 2.1 d (6)",
		"50% say it was handled well; 2 of 4 have answered (50%)",
		"By seller", "67% of 3", "buyer, badly  order 81000001  \u2068=1+1 <script>",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
