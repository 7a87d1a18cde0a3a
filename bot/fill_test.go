package bot

import "testing"

func TestFill(t *testing.T) {
	got := Fill("{who} wrote {n} times to {whom}", Facts{"who": "{n}", "n": "3", "else": "x"})
	if want := "{n} wrote 3 times to {whom}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
