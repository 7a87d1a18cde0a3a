package shop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"nevermind/bot"
)

// imported is what an import did, as lines of text.
func imported(name, file string) (kept []bot.Order, said []string, sum Summary, err error) {
	sum, err = Import(strings.NewReader(file), name, nil, func(o bot.Order) error {
		kept = append(kept, o)
		return nil
	}, func(l Line) {
		switch {
		case l.Wrong != nil:
			said = append(said, fmt.Sprintf("%d: %v", l.Number, l.Wrong))
		case l.Ignored != nil:
			said = append(said, fmt.Sprintf("%d: ignored %v", l.Number, l.Ignored))
		default:
			said = append(said, fmt.Sprintf("%d: kept %s", l.Number, l.Order))
		}
	})
	return kept, said, sum, err
}

func expect(t *testing.T, what string, got, want []string) {
	t.Helper()
	for n := range max(len(got), len(want)) {
		if n >= len(got) || n >= len(want) || !strings.HasPrefix(got[n], want[n]) {
			t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
			return
		}
	}
}

func oneLine(id string) string {
	return strings.Replace(strings.ReplaceAll(contracted, "\n ", ""), "8123456789012345", id, 1)
}

func TestImportNDJSON(t *testing.T) {
	file := "\ufeff" + oneLine("1") + "\r\n\r\n   \n" + strings.Replace(oneLine("2"), `"24.90"`, `"24.9x"`, 1) + "\n" +
		"{\"id\":\n" + oneLine("3") + "\n" + `{"id":"` + strings.Repeat("x", 2*maxText) + "\"}\n" + oneLine("4")
	for _, name := range []string{"orders.ndjson", "-", "orders.JSONL"} {
		kept, said, sum, err := imported(name, file)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, name, said, []string{
			"1: kept 1", `4: total: "24.9x" is not an amount of USD; write a decimal string`, "5: this is not an order: unexpected end",
			"6: kept 3", "7: the line is too long; an order has 1 MiB at most", "8: kept 4",
		})
		if want := (Summary{Orders: 3, Bad: 3, Lines: 6}); sum != want || len(kept) != 3 {
			t.Errorf("%s: got %+v and %d orders, want %+v", name, sum, len(kept), want)
		}
	}
}

const head = "id,buyer_id,seller_id,stage,placed_at,currency,total,item_title,item_quantity,item_price"

func TestImportCSV(t *testing.T) {
	file := "\ufeffID," + strings.TrimPrefix(head, "id,") +
		",coupon_code,coupon_amount,coupon_used,tracking_carrier,tracking_code,tracking_destination\r\n" +
		`7,b-1,s-1,shipped,2026-11-20T09:00:00Z,USD,30.00,"Lamp, ""Bamboo""",1,20.00,NOV5,5.00,true,DHL,JD01,ES` + "\r\n" +
		"7,,,,,,,Shade,2,10.00,,,,,,\r\n\r\n" +
		"8,b-1,s-1,unpaid,2026-11-20T09:00:00Z,JPY,1500,竹のランプ,1,1500,,,,,,"
	kept, said, sum, err := imported("-", file)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "csv", said, []string{"2: kept 7", "5: kept 8"})
	if want := (Summary{Orders: 2, Lines: 3}); sum != want {
		t.Errorf("got %+v, want %+v", sum, want)
	}
	o := kept[0]
	if want := []bot.Item{{ID: "1", Title: `Lamp, "Bamboo"`, Quantity: 1, Price: usd(2000)},
		{ID: "2", Title: "Shade", Quantity: 2, Price: usd(1000)}}; !slices.Equal(o.Items, want) {
		t.Errorf("items: got %+v, want %+v", o.Items, want)
	}
	if want := (bot.Coupon{Code: "NOV5", Amount: usd(500), Used: true}); o.Coupon != want || o.Carrier != "DHL" ||
		o.Tracking != "JD01" || o.Headed != "ES" {
		t.Errorf("coupon %+v, carrier %q, tracking %q", o.Coupon, o.Carrier, o.Tracking)
	}
}

