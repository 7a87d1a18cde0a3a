package bot

import (
	"testing"
	"time"
)

// TestPolicyKeeping has a record keep what people were told, and everything else count at once.
func TestPolicyKeeping(t *testing.T) {
	days := func(n int) Window { return Window{Length: time.Duration(n) * 24 * time.Hour} }
	began := &Policy{
		Version: "old", Windows: map[string]Window{"seller_answer": days(1)},
		Choices: map[string]string{"seller_silence": "approve", "second_person": "anybody"},
		Reasons: []Reason{{ID: "not_needed"}, {ID: "too_slow"}}, Fees: []Fee{{Note: "handling"}}, Appeal: days(5),
		Refunds: map[string]Interval{"other": {Max: days(20)}}, Sources: map[string][]string{"windows.seller_answer": {"S41"}},
		Overrides: []Override{{Countries: []string{"ES"}, Windows: map[string]Window{"withdrawal": days(14)}}},
	}
	now := &Policy{
		Version: "new", Windows: map[string]Window{"seller_answer": days(2), "later_key": days(3)},
		Choices: map[string]string{"seller_silence": "support", "second_person": "lead", "assistants": "on"},
		Reasons: []Reason{{ID: "not_needed"}}, Refunds: map[string]Interval{"other": {Max: days(2)}},
		Leads: []string{"mira"}, SecondPersonAbove: Money{Minor: 100, Currency: "USD"},
		Sources: map[string][]string{"windows.seller_answer": {"Q1"}, "calendar": {"house"}},
	}
	got := now.Keeping(began)
	kept := got.Windows["seller_answer"] == days(1) && got.Choices["seller_silence"] == "approve" && len(got.Reasons) == 2 &&
		len(got.Fees) == 1 && got.Appeal == days(5) && got.Refund("card").Max == days(20) && len(got.Overrides) == 1 &&
		got.Sources["windows.seller_answer"][0] == "S41"
	atOnce := got.Version == "new" && got.Choices["second_person"] == "lead" && got.Choices["assistants"] == "on" &&
		got.Leads[0] == "mira" && got.SecondPersonAbove == now.SecondPersonAbove && got.Sources["calendar"] != nil &&
		got.Windows["later_key"] == days(3)
	if !kept || !atOnce {
		t.Errorf("kept %v, at once %v: %+v", kept, atOnce, got)
	}
	if now.Windows["seller_answer"] != days(2) || now.Keeping(now) != now || now.Keeping(nil) != now {
		t.Error("the policy in force was changed")
	}
	for entry, want := range map[string]bool{
		"windows.seller_answer": true, "fees[1].amount": true, "overrides[2].country": true, "appeal": true,
		"second_person_above": false, "roles.leads": false, "calendar.country": false, "claims[1].says": false,
		"retention.tasks": false,
	} {
		if KeptEntry(entry) != want {
			t.Errorf("%s is kept: %v", entry, !want)
		}
	}
}
