package flows

import (
	"testing"

	"nevermind/flows/policies"
)

func TestCheck(t *testing.T) {
	pack, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range All().Check(pack.Policy) {
		t.Error(fault)
	}
}
