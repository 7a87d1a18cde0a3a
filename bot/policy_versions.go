package bot

import (
	"maps"
	"slices"
	"strings"
)

// PolicyFact is the fact in which a record has the version of the policy that it began under: see Policy.Keeping.
const PolicyFact = "policy"

// atOnceChoices are choices that count for open records too, since they say who of us may do what.
var atOnceChoices = []string{"second_person", "assistants", "satisfaction"}

// Keeping is this policy for a record that began under an earlier one. Windows, choices, refunds, reasons, evidence, fees,
// the order of refunds, the appeal and all overrides stay as the record began with them: people were told so. Roles, the
// second person, retention, the calendar, canned replies, origins and claims are this policy's, and so is the version. A
// window that the earlier policy did not know yet is this policy's too.
func (p *Policy) Keeping(began *Policy) *Policy {
	if began == nil || began == p || began.Version == p.Version {
		return p
	}
	all := *p
	all.Windows, all.Choices = laid(p.Windows, began.Windows), laid(p.Choices, began.Choices)
	for _, c := range atOnceChoices {
		if all.Choices[c] = p.Choices[c]; all.Choices[c] == "" {
			delete(all.Choices, c)
		}
	}
	all.Refunds, all.Reasons, all.Evidence, all.Fees = began.Refunds, began.Reasons, began.Evidence, began.Fees
	all.RefundOrder, all.Appeal, all.Overrides = began.RefundOrder, began.Appeal, began.Overrides
	all.Sources = maps.Clone(p.Sources)
	for entry, source := range began.Sources {
		if KeptEntry(entry) {
			all.Sources[entry] = source
		}
	}
	return &all
}

// atOnceEntries are the entries of a policy that count for open records too, each with all below it.
var atOnceEntries = []string{
	"name", "roles", "second_person", "second_person_above", "retention", "calendar", "replies", "origins", "claims", "satisfaction",
}

// KeptEntry says whether open records keep an entry of the policy, such as "windows.seller_answer", as they began with it.
func KeptEntry(entry string) bool {
	section := entry[:min(len(entry), strings.IndexAny(entry+".", ".["))]
	return !slices.Contains(atOnceEntries, section)
}
