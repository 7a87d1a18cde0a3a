package flows_test

import (
	"os"
	"testing"
)

// onlyWhole leaves out what plays hundreds of stories once more: CI plays it, by itself and without the race detector, and make
// drills all of it. whole says that this is make drills.
func onlyWhole(t *testing.T) (whole bool) {
	t.Helper()
	whole = os.Getenv("NEVERMIND_DRILLS") != ""
	if !whole && (os.Getenv("CI") == "" || underRace) {
		t.Skip("in CI without the race detector, and by make drills")
	}
	return whole
}
