package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"nevermind/bot"
	"nevermind/flows"
)

var update = flag.Bool("update", false, "write flows/README.md anew")

func TestFlowsReadme(t *testing.T) {
	t.Parallel()
	const name = "../../flows/README.md"
	want := command(t, "", "flows")
	want.want(t, exitDone)
	if *update {
		if err := os.WriteFile(name, []byte(want.out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, []byte(want.out)) {
		t.Errorf("%s is not what the flows say; write it anew: make docs", name)
	}
}

func TestFlowsFormats(t *testing.T) {
	t.Parallel()
	r := command(t, "", "flows", "--format", "json")
	r.want(t, exitDone)
	var drawn []flowDrawn
	if err := json.Unmarshal([]byte(r.out), &drawn); err != nil {
		t.Fatal(err)
	}
	for i, f := range flows.All().All {
		if drawn[i].Name != f.Name || len(drawn[i].States) != len(f.States) {
			t.Errorf("flow %d: got %s with %d states, want %s with %d", i, drawn[i].Name, len(drawn[i].States), f.Name, len(f.States))
		}
	}
	home := flows.All().Home
	command(t, "", "flows", "--format", "mermaid", home).want(t, exitDone, "stateDiagram-v2", "[*] --> ")
	command(t, "", "flows", home).want(t, exitDone, "## "+home)
}

func TestDraw(t *testing.T) {
	f := &bot.Flow{
		Name: "tea", About: "Making tea.", First: "asking", Talk: true, Title: "Tea",
		After:  bot.Waits{{Full: "patience", Event: "time_passed"}},
		Always: bot.Moves{"time_passed": bot.Go("given_up").Rules("S10")},
		States: bot.States{
			"asking": {
				Tell:  bot.To{bot.Here: "Tea?\nOr not?"},
				Offer: bot.Offers{bot.Buyer: {{Event: "wanted", Label: "Yes", Once: true}}},
				Then: bot.Moves{
					"wanted":  bot.If(&bot.Cond{Name: "there is tea"}, "drinking").Else("given_up"),
					"doubted": bot.Stay().Saying(bot.To{bot.Buyer: "Take your time."}),
					"helped":  bot.Begin("help"),
				},
			},
			"drinking": {Tell: bot.To{bot.Here: "Enjoy."}, Rules: []string{"S11"}},
			"given_up": {},
		},
	}
	policy := &bot.Policy{Windows: map[string]bot.Window{"patience": {Length: 90 * 60e9}}}
	var out bytes.Buffer
	markdownFlow(&out, drawFlow(f, policy))
	for _, want := range []string{
		"## tea\n\nMaking tea.\n", "    [*] --> asking\n", "asking --> drinking: wanted [there is tea]\n", "asking --> given_up: wanted\n",
		"drinking --> [*]\n", `state "▸ help" as begin_help`, "- ⏳ after `patience` (1h30m): `time_passed`\n",
		"- `time_passed` → **given_up** (S10)\n", "> Tea?\n> Or not?\n", "- Buyer may press **Yes** → `wanted`, once\n",
		"- `wanted` → **drinking** if there is tea, else **given_up**\n", "- `doubted` stays\n  - Buyer hears: “Take your time.”\n",
		"- `helped` → begins [help](#help)\n", "An end. Rules (S11).",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the drawing does not say %q:\n%s", want, out.String())
		}
	}
}

func TestLasts(t *testing.T) {
	for want, w := range map[string]bot.Window{
		"":                {},
		"24h":             {Length: 24 * 3600e9},
		"7 days":          {Length: 7 * 24 * 3600e9},
		"1m30s":           {Length: 90e9},
		"10m":             {Length: 600e9},
		"1h30m":           {Length: 5400e9},
		"30s":             {Length: 30e9},
		"3 business days": {BusinessDays: 3},
	} {
		if got := lasts(w); got != want {
			t.Errorf("%+v: got %q, want %q", w, got, want)
		}
	}
}
