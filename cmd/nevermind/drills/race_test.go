//go:build race

package drills

// raceFlag builds the program with the race detector where the tests have it.
var raceFlag = []string{"-race"}
