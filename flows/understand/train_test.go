package understand

import (
	"bytes"
	"os"
	"testing"
)

// TestWeightsAreCurrent holds the weights to the phrases and the lexicon: go generate makes them anew, the same bytes each time.
func TestWeightsAreCurrent(t *testing.T) {
	phrases := os.DirFS("phrases")
	sum, err := Sum(phrases)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(weightsFile, sum) {
		t.Fatal("the weights are not of the phrases and the lexicon as they are: go generate ./flows/understand")
	}
	if len(weightsFile) > 900_000 {
		t.Errorf("the weights have %d bytes, more than 900,000", len(weightsFile))
	}
	if os.Getenv("NEVERMIND_DRILLS") == "" {
		t.Skip("training again takes half a minute: NEVERMIND_DRILLS=1")
	}
	again, err := Train(phrases)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, weightsFile) {
		t.Error("training makes other weights than those that are here: go generate ./flows/understand")
	}
}
