package policies

import (
	"strings"
	"testing"
)

func TestGaps(t *testing.T) {
	for file, want := range map[string]string{
		"windows: {seller_answer: 30m}": "windows.shop_answer 1h is " +
			"longer than windows.seller_answer 30m",
		"windows: {talk_idle: 2h}": "windows.letter_answer 1d is " +
			"longer than windows.talk_idle 2h",
		"overrides: [{seller: s-1, windows: {seller_answer: 10m}}]": "overrides[0]: " +
			"windows.shop_answer 1h is longer than windows.seller_answer 10m",
		"overrides: [{country: ES, withdrawal: 14d}, {country: [PT, ES], lines: whole}]": "overrides[1]: an earlier " +
			"override is for the same seller and country",
		"overrides: [{seller: s-1, lines: whole}]": "windows.withdrawal is none for " +
			"AT, BE,",
		"overrides: [{country: EU, withdrawal: 14d}, {country: FR, withdrawal: none}]":             "",
		"overrides: [{country: EU, withdrawal: 14d}, {seller: s-1, withdrawal: none}]":             "",
		"claims: [{question: Q1, about: windows.seller_answer, says: a day, source: [our terms]}]": "claims: Q1 has one claim only",
	} {
		got := strings.Join(Gaps(load(t, file).Policy), "\n")
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
	for _, name := range Bases() {
		text, _ := Base(name)
		pack, err := Load(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := Gaps(pack.Policy); len(got) > 0 {
			t.Errorf("%s: got %q, want none", name, got)
		}
	}
}
