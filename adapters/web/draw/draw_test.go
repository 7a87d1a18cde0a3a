package draw

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"

	"nevermind/bot"
)

var flow = bot.Flow{Name: "case", First: "opening", States: bot.States{
	"opening":         {Then: bot.Moves{"submitted": bot.Go("awaiting_seller"), "reminded": bot.Stay()}},
	"awaiting_seller": {Then: bot.Moves{"seller_accepted": bot.Go("refunded"), "seller_silent": bot.Go("refunded")}},
	"refunded":        {},
	"overtaken":       {},
}, Always: bot.Moves{"order_cancelled": bot.Go("overtaken"), "helped": bot.Stay(), "accepted": bot.Go("refunded")}}

func TestDot(t *testing.T) {
	got := writeDot(&flow, "awaiting_seller", nil)
	for _, want := range []string{
		`"awaiting_seller" [label="awaiting\nseller" class="state lit is-awaiting_seller"]`,
		`"opening" [label="opening" class="state first is-opening"]`,
		`"refunded" [label="refunded" class="end is-refunded"]`,
		`"awaiting_seller" -> "refunded" [tooltip="seller accepted, seller silent" class="from-awaiting_seller lit"]`,
		`"anywhere" -> "overtaken" [tooltip="order cancelled" class="from-anywhere"]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("dot: %s is missing in\n%s", want, got)
		}
	}
	for _, unwanted := range []string{"reminded", "helped", `"anywhere" -> "refunded"`} {
		if strings.Contains(got, unwanted) {
			t.Errorf("dot: %s should be left out of\n%s", unwanted, got)
		}
	}
}

// TestMainArrows: an event that many states hear is drawn only where it is the first way to a state, or lit.
func TestMainArrows(t *testing.T) {
	f := bot.Flow{First: "a", States: bot.States{"end": {}, "odd": {}}}
	for _, s := range []string{"a", "b", "c", "d"} {
		f.States[s] = bot.State{Then: bot.Moves{"left": bot.Go("end"), "to_" + s: bot.Go("odd")}}
	}
	f.States["a"].Then["on"] = bot.If(nil, "b").Else("c").Else("d")
	for lit, want := range map[string]bool{"": false, "c": false, "d": true} {
		if got := strings.Contains(writeDot(&f, lit, nil), `"d" -> "end"`); got != want {
			t.Errorf("with %q lit, the common arrow from d is drawn: %v, want %v", lit, got, want)
		}
	}
	if got := writeDot(&f, "", nil); !strings.Contains(got, `"a" -> "end"`) || !strings.Contains(got, `"d" -> "odd"`) {
		t.Errorf("the first way to a state or a rare event is missing in\n%s", got)
	}
}

// TestStatesStayWhereTheyAre whichever is lit: who watches a case does not look for its states anew.
func TestStatesStayWhereTheyAre(t *testing.T) {
	at := func(state string) string {
		svg, err := SVG(t.Context(), &flow, state)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(regexp.MustCompile(`<text[^>]*>[a-z ]+`).FindAllString(string(svg), -1), "\n")
	}
	if a, b := at("opening"), at("refunded"); a != b || a == "" {
		t.Errorf("states moved:\n%s\n%s", a, b)
	}
}

// TestSVG draws at the same time from several sides, as several pages do.
func TestSVG(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			svg, err := SVG(t.Context(), &flow, "awaiting_seller")
			if err != nil {
				t.Error(err)
				return
			}
			if err := wellFormed(svg); err != nil {
				t.Errorf("not well formed: %v\n%s", err, svg)
			}
			for _, want := range []string{`class="node state lit is-awaiting_seller"`, `class="edge from-awaiting_seller lit"`, "<title>seller accepted, seller silent</title>"} {
				if !strings.Contains(string(svg), want) {
					t.Errorf("drawing: %s is missing in\n%s", want, svg)
				}
			}
			if strings.Contains(string(svg), "<a ") || strings.Contains(string(svg), " width=") {
				t.Errorf("drawing has links or a size of its own:\n%s", svg)
			}
		})
	}
	all.Wait()
}

func wellFormed(doc []byte) error {
	d := xml.NewDecoder(strings.NewReader(string(doc)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
