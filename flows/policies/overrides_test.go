package policies

import (
	"strings"
	"testing"
	"time"

	"nevermind/bot"
)

func TestOverrides(t *testing.T) {
	p := load(t, `
overrides:
  - {seller: s-1, windows: {seller_answer: 48h}, fees: [{amount: 2 USD, note: handling}]}
  - {country: ES, withdrawal: {value: 14d, source: [law]}}
  - {country: [EU, NO], lines: whole, refunds: {card: {min: 1d, max: 14d}}}
`).Policy
	spain := p.For(&bot.Order{Country: "ES", Seller: "seller:s-1"})
	if got := spain.Windows["seller_answer"].Length; got != 48*time.Hour {
		t.Errorf("seller_answer of s-1: got %v", got)
	}
	if got := spain.Windows["withdrawal"].Length; got != 14*24*time.Hour || len(spain.Fees) != 1 ||
		spain.Choices["lines"] != "whole" || spain.Sources["windows.withdrawal"][0] != "law" {
		t.Errorf("got withdrawal %v, fees %v, lines %s, sources %v", got, spain.Fees, spain.Choices["lines"],
			spain.Sources["windows.withdrawal"])
	}
	if got := p.For(&bot.Order{Country: "NO"}).Refund("card").Max.Length; got != 14*24*time.Hour {
		t.Errorf("card in NO: got %v", got)
	}
	if us := p.For(&bot.Order{Country: "US"}); us.Choices["lines"] != "single" || !us.Windows["withdrawal"].IsZero() {
		t.Errorf("US: got lines %s, withdrawal %v", us.Choices["lines"], us.Windows["withdrawal"])
	}
}

func TestOverridesFaults(t *testing.T) {
	for file, want := range map[string]string{
		"overrides: [{windows: {seller_answer: 48h}}]":                    "this is for nobody",
		"overrides: [{seller: s-1}]":                                      "nothing is different",
		"overrides: [{country: XX, withdrawal: 14d}]":                     `there is no country "XX"`,
		"overrides: [{country: [ES, 3], withdrawal: 14d}]":                "stands where words belong",
		"overrides: [{country: ES, windows: {sellar_answer: 1d}}]":        "unknown key",
		"overrides: [{seller: s-1, refunds: {card: {min: 9d, max: 2d}}}]": "is longer than max",
		"overrides: {seller: s-1}":                                        "stands where a list belongs",
		"lines: some":                                                     "write single or whole",
		"base: amazon":                                                    "write aliexpress or ebay",
	} {
		_, err := Read([]byte(file))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", file, err, want)
		}
	}
}

func TestBases(t *testing.T) {
	for _, name := range Bases() {
		text, ok := Base(name)
		pack, err := Load(text, nil)
		if !ok || err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if pack.Policy.Name != name {
			t.Errorf("%s calls itself %s", name, pack.Policy.Name)
		}
		again, err := Load(pack.Text, nil)
		if err != nil || again.Policy.Version != pack.Policy.Version {
			t.Errorf("%s, its own text: %v", name, err)
		}
	}
	pack, err := Read([]byte("base: ebay\nname: my-shop\nwindows: {evidence: 4d}"))
	if err != nil {
		t.Fatal(err)
	}
	if p := pack.Policy; p.Name != "my-shop" || p.Choices["lines"] != "whole" || p.Windows["evidence"].Length != 96*time.Hour {
		t.Errorf("got %s, lines %s, evidence %v", p.Name, p.Choices["lines"], p.Windows["evidence"])
	}
}
