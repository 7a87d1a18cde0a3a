package drawing

import (
	"strings"
	"testing"

	"nevermind/bot"
)

var flow = bot.Flow{Name: "case", First: "opening", States: bot.States{
	"opening":         {Then: bot.Moves{"submitted": bot.Go("awaiting_seller"), "reminded": bot.Stay()}},
	"awaiting_seller": {Then: bot.Moves{"seller_accepted": bot.Go("refunded"), "seller_silent": bot.Go("refunded")}},
	"refunded":        {},
	"overtaken":       {},
}, Always: bot.Moves{"order_cancelled": bot.Go("overtaken"), "helped": bot.Stay(), "accepted": bot.Go("refunded")}}

func TestPicture(t *testing.T) {
	got := Picture(&flow, map[string]string{"opening": "1.5,20"})
	for _, want := range []string{
		`"awaiting_seller" [label="awaiting\nseller" class="state is-awaiting_seller"]`,
		`"opening" [label="opening" class="state first is-opening" pos="1.5,20!"]`,
		`"refunded" [label="refunded" class="end is-refunded"]`,
		`"awaiting_seller" -> "refunded" [tooltip="accepted, seller accepted, seller silent" class="from-awaiting_seller ` +
			`awaiting_seller--accepted--refunded awaiting_seller--seller_accepted--refunded awaiting_seller--seller_silent--refunded"]`,
		`"opening" -> "refunded" [tooltip="accepted" class="aside opening--accepted--refunded"]`,
		`"anywhere" -> "overtaken" [tooltip="order cancelled" class="from-anywhere anywhere--order_cancelled--overtaken"]`,
		`"opening" -> "overtaken" [tooltip="order cancelled" class="aside opening--order_cancelled--overtaken"]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in\n%s", want, got)
		}
	}
	for _, unwanted := range []string{"reminded", "helped", `"anywhere" -> "refunded"`} {
		if strings.Contains(got, unwanted) {
			t.Errorf("%s should be left out of\n%s", unwanted, got)
		}
	}
	if got := Layout(&flow); strings.Contains(got, "aside") || !strings.Contains(got, `"opening" -> "awaiting_seller"`) {
		t.Errorf("a layout is made from the main arrows alone:\n%s", got)
	}
}

// TestMainArrows: an event that many states hear is always shown only where it is the first way to a state.
func TestMainArrows(t *testing.T) {
	f := bot.Flow{First: "a", States: bot.States{"end": {}, "odd": {}}}
	for _, s := range []string{"a", "b", "c", "d"} {
		f.States[s] = bot.State{Then: bot.Moves{"left": bot.Go("end"), "to_" + s: bot.Go("odd")}}
	}
	f.States["a"].Then["on"] = bot.If(nil, "b").Else("c").Else("d")
	got := Layout(&f)
	for arrow, want := range map[string]bool{`"d" -> "end"`: false, `"a" -> "end"`: true, `"d" -> "odd"`: true} {
		if strings.Contains(got, arrow) != want {
			t.Errorf("%s is always shown: want %v in\n%s", arrow, want, got)
		}
	}
	if got := Picture(&f, nil); !strings.Contains(got, `"d" -> "end" [tooltip="left" class="from-d aside d--left--end"]`) {
		t.Errorf("a common arrow is no way out of its state in\n%s", got)
	}
}