// TestImportCSVLineWithoutID: a line without an item id is a line like any other, counted from 1, wherever it stands.
func TestImportCSVLineWithoutID(t *testing.T) {
	file := strings.Replace(head, "item_title", "item_id,item_title", 1) + "\n" +
		"7,b-1,s-1,processing,2026-11-20T09:00:00Z,USD,30.00,,A,1,10.00\n" +
		"7,,,,,,,x,B,1,10.00\n" + "7,,,,,,,,C,1,10.00\n"
	kept, said, _, err := imported("-", file)
	if err != nil || len(kept) != 1 {
		t.Fatal(err, said)
	}
	var ids []string
	for _, i := range kept[0].Items {
		ids = append(ids, i.ID+i.Title)
	}
	if want := []string{"1A", "xB", "3C"}; !slices.Equal(ids, want) {
		t.Errorf("got %q, want %q", ids, want)
	}
}

func TestImportCSVFaults(t *testing.T) {
	good := func(id, title string) string {
		return id + ",b-1,s-1,processing,2026-11-20T09:00:00Z,USD,9.00," + title + ",1,9.00\n"
	}
	for _, c := range []struct {
		name, rows string
		want       []string
	}{
		{"a bad cell", good("1", "A") + good("2", "B") + "3,b-1,s-1,sent,yesterday,USD,9,C,0,9.001\n" + good("4", "D"),
			[]string{"2: kept 1", "3: kept 2", `4: stage: "sent" is not a stage; the stages are ` +
				`[unpaid verifying processing part_shipped shipped delivered completed cancelled frozen] · ` +
				`placed_at: "yesterday" is not a time; write it like 2026-11-20T09:00:00Z · ` +
				`item_quantity: "0" is not a quantity; write a whole number from 1 to 100000 · ` +
				`item_price: "9.001" is not an amount`, "5: kept 4"}},
		{"a bad line in an order", good("1", "A") + "1,,,,,,,B,x,1.00\n" + "1,,,,,,,C,1,1.00\n" + good("2", "D"),
			[]string{"2: its order is wrong in line 3; mend that one", `3: item_quantity: "x" is not a quantity`,
				"4: its order is wrong in line 3", "5: kept 2"}},
		{"too few cells", good("1", "A") + "1,,,,,,,B\n" + "1,,,,,,,C,1,1.00\n",
			[]string{"2: its order is wrong in line 3", "3: 8 cells under 10 columns; give each column its cell", "4: its order"}},
		{"a quote left open", good("1", "A") + good("2", `"B`) + good("3", "C"),
			[]string{"2: kept 1", "3: a quote is out of place; put the cell in quotes that open and close on this line", "4: kept 3"}},
		{"a bare quote", good("1", `A "b"`), []string{"2: a quote is out of place"}},
		{"lines apart", good("1", "A") + good("2", "B") + good("1", "C"),
			[]string{"2: kept 1", "3: kept 2", `4: id: order "1" stands further up already; put its lines one below the other`}},
		{"another total", good("1", "A") + strings.Replace(good("1", "B"), "USD,9.00", "USD,8.00", 1),
			[]string{"2: its order is wrong in line 3", `3: total: "8.00" differs from the order's first line`}},
		{"not UTF-8", good("1", "A\xff"), []string{"2: item_title: this is not UTF-8"}},
		{"no id", good("", "A"), []string{"2: id: missing"}},
		{"too many lines", strings.Repeat(good("1", "A"), maxItems+1),
			append([]string{"2: items: 201 lines are too many; an order has at most 200"}, slices.Repeat([]string{""}, maxItems)...)},
	} {
		kept, said, sum, err := imported("x.csv", head+"\n"+c.rows)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		expect(t, c.name, said, c.want)
		if len(kept) != sum.Orders || sum.Bad+sum.Orders != len(said) {
			t.Errorf("%s: got %+v, %d orders, %d reports", c.name, sum, len(kept), len(said))
		}
	}
}

