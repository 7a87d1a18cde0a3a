package bot

// PolicyImpact is what another policy would do to the cases that are open. Cases are named as people see them.
type PolicyImpact struct {
	Open    int                 `json:"open"`    // how many there are
	Touched map[string][]string `json:"touched"` // by an entry that counts at once: the cases it would touch
	Anew    []string            `json:"anew"`    // cases of an older version: they take the policy with their next step, all of it
}
