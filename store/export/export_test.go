package export

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"nevermind/adapters/shop"
	"nevermind/bot"
)

// orderLine is an order's line as one type: what joined puts together.
type orderLine struct {
	Kind string `json:"kind"`
	shop.Order
	orderTail
}

func shopShape(o bot.Order) any { return shop.NewOrder(o) }

// shapes are what each kind of line is read into.
var shapes = map[string]any{
	"export": &headLine{}, "order": &orderLine{}, "person": &personLine{}, "conversation": &conversationLine{},
	"deadline": &deadlineLine{}, "journal": &entryLine{}, "outbox": &taskLine{}, "dead_letter": &taskLine{},
	"done": &taskLine{}, "message": &messageLine{}, "policy": &policyLine{}, "end": &endLine{},
}

var exportExample = regexp.MustCompile("```json\n(.*)\n```")

// TestExportIsDocumented holds docs/export.md against the shapes: each example is just what would be written, and every
// field is in an example or named.
func TestExportIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	seen, named := map[string]bool{}, ""
	for _, section := range strings.Split(string(doc), "\n### ")[1:] {
		kind, text, _ := strings.Cut(section, "\n")
		if shapes[kind] == nil {
			t.Errorf("%s is documented and never written", kind)
			continue
		}
		seen[kind] = true
		words, _, found := strings.Cut(text, "```json")
		if named += words; !found {
			t.Errorf("%s has no example", kind)
		}
		for _, example := range exportExample.FindAllStringSubmatch(text, -1) {
			named += "`" + strings.Join(keysOf(t, example[1]), "` `") + "`"
			checkExample(t, kind, example[1])
		}
	}
	for kind, shape := range shapes {
		if !seen[kind] {
			t.Errorf("%s is not documented", kind)
		}
		for _, field := range fieldsOf(reflect.TypeOf(shape)) {
			if !strings.Contains(named, "`"+field+"`") {
				t.Errorf("%s: its field %s is not documented", kind, field)
			}
		}
	}
}

// keysOf lists every key in a JSON text.
func keysOf(t *testing.T, text string) (keys []string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`"(\w+)":`).FindAllStringSubmatch(text, -1) {
		keys = append(keys, m[1])
	}
	return keys
}

// fieldsOf lists the names of a type's JSON fields, however deep.
func fieldsOf(t reflect.Type) (fields []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			fields = append(fields, name)
		}
		fields = append(fields, fieldsOf(f.Type)...)
	}
	return slices.Compact(fields)
}

// checkExample reads an example strictly and writes it again.
func checkExample(t *testing.T, kind, example string) {
	line := reflect.New(reflect.TypeOf(shapes[kind]).Elem()).Interface()
	in := json.NewDecoder(strings.NewReader(example))
	in.DisallowUnknownFields()
	if err := in.Decode(line); err != nil {
		t.Errorf("%s: the example has what is never written: %v", kind, err)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(line); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(out.String()); got != example {
		t.Errorf("%s: the example would be written as\n%s", kind, got)
	}
}

// TestExportHoldsNoTokens: whoever reads an export cannot press.
func TestExportHoldsNoTokens(t *testing.T) {
	const token = "canary-token"
	offers := []bot.Offer{{Token: token, Event: "withdrawn", Facts: bot.Facts{"a": "b"}}}
	form := bot.Facts{"form_offer": token, "order": "1"}
	pressed := `{"ID":"1","Press":"` + token + `"}`
	var out bytes.Buffer
	e := newExporter(&out, shopShape)
	for _, r := range []bot.Record{
		{Conversation: &bot.Conversation{Key: "talk/a", Frame: bot.Frame{Offers: offers, Facts: form},
			Aside: []bot.Frame{{Offers: offers, Facts: form}}}},
		{Entry: &bot.Entry{Conversation: "talk/a", Event: bot.Event{Offer: token, Facts: form}, Learned: form}},
		{Task: &bot.TaskRecord{State: bot.TaskDead, Task: bot.Task{Do: "receive", Facts: bot.Facts{"message": pressed}}}},
		{Task: &bot.TaskRecord{State: bot.TaskWaiting, Task: bot.Task{Do: "tell", Event: bot.Event{Offer: token, Facts: form}}}},
		{Task: &bot.TaskRecord{State: bot.TaskDone, Task: bot.Task{Do: "send",
			Reply: &bot.Reply{Choices: []bot.Button{{Token: token, Label: "Back"}}}}}},
		{Said: &bot.Said{In: &bot.Message{ID: "1", Press: token}}},
		{Value: &bot.Value{Name: "telegram.secret", Value: []byte(token)}},
	} {
		if err := e.record(r); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(out.String(), token) || strings.Count(out.String(), "\n") != 6 {
		t.Errorf("exported: %s", out.String())
	}
}

// TestOrderLine: an order's line is what the documented type would be, for a plain order and one that a turn looked at.
func TestOrderLine(t *testing.T) {
	heard := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	usd := func(minor int64) bot.Money { return bot.Money{Minor: minor, Currency: "USD"} }
	o := bot.Order{ID: "<1>", Total: usd(2490), Parcels: []bot.Parcel{{ID: "p-1", Heard: heard}, {ID: "p-2"}},
		Book: []bot.Posting{{Task: "T-1", Do: "pay_refund", State: "done"}, {
			Task: "T-2", Do: "pay_refund", State: "done", Amount: usd(990), Parcel: "p-1",
			Items: []bot.Part{{ID: "1", Quantity: 2}}, Payments: []bot.PaymentShare{{ID: "pay-1", Amount: usd(990)}},
		}}, Version: 3}
	want := orderLine{Kind: "order", Order: shop.NewOrder(o), orderTail: orderTail{
		Book: []posting{{Task: "T-1", Do: "pay_refund", State: "done"}, {
			Task: "T-2", Do: "pay_refund", State: "done", Amount: "9.90 USD", Parcel: "p-1", Items: []part{{"1", 2}},
			Payments: []paymentShare{{"pay-1", "9.90 USD"}},
		}}, Heard: map[string]time.Time{"p-1": heard}, Version: 3}}
	for _, c := range []struct {
		record bot.Record
		want   any
	}{
		{bot.Record{Order: &o}, want},
		{bot.Record{Entry: &bot.Entry{Conversation: "talk/a", Used: bot.Used{Order: &o}, Hash: "ab"}},
			map[string]any{"used_order": want}},
	} {
		var got, whole bytes.Buffer
		if err := newExporter(&got, shopShape).record(c.record); err != nil {
			t.Fatal(err)
		}
		e := json.NewEncoder(&whole)
		e.SetEscapeHTML(false)
		if err := e.Encode(c.want); err != nil {
			t.Fatal(err)
		}
		if part := strings.Trim(whole.String(), "{}\n"); !strings.Contains(got.String(), part) {
			t.Errorf("got %s, want it to hold %s", got.String(), part)
		}
	}
}
