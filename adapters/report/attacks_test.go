package report

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"nevermind/bot"
)

// TestNamesAreNoFormulas: a seller's name in the CSV is never read as a formula by a spreadsheet (CSV injection).
func TestNamesAreNoFormulas(t *testing.T) {
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1",
		"＝1+1", "＋1", "－1", "＠x", "s-1\n=1", "s-1\t=1"} {
		var out bytes.Buffer
		r := &bot.Report{By: map[string][]bot.ReportGroup{titles[0].by: {{Name: name}}}}
		if err := CSV(&out, r); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := rows[len(rows)-1][1]; !strings.HasPrefix(got, "'") {
			t.Errorf("%q stands in the sheet as %q", name, got)
		}
	}
	if got := plain("s-1 = Lumen"); got != "s-1 = Lumen" {
		t.Errorf("a plain name became %q", got)
	}
}
