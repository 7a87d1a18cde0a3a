package policies_test

import (
	"fmt"
	"slices"
	"testing"

	"nevermind/flows/policies"
)

// TestCompare names what differs as a file would, and says of each whether open cases keep it.
func TestCompare(t *testing.T) {
	was, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	now, err := policies.Read([]byte(`
name: other
windows: {seller_answer: {value: 48h, source: [Q1]}, seller_silence: support}
refunds: {card: {min: 3bd, max: 10bd}, gift_card: {min: 1h, max: 2d}}
second_person_above: "200.00 USD"
roles: {leads: [mira]}
calendar: {country: ES, holidays: [2026-12-24]}
retention: {rooms: 2y}
fees: [{amount: "2.00 USD"}]
`))
	if err != nil {
		t.Fatal(err)
	}
	changes, err := policies.Compare(was, now)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s: %s, then %s, kept %v", c.Entry, c.Was, c.Now, c.Kept))
	}
	want := []string{
		"calendar.country: none, then ES, kept false",
		"calendar.holidays: none, then 2026-12-24, kept false",
		"fees[1].amount: none, then 2.00 USD, kept true",
		"refunds.card.max: 20bd, then 10bd, kept true",
		"refunds.gift_card.max: none, then 2d, kept true",
		"refunds.gift_card.min: none, then 1h, kept true",
		"retention.rooms: none, then 730d, kept false",
		"roles.leads: none, then mira, kept false",
		"second_person_above: none, then 200.00 USD, kept false",
		"windows.seller_answer: 1d, then 2d, kept true",
		"windows.seller_silence: approve, then support, kept true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if same, err := policies.Compare(now, now); err != nil || len(same) > 0 {
		t.Errorf("a policy differs from itself: %v, %v", same, err)
	}
}
