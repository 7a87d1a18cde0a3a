package bolt

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"nevermind/bot"
)

// TestEveryFieldOfAnOrderIsKept stores an order with a value of its own in every field there is, so that one that is added
// to bot.Order and forgotten here is seen.
func TestEveryFieldOfAnOrderIsKept(t *testing.T) {
	var want bot.Order
	n := 0
	fillFields(t, reflect.ValueOf(&want).Elem(), &n)
	want.Version = 0 // given by the store
	s := openIn(t, t.TempDir())
	defer s.Close()
	wantErr(t, s.Commit(t.Context(), &bot.Commit{At: base, Order: &want}), nil)
	got, err := s.Order(t.Context(), want.ID)
	wantErr(t, err, nil)
	got.Version = 0
	if n < 60 || !reflect.DeepEqual(got, want) {
		t.Errorf("of %d values\n%+v\nwere kept, want\n%+v", n, got, want)
	}
}

// fillFields sets every field of a value to something that no other field has.
func fillFields(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		*n++
		*at = base.Add(time.Duration(*n) * time.Second)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") == "-" { // said along with a put, and not kept
				continue
			}
			fillFields(t, v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fillFields(t, v.Index(i), n)
		}
	case reflect.String:
		*n++
		v.SetString(fmt.Sprint("s", *n))
	case reflect.Int, reflect.Int64:
		*n++
		v.SetInt(int64(*n))
	case reflect.Bool:
		*n++
		v.SetBool(true)
	default:
		t.Fatalf("no way to fill a %s", v.Type())
	}
}
