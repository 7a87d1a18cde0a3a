package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestUnderstand shows what the command promises of each line.
func TestUnderstand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		text string
		want understood
	}{
		{nil, "cancel order 8123456789012345", understood{Act: "cancel_order", Orders: []string{"8123456789012345"}}},
		{nil, "please do not cancel my order", understood{}},
		{[]string{"--language", "es"}, "¿dónde está mi pedido 8123456789012345?",
			understood{Act: "order_status", Orders: []string{"8123456789012345"}}},
		{nil, "how cancel refund", understood{Ask: []string{"refund_policy", "cancel_order"}}},
		{nil, "i entered the wrong address", understood{Also: "change_order"}},
		{nil, "what is the capital of peru", understood{}},
		{[]string{"--state", asksReason}, "me equivoqué de talla", understood{Reasons: []string{"wrong_item"}}},
		{[]string{"--state", asksReason}, "i want to talk to a human", understood{Act: "human_agent"}},
	} {
		r := command(t, c.text+"\n", append([]string{"understand"}, c.args...)...)
		r.want(t, exitDone)
		var got understood
		if err := json.Unmarshal([]byte(r.out), &got); err != nil {
			t.Fatalf("%q: %v", r.out, err)
		}
		if got.Text != c.text || got.Act != c.want.Act || got.Also != c.want.Also || !slices.Equal(got.Ask, c.want.Ask) ||
			!slices.Equal(got.Orders, c.want.Orders) || !slices.Equal(got.Reasons, c.want.Reasons) {
			t.Errorf("%q: got %s, want %+v", c.text, strings.TrimSpace(r.out), c.want)
		}
	}
}
