package bot

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

// TestEverythingChangesTheSum: whatever of an entry is changed, one field at a time, at any depth, its hash is another.
func TestEverythingChangesTheSum(t *testing.T) {
	e := Entry{Decided: "d", Event: Event{Files: []File{{}}, Fields: []Field{{}}}, Rules: []string{"S41"},
		Used: Used{Order: &Order{Items: []Item{{}}, Parcels: []Parcel{{}}, Payments: []Payment{{}}, Discounts: []Discount{{}},
			Adjustments: []Adjustment{{}}, Book: []Posting{{}}}, People: []Person{{}}}}
	sum, n := e.Sum(), 0
	eachLeaf(reflect.ValueOf(&e).Elem(), "Entry", func(path string, v reflect.Value) {
		before := reflect.New(v.Type()).Elem()
		before.Set(v)
		setOther(v)
		if n++; path != "Entry.Hash" && !notHashed[path] && e.Sum() == sum {
			t.Errorf("%s can be changed, and the sum stays", path)
		}
		if v.Set(before); e.Sum() != sum {
			t.Fatalf("%s is not put back", path)
		}
	})
	if n < 100 {
		t.Errorf("only %d fields were tried", n)
	}
}

// notHashed are the fields that are no part of what happened: names that are not kept with an order, an amount's currency
// where it is nothing, and how a form asks its questions; the answers come as events of their own.
var notHashed = map[string]bool{
	"Entry.Used.Order.BuyerName": true, "Entry.Used.Order.SellerName": true, "Entry.Used.Order.Refunded.Currency": true,
	"Entry.Event.Fields[0].Options": true, "Entry.Event.Fields[0].Optional": true, "Entry.Event.Fields[0].Limit": true,
	"Entry.Event.Fields[0].Why": true, "Entry.Event.Fields[0].If": true,
	"Entry.Event.Fields[0].Max.Minor": true, "Entry.Event.Fields[0].Max.Currency": true,
}

// eachLeaf calls do with every value below v that is no struct, list or pointer to one.
func eachLeaf(v reflect.Value, path string, do func(string, reflect.Value)) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		do(path, v)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachLeaf(v.Field(i), path+"."+v.Type().Field(i).Name, do)
			}
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		eachLeaf(v.Elem(), path, do)
	case v.Kind() == reflect.Slice && v.Len() > 0:
		for i := range v.Len() {
			eachLeaf(v.Index(i), fmt.Sprintf("%s[%d]", path, i), do)
		}
	default:
		do(path, v)
	}
}

// setOther gives a value that it does not have.
func setOther(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.Zero(v.Type().Key()), reflect.Zero(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Struct:
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
	default:
		panic(v.Kind())
	}
}
