package shop

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"nevermind/bot"
)

// csvColumns are the column names that a CSV may have in its first line, with the field of the order that each one fills;
// those of a list (csvLists) fill a field of that line's entry.
var csvColumns = map[string]string{
	"id": "id", "buyer_id": "buyer_id", "seller_id": "seller_id", "buyer_name": "buyer_name",
	"seller_name": "seller_name", "stage": "stage", "placed_at": "placed_at",
	"paid_at": "paid_at", "ship_by": "ship_by", "shipped_at": "shipped_at", "deliver_by": "deliver_by",
	"delivered_at": "delivered_at", "updated_at": "updated_at", "payment_method": "payment_method",
	"country": "country", "currency": "currency", "total": "total", "shipping_fee": "shipping_fee", "refunded": "refunded",
	"coupon_code": "coupon.code", "coupon_amount": "coupon.amount", "coupon_used": "coupon.used",
	"tracking_carrier": "tracking.carrier", "tracking_code": "tracking.code", "tracking_destination": "tracking.destination",
	"item_id": "id", "item_title": "title", "item_quantity": "quantity", "item_price": "price",
	"item_image_url": "image_url", "item_cancelled": "cancelled", "item_cancelled_quantity": "cancelled_quantity", "item_url": "url",
	"url": "url", "pay_url": "pay_url", "return_address": "return_address",
	"discounts_code": "code", "discounts_amount": "amount", "discounts_items": "items", "discounts_used": "used",
	"parcels_id": "id", "parcels_carrier": "carrier", "parcels_code": "code", "parcels_destination": "destination",
	"parcels_url": "url", "parcels_shipped_at": "shipped_at", "parcels_deliver_by": "deliver_by",
	"parcels_delivered_at": "delivered_at", "parcels_items": "items",
	"payments_id": "id", "payments_method": "method", "payments_amount": "amount",
	"adjustments_id": "id", "adjustments_type": "type", "adjustments_amount": "amount", "adjustments_payment": "payment",
	"adjustments_status": "status", "adjustments_at": "at", "adjustments_task_id": "task_id",
}

// csvLists are the lists of an order, with the beginning of their columns' names. A line may hold one entry of each.
var csvLists = map[string]string{
	"items": "item_", "discounts": "discounts_", "parcels": "parcels_", "payments": "payments_", "adjustments": "adjustments_",
}

// neededColumns are the columns without which no order can be read.
var neededColumns = []string{
	"id", "buyer_id", "seller_id", "stage", "placed_at", "currency", "total", "item_title", "item_quantity", "item_price",
}

// csv reads a header and then one item a line, or one entry of another list, or one of each. Consecutive lines with the same
// id are one order; the columns that are the order's own repeat its first line or are empty, and item_id is counted from 1
// where it is left out. A bad line takes its whole order with it: half an order would be a wrong one.
func (i *importRun) csv() error {
	t, err := i.readHeader()
	if err != nil {
		return fmt.Errorf("line %d: %w", i.lines.n, err)
	}
	for {
		text, err := i.lines.next()
		if errors.Is(err, io.EOF) {
			return i.finishOrder(t)
		}
		i.summary.Lines++
		r := csvRow{number: i.lines.n}
		if err == nil {
			r = t.split(i.lines.n, text)
		} else if !errors.As(err, &r.wrong) {
			return fmt.Errorf("line %d: %w", i.lines.n, err)
		}
		// A line of another order ends the order at hand.
		if !t.continues(r) {
			if err := i.finishOrder(t); err != nil {
				return err
			}
		}
		t.rows = append(t.rows, r)
	}
}

// finishOrder stores the order whose lines have been gathered, or reports each of its lines as wrong.
func (i *importRun) finishOrder(t *csvTable) error {
	if len(t.rows) == 0 {
		return nil
	}
	defer func() { t.rows = t.rows[:0] }()
	o, ok := t.order(i.policy)
	if ok {
		return i.finishLine(t.rows[0].number, o, nil)
	}
	// Every line of a wrong order is reported, the good ones with the number of the bad one.
	bad := slices.IndexFunc(t.rows, func(r csvRow) bool { return r.wrong != nil })
	for _, r := range t.rows {
		if r.wrong == nil {
			r.wrong = Faults{{Wrong: fmt.Sprintf("its order is wrong in line %d", t.rows[bad].number), Right: "mend that one"}}
		}
		if err := i.finishLine(r.number, bot.Order{}, r.wrong); err != nil {
			return err
		}
	}
	return nil
}

// readHeader reads the first line: known names, each once, the needed ones among them. A column that is not known is
// ignored, and said so.
func (i *importRun) readHeader() (*csvTable, error) {
	text, err := i.lines.next()
	if errors.Is(err, io.EOF) {
		return nil, Faults{{Wrong: "the file is empty", Right: "begin with a line of column names"}}
	}
	if err != nil {
		return nil, err
	}
	t := &csvTable{comma: ',', finished: map[string]bool{}}
	// Spreadsheets write semicolons where the comma is the decimal sign.
	if line := string(text); !strings.Contains(line, ",") && strings.Contains(line, ";") {
		t.comma = ';'
	}
	if t.header, err = splitCells(text, t.comma); err != nil {
		return nil, err
	}
	ignored, err := t.checkHeader()
	if len(ignored) > 0 {
		i.report(Line{Number: i.lines.n, Ignored: ignored})
	}
	return t, err
}

// checkHeader puts the column names in lower case and returns every fault among them, and the names that mean nothing here.
func (t *csvTable) checkHeader() (ignored []string, err error) {
	var faults Faults
	for n, name := range t.header {
		t.header[n] = strings.ToLower(strings.TrimSpace(name))
		if csvColumns[t.header[n]] == "" {
			ignored = append(ignored, name)
		} else if slices.Contains(t.header[:n], t.header[n]) {
			faults = append(faults, Fault{Field: t.header[n], Wrong: "two columns have this name", Right: "keep one"})
		}
	}
	for _, name := range neededColumns {
		if !slices.Contains(t.header, name) {
			faults = append(faults, Fault{Field: name, Wrong: "the column is missing", Right: "it is needed"})
		}
	}
	if faults != nil {
		return ignored, faults
	}
	return ignored, nil
}

// splitCells splits one line into its cells; the error is Faults.
func splitCells(text []byte, comma rune) ([]string, error) {
	r := csv.NewReader(strings.NewReader(string(text)))
	r.Comma = comma
	cells, err := r.Read()
	switch {
	case errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote):
		return nil, Faults{{
			Wrong: "a quote is out of place",
			Right: `put the cell in quotes that open and close on this line, and write "" for one within`,
		}}
	case err != nil:
		return nil, Faults{{Wrong: "this is not CSV: " + err.Error(), Right: "write cells with commas between them"}}
	}
	return cells, nil
}
