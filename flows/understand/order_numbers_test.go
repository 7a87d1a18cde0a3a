package understand

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// numbersIn are the numbers that are likely, and unlikely the others.
func numbersIn(text string) (likely, unlikely []string) {
	for _, c := range OrderNumbers(text) {
		if c.Likely {
			likely = append(likely, c.Number)
		} else {
			unlikely = append(unlikely, c.Number)
		}
	}
	return likely, unlikely
}

// TestOrderNumbers: what people type, and what of it is a number of an order.
func TestOrderNumbers(t *testing.T) {
	for text, want := range map[string][]string{
		"8123456789012345":                                 {"8123456789012345"},
		"cancel order 8123 4567 8901 2345 please":          {"8123456789012345"},
		"order number 812-3456789-0123456.":                {"812-3456789-0123456"},
		"https://shop.example/orders/8123456789012345?x=1": {"8123456789012345"},
		"(8123456789012345)":                               {"8123456789012345"},
		"8123456789012345, 8123456789012346":               {"8123456789012345", "8123456789012346"},
		"8123456789012345 and again 8123456789012345":      {"8123456789012345"},
		"#1042":                       {"1042"},
		"my order 1042 has not come":  {"1042"},
		"№ 61042":                     {"61042"},
		"заказа 8123456789012345 нет": {"8123456789012345"},
		"订单号是8123456789012345":        {"8123456789012345"},
		"رقم الطلب ٨١٢٣٤٥٦٧٨٩٠١٢٣٤٥":                    {"8123456789012345"},
		"৮১২৩৪৫৬৭৮৯০১২৩৪৫":                              {"8123456789012345"},
		"ord8123456789012345":                           {"ORD8123456789012345"},
		"it is order\u00a08123456789012345":             {"8123456789012345"},
		"8123\u200b4567\u200b89012345":                  {"8123456789012345"},
		"call me at +34 612 345 678":                    nil,
		"my phone number is 612345678":                  nil,
		"teléfono: 612 345 678":                         nil,
		"I ordered it on 2026-11-20":                    nil,
		"on 20.11.2026 at 12:30":                        nil,
		"it cost 1,250.00 USD":                          nil,
		"€129.90 is too much":                           nil,
		"it was 129900 rub":                             nil,
		"tracking number RB123456785GB":                 nil,
		"tracking LP00123456789012":                     nil,
		"my zip code is 10001":                          nil,
		"código postal 28013":                           nil,
		"voucher NOV2026 is not accepted":               nil,
		"write to ana1234567@example.com":               nil,
		"IBAN GB29 NWBK 6016 1331 9268 19":              nil,
		"my visa 4111-1111-1111-1111 was charged twice": nil,
		"I bought 3 lamps in 2024":                      nil,
		"24 hours, 7 days":                              nil,
		"it has 1000 pieces":                            nil,
	} {
		if likely, _ := numbersIn(text); !slices.Equal(likely, want) {
			t.Errorf("%q: got %q, want %q", text, likely, want)
		}
	}
}

// TestNumbersToLookUp: what may be an order's number although it looks like something else, or words beside it speak of something
// else: it is looked up among the person's orders all the same.
func TestNumbersToLookUp(t *testing.T) {
	for text, want := range map[string][]string{
		"cancel NAW1GBYU5KAYSY6Y":                                 {"NAW1GBYU5KAYSY6Y"},
		"cancel 81000001 81000002":                                {"81000001", "81000002"},
		"cancel the phone 8123456789012345":                       {"8123456789012345"},
		"my phone, order 8123456789012345, is late":               {"8123456789012345"},
		"tracking for order 8123456789012345":                     {"8123456789012345"},
		"tracking 8123456789012345":                               {"8123456789012345"},
		"where is the tracking number for 8123456789012345":       {"8123456789012345"},
		"I paid by card for order 4111111111111111":               {"4111111111111111"},
		"order 5O012 please":                                      {"5O012", "50012"},
		"cancel AB123456789CD":                                    {"AB123456789CD"},
		"about order 2024-11-12":                                  {"2024-11-12"},
		"my postcode is 190000":                                   {"190000"},
		"the coupon NOV2026 of order ord-2026":                    {"ord-2026"},
		"the IBAN is GB29 NWBK 6016 1331 9268 19, order 81000001": {"81000001"},
	} {
		likely, unlikely := numbersIn(text)
		for _, number := range want {
			if !slices.Contains(likely, number) && !slices.Contains(unlikely, number) {
				t.Errorf("%q: got %q and %q, want %q among them", text, likely, unlikely, number)
			}
		}
	}
	for _, text := range []string{"my card 4111 1111 1111 1111 was charged", "ana1234567@example.com",
		"IBAN GB29 NWBK 6016 1331 9268 19"} {
		if found := OrderNumbers(text); len(found) > 0 {
			t.Errorf("%q: %v are looked up", text, found)
		}
	}
}

// TestSharedOrderNumbers reads every message of the shared set: each number exactly, and nothing else as one.
func TestSharedOrderNumbers(t *testing.T) {
	file, err := os.Open("../../../shared/nlu/ordernum_public.jsonl")
	if err != nil {
		t.Skip("the shared messages are not here")
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var m struct {
			ID, Text, Note string
			IDs, Suggest   []string
		}
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		likely, unlikely := numbersIn(m.Text)
		if !slices.Equal(likely, m.IDs) && len(likely)+len(m.IDs) > 0 {
			t.Errorf("%s %q (%s): got %q, want %q", m.ID, m.Text, m.Note, likely, m.IDs)
		}
		for _, s := range m.Suggest {
			if !slices.Contains(unlikely, s) {
				t.Errorf("%s %q (%s): got %q, want %q among them", m.ID, m.Text, m.Note, unlikely, s)
			}
		}
	}
}

// FuzzOrderNumbers: whatever is typed, what is found is no shorter and no longer than a number is.
func FuzzOrderNumbers(f *testing.F) {
	for _, text := range []string{"order 8123 4567 8901 2345", "#1042", "PO-211-02345678901234567", "410O2", "４１０２"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range OrderNumbers(text) {
			if len(c.Number) < 4 || len(c.Number) > 64 {
				t.Errorf("%q: found %q", text, c.Number)
			}
		}
	})
}