func TestImportCSVHeader(t *testing.T) {
	for file, want := range map[string]string{
		"":              "line 1: the file is empty",
		"\n\n":          "line 3: the file is empty",
		"id,id," + head: "line 1: id: two columns have this name",
		strings.Replace(head, "id,", "order,", 1): "line 1: id: the column is missing; it is needed",
		"\"id\n":        "line 1: a quote is out of place",
		"\xff\xfei\x00": "this is UTF-16; save it as UTF-8",
	} {
		_, _, sum, err := imported("x.csv", file)
		if err == nil || !strings.HasPrefix(err.Error(), want) || sum.Orders != 0 {
			t.Errorf("%q: got %v, want %q", file, err, want)
		}
	}
	strange := "note," + head + ",item_colour,buyer_name\n!,1,b,s,unpaid,2026-11-20T09:00:00Z,EUR,9.00,Lamp,1,9.00,green,Ana\n"
	kept, said, _, err := imported("x.csv", strange)
	if err != nil || len(kept) != 1 || kept[0].BuyerName != "Ana" || said[0] != "1: ignored [note item_colour]" {
		t.Errorf("columns that mean nothing here: got %q, %v, %+v", said, err, kept)
	}
	semicolons := strings.ReplaceAll(head, ",", ";") + "\n1;b;s;unpaid;2026-11-20T09:00:00Z;EUR;9.00;Lamp, large;1;9.00\n"
	if kept, said, _, err := imported("x.csv", semicolons); err != nil || len(kept) != 1 {
		t.Errorf("semicolons: got %q, %v", said, err)
	}
}

func TestImportStopsWhereNothingCanBeKept(t *testing.T) {
	full := errors.New("disk full")
	_, err := Import(strings.NewReader(oneLine("1")), "-", nil, func(bot.Order) error { return full }, nil)
	if !errors.Is(err, full) || !strings.HasPrefix(err.Error(), "line 1: ") {
		t.Errorf("got %v, want line 1 and %v", err, full)
	}
	_, err = Import(io.MultiReader(strings.NewReader(oneLine("1")+"\n"), iotest.ErrReader(full)), "-", nil,
		func(bot.Order) error { return nil }, nil)
	if !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
	sum, err := Import(strings.NewReader(oneLine("1")), "-", nil,
		func(bot.Order) error { return Faults{{Field: "id", Wrong: "taken"}} }, nil)
	if err != nil || sum.Bad != 1 {
		t.Errorf("a refused order: got %+v, %v", sum, err)
	}
}

func FuzzImport(f *testing.F) {
	f.Add("x.csv", []byte(head+"\n1,b,s,unpaid,2026-11-20T09:00:00Z,USD,9.00,A,1,9.00\n1,,,,,,,B,1,1.00\n\"1\n2"))
	f.Add("-", []byte(oneLine("1")+"\n"+oneLine("2")))
	f.Add("-", []byte("\ufeff"+strings.ReplaceAll(head, ",", ";")))
	f.Fuzz(func(t *testing.T, name string, file []byte) {
		var kept []string
		var good []string
		lines := map[int]bool{}
		sum, err := Import(iotest.OneByteReader(bytes.NewReader(file)), name, nil, func(o bot.Order) error {
			again, err := Decode(Encode(o), nil)
			if err != nil || !reflect.DeepEqual(again, o) {
				t.Errorf("kept %+v: %v", o, err)
			}
			kept = append(kept, o.ID)
			return nil
		}, func(l Line) {
			if lines[l.Number] || l.Number < 1 || l.Number > bytes.Count(file, []byte("\n"))+1 {
				t.Errorf("line %d is reported twice or does not exist", l.Number)
			}
			lines[l.Number] = true
			if l.Wrong == nil && l.Ignored == nil {
				good = append(good, l.Order)
			}
		})
		if !slices.Equal(kept, good) || err == nil && sum.Orders != len(kept) {
			t.Errorf("kept %v, reported %v, %+v", kept, good, sum)
		}
	})
}
