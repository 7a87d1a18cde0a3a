package draw

import (
	"encoding/xml"
	"io"
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
	got := dot(&flow)
	for _, want := range []string{
		`"awaiting_seller" [label="awaiting seller" class="state is-awaiting_seller"]`,
		`"opening" [label="opening" class="state first is-opening"]`,
		`"refunded" [label="refunded" class="end is-refunded"]`,
		`"awaiting_seller" -> "refunded" [tooltip="seller accepted, seller silent" class="from-awaiting_seller"]`,
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

// TestSVG draws at the same time from several sides, as several pages do.
func TestSVG(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			svg, err := SVG(t.Context(), &flow)
			if err != nil {
				t.Error(err)
				return
			}
			if err := wellFormed(svg); err != nil {
				t.Errorf("not well formed: %v\n%s", err, svg)
			}
			for _, want := range []string{`class="node state is-awaiting_seller"`, `class="edge from-awaiting_seller"`, "<title>seller accepted, seller silent</title>"} {
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
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
