//go:build !race

package drills

// raceFlag builds the program without the race detector, as the tests are.
var raceFlag []string
